// The name of each language in itself.
import type { Language } from '../../server/contract/lists.ts';

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  zh: '中文',
  lv: 'Latviešu',
};
