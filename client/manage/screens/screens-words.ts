// What the page of screens says.
import type { Language } from '../../../server/contract/lists.ts';
import type { Params } from '../../lib/words.ts';
import en from './words/en.json';
import lv from './words/lv.json';
import zh from './words/zh.json';

type ScreensKey = keyof typeof en;
export type SayScreens = (key: ScreensKey, params?: Params) => string;

// The build replaces each catalogue by functions; the compiler sees the JSON and gives us its keys.
type Catalogue = Readonly<Record<ScreensKey, (params: Params) => string>>;
const CATALOGUES = { en, lv, zh } as unknown as Readonly<Record<Language, Catalogue>>;

export function speakScreens(language: Language): SayScreens {
  const catalogue = CATALOGUES[language];
  return (key, params = {}) => catalogue[key](params);
}
