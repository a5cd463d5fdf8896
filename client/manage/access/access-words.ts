// What the pages of access say: people, one's own account, sources, and who did what.
import type { Language } from '../../../server/contract/lists.ts';
import type { Params } from '../../lib/words.ts';
import en from './words/en.json';
import lv from './words/lv.json';
import zh from './words/zh.json';

export type AccessKey = keyof typeof en;
export type SayAccess = (key: AccessKey, params?: Params) => string;

// The build replaces each catalogue by functions; the compiler sees the JSON and gives us its keys.
type Catalogue = Readonly<Record<AccessKey, (params: Params) => string>>;
const CATALOGUES = { en, lv, zh } as unknown as Readonly<Record<Language, Catalogue>>;

export function speakAccess(language: Language): SayAccess {
  const catalogue = CATALOGUES[language];
  return (key, params = {}) => catalogue[key](params);
}
