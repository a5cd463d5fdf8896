// How a page or a text names its language to the browser, so that it is read aloud and drawn right.
import type { Language } from './lists.ts';

/** A tag of BCP 47: Chinese is the simplified, of whatever country. */
export function langOf(language: Language): string {
  return language === 'zh' ? 'zh-Hans' : language;
}
