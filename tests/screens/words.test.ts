// The words of televisions: none is missing in any of the three languages, and none was left in another one.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAIR_WORDS } from '../../client/pair/words.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';

type Catalogue = Readonly<Record<string, string>>;
const catalogue = (language: string): Catalogue =>
  JSON.parse(readFileSync(`client/manage/screens/words/${language}.json`, 'utf8')) as Catalogue;
const parameters = (words: string): readonly string[] =>
  [...words.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

const others = LANGUAGES.filter((language) => language !== 'en');

describe('the words of televisions', () => {
  it.each(others)('[SCR-42] of %s are as many as the English, each its own', (language) => {
    const english = catalogue('en');
    const words = catalogue(language);
    expect(Object.keys(words)).toEqual(Object.keys(english));
    for (const [key, word] of Object.entries(english)) {
      const said = words[key] ?? '';
      expect([key, parameters(said)]).toEqual([key, parameters(word)]);
      if (/\p{L}/u.test(word.replace(/\{\w+\}/g, ''))) expect([key, said]).not.toEqual([key, word]);
    }
    for (const [key, word] of Object.entries(PAIR_WORDS.en))
      expect(PAIR_WORDS[language][key as keyof typeof PAIR_WORDS.en]).not.toBe(word);
  });
});
