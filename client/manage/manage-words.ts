// What the frame of the pages of management says: each page has a catalogue of its own besides.
import type { Language } from '../../server/contract/lists.ts';
import type { Params } from '../lib/words.ts';
import en from './words/en.json';
import lv from './words/lv.json';
import zh from './words/zh.json';

export type ManageKey = keyof typeof en;
export type SayManage = (key: ManageKey, params?: Params) => string;

// The build replaces each catalogue by functions; the compiler sees the JSON and gives us its keys.
type Catalogue = Readonly<Record<ManageKey, (params: Params) => string>>;
const CATALOGUES = { en, lv, zh } as unknown as Readonly<Record<Language, Catalogue>>;

export function speakManage(language: Language): SayManage {
  const catalogue = CATALOGUES[language];
  return (key, params = {}) => catalogue[key](params);
}
