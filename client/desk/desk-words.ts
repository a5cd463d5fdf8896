// What the desk says besides the wall's words: catalogues of its own, so that a television does not load them.
import type { Language } from '../../server/contract/lists.ts';
import type { Params } from '../lib/words.ts';
import en from './words/en.json';
import lv from './words/lv.json';
import zh from './words/zh.json';

export type DeskKey = keyof typeof en;
export type SayDesk = (key: DeskKey, params?: Params) => string;

// The build replaces each catalogue by functions; the compiler sees the JSON and gives us its keys.
type Catalogue = Readonly<Record<DeskKey, (params: Params) => string>>;
const CATALOGUES = { en, lv, zh } as unknown as Readonly<Record<Language, Catalogue>>;

export function speakDesk(language: Language): SayDesk {
  const catalogue = CATALOGUES[language];
  return (key, params = {}) => catalogue[key](params);
}
