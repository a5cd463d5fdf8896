// What the screen says, in the language of its board: one catalogue a language, compiled at build time.
import type { Language } from '../../server/contract/lists.ts';
import en from './words/en.json';
import lv from './words/lv.json';
import zh from './words/zh.json';

export type WordKey = keyof typeof en;
export type Params = Readonly<Record<string, string | number>>;
export type Say = (key: WordKey, params?: Params) => string;

// The build replaces each catalogue by functions; the compiler sees the JSON and gives us its keys.
type Catalogue = Readonly<Record<WordKey, (params: Params) => string>>;
const CATALOGUES = { en, lv, zh } as unknown as Readonly<Record<Language, Catalogue>>;

/** The speaker of one language. */
export function speak(language: Language): Say {
  const catalogue = CATALOGUES[language];
  return (key, params = {}) => catalogue[key](params);
}
