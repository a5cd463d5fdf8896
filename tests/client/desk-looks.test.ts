// The desk's words, its colours and its files: three catalogues, contrasts, and nothing of it on a television.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCatalogue } from '../../client/build/compile-words.ts';
import { CALLBACK_RESULTS, LANGUAGES, PRESENCES } from '../../server/contract/lists.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';

type Catalogue = Readonly<Record<string, string>>;
const catalogue = (language: string): Catalogue =>
  JSON.parse(readFileSync(`client/desk/words/${language}.json`, 'utf8')) as Catalogue;
const english = catalogue('en');

/** Strings that are rightly the same in two languages: key and languages. */
const PERMITTED: ReadonlySet<string> = new Set([
  // Signs of units that both languages write alike.
  'desk.time.minutes en lv',
  'desk.time.hours en lv',
]);

const parameters = (message: string): readonly string[] =>
  [...new Set([...message.matchAll(/\{(\w+)[},]/g)].map(([, name]) => name ?? ''))].sort();
const hasWords = (message: string): boolean => /\p{L}/u.test(message.replace(/\{\w+\}/g, ''));

describe('the desk’s words', () => {
  it.each(LANGUAGES)(
    '[DSK-10] of %s are as many as the English, with the same parameters',
    (language) => {
      const words = catalogue(language);
      expect(Object.keys(words)).toEqual(Object.keys(english));
      for (const key of Object.keys(english)) {
        expect([key, parameters(words[key] ?? '')]).toEqual([key, parameters(english[key] ?? '')]);
        expect(words[key]?.trim()).not.toBe('');
        if (language === 'lv' && words[key]?.includes(', plural,') === true)
          expect([key, words[key]]).toEqual([key, expect.stringMatching(/zero\{.*one\{.*other\{/)]);
      }
      const source = compileCatalogue(language, words);
      expect(source).not.toMatch(/\beval\b|new Function/);
    },
  );

  it('[DSK-10] are equal in two languages only where a list permits it', () => {
    const equal: string[] = [];
    for (const [i, one] of LANGUAGES.entries())
      for (const other of LANGUAGES.slice(i + 1))
        for (const [key, word] of Object.entries(catalogue(one)))
          if (hasWords(word) && catalogue(other)[key] === word)
            equal.push(`${key} ${[one, other].sort().join(' ')}`);
    expect(equal.filter((each) => !PERMITTED.has(each))).toEqual([]);
    expect([...PERMITTED].filter((each) => !equal.includes(each))).toEqual([]);
  });

  it('[DSK-10] are all used, and name every presence and result of the contract', () => {
    const sources = readdirSync('client/desk', { encoding: 'utf8' })
      .filter((name) => name.endsWith('.svelte') || name.endsWith('.ts'))
      .map((name) => readFileSync(join('client/desk', name), 'utf8'))
      .join('\n');
    const families = [...sources.matchAll(/`(desk\.[\w.-]+)\$\{/g)].map(
      ([, family]) => family ?? '',
    );
    const unused = Object.keys(english).filter(
      (key) => !sources.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
    const wanted = [
      ...PRESENCES.map((presence) => `desk.presence.${presence}`),
      ...CALLBACK_RESULTS.map((result) => `desk.result.${result}`),
    ];
    expect(wanted.filter((key) => english[key] === undefined)).toEqual([]);
  });
});

const style = readFileSync('client/looks/desk.css', 'utf8');
const colour = (name: string): string => {
  const found = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(style)?.[1];
  if (found === undefined) throw new Error(`Expected --${name} in the desk's style.`);
  return found;
};
/** Relative luminance of WCAG 2. */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(colour(a)), luminance(colour(b))].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

describe('the desk’s colours', () => {
  it.each([
    ['text', 'ground'],
    ['text', 'card'],
    ['dim', 'ground'],
    ['dim', 'card'],
    ['p1-text', 'card'],
    ['p1-on-fill', 'p1-fill'],
    ['p2-text', 'card'],
    ['p2-text', 'ground'],
    ['p3-text', 'card'],
    ['on-dark', 'dark'],
  ])('[DSK-12] give the values in %s on %s 7:1', (value, ground) => {
    expect(contrast(value, ground)).toBeGreaterThanOrEqual(7);
  });

  it.each([
    ['edge', 'card'],
    ['edge', 'ground'],
    ['p1-edge', 'card'],
    ['p2', 'card'],
    ['p3', 'card'],
    ['focus', 'card'],
    ['focus', 'ground'],
  ])('[DSK-12] give the marks in %s on %s 3:1', (mark, ground) => {
    expect(contrast(mark, ground)).toBeGreaterThanOrEqual(3);
  });
});

describe('a television', () => {
  let client: BuiltClient;
  beforeAll(async () => {
    client = await buildClient();
  });
  afterAll(() => client.remove());

  it('[DSK-13] loads nothing of the desk', () => {
    const assets = join(client.folder, 'assets');
    const desk = readdirSync(assets).filter((name) => name.startsWith('DeskApp-'));
    expect(desk.filter((name) => name.endsWith('.js'))).toHaveLength(1);
    expect(desk.filter((name) => name.endsWith('.css'))).toHaveLength(1);
    const page = readFileSync(join(client.folder, 'index.html'), 'utf8');
    const loaded = [...page.matchAll(/assets\/([\w-]+\.(?:js|css))/g)].map(
      ([, name]) => name ?? '',
    );
    expect(loaded.length).toBeGreaterThan(1);
    for (const name of loaded) {
      expect(name).not.toMatch(/^DeskApp/);
      const text = readFileSync(join(assets, name), 'utf8');
      // A word that only the desk says.
      expect(text).not.toContain('Promise it');
      expect(text).not.toMatch(/import\s*["'][^"']*DeskApp|from\s*["'][^"']*DeskApp/);
    }
  });
});
