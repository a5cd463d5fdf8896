// The language of a supervisor's pages: as the address asks, else as this browser kept it, else its own.
import type { Language } from '../../server/contract/lists.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import { keep, kept } from '../lib/kept-here.ts';

const LANGUAGE_KEY = 'pharos.desk.language';

export function pageLanguage(asked: Language | null): Language {
  return asked ?? known(kept(LANGUAGE_KEY)) ?? ofBrowser();
}

export function keepLanguage(chosen: Language): void {
  keep(LANGUAGE_KEY, chosen);
}

function known(text: string | null): Language | undefined {
  return LANGUAGES.find((one) => one === text);
}

function ofBrowser(): Language {
  return LANGUAGES.find((one) => navigator.language.startsWith(one)) ?? 'en';
}
