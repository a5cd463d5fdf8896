// What the pages of boards say.
import type { Language } from '../../../server/contract/lists.ts';
import type { Params } from '../../lib/words.ts';
import en from './words/en.json';
import lv from './words/lv.json';
import zh from './words/zh.json';

export type BoardKey = keyof typeof en;
export type SayBoard = (key: BoardKey, params?: Params) => string;

// The build replaces each catalogue by functions; the compiler sees the JSON and gives us its keys.
type Catalogue = Readonly<Record<BoardKey, (params: Params) => string>>;
const CATALOGUES = { en, lv, zh } as unknown as Readonly<Record<Language, Catalogue>>;

export function speakBoards(language: Language): SayBoard {
  const catalogue = CATALOGUES[language];
  return (key, params = {}) => catalogue[key](params);
}
