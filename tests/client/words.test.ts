// The three catalogues: no word is missing, none was left in another language, and each speaks its own plural.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCatalogue } from '../../client/build/compile-words.ts';
import { langOf } from '../../server/contract/lang.ts';
import {
  AGENT_STATES,
  FORMULAS,
  LANGUAGES,
  LOG_REASONS,
  LOG_STATES,
  SOURCE_FAULTS,
} from '../../server/contract/lists.ts';

type Catalogue = Readonly<Record<string, string>>;
const catalogue = (language: string): Catalogue =>
  JSON.parse(readFileSync(`client/lib/words/${language}.json`, 'utf8')) as Catalogue;
const english = catalogue('en');
const others = LANGUAGES.filter((language) => language !== 'en');

/** Strings that are rightly the same in two languages: key, languages, and why. */
const PERMITTED: ReadonlySet<string> = new Set([
  // An international word, written on the mark that a television shows.
  'bottom.demo en lv',
]);

const parameters = (message: string): readonly string[] =>
  [...new Set([...message.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? ''))]
    .filter((name) => message.includes(`{${name}}`) || message.includes(`{${name},`))
    .sort();

/** A message of signs and parameters alone has no language. */
const hasWords = (message: string): boolean => /\p{L}/u.test(message.replace(/\{\w+\}/g, ''));

const spoken = (language: string, key: string, n: number): string => {
  const { [key]: message = '' } = catalogue(language);
  const options = new Map<string, string>();
  for (const [, name = '', text = ''] of message.matchAll(/(\w+|=\d)\{([^{}]*)\}/g))
    options.set(name, text);
  const rule = new Intl.PluralRules(language).select(n);
  return (options.get(rule) ?? options.get('other') ?? '').replace('#', String(n));
};

describe('the words', () => {
  it.each(others)(
    '[WAL-14] of %s are as many as the English, with the same parameters',
    (language) => {
      const words = catalogue(language);
      expect(Object.keys(words)).toEqual(Object.keys(english));
      for (const key of Object.keys(english))
        expect([key, parameters(words[key] ?? '')]).toEqual([key, parameters(english[key] ?? '')]);
      expect(Object.values(words).filter((word) => word.trim() === '')).toEqual([]);
    },
  );

  it.each(LANGUAGES)('[WAL-14] of %s compile into functions that evaluate nothing', (language) => {
    const source = compileCatalogue(language, catalogue(language));
    expect(source).toContain('export default');
    expect(source).not.toMatch(/\beval\b|new Function/);
  });

  it('[WAL-14] are equal in two languages only where a list permits it', () => {
    const equal: string[] = [];
    for (const [i, one] of LANGUAGES.entries())
      for (const other of LANGUAGES.slice(i + 1))
        for (const [key, word] of Object.entries(catalogue(one)))
          if (hasWords(word) && catalogue(other)[key] === word)
            equal.push(`${key} ${[one, other].sort().join(' ')}`);
    expect(equal.filter((each) => !PERMITTED.has(each))).toEqual([]);
    expect([...PERMITTED].filter((each) => !equal.includes(each))).toEqual([]);
  });

  it('[WAL-14] know the three plurals of Latvian: 0, 1, 2 and 21 lines', () => {
    const lines = [0, 1, 2, 21].map((n) => spoken('lv', 'promises.tries', n));
    expect(lines).toEqual(['0 mēģinājumu', '1 mēģinājums', '2 mēģinājumi', '21 mēģinājums']);
    for (const [key, message] of Object.entries(catalogue('lv')))
      if (message.includes(', plural,'))
        expect([key, message]).toEqual([key, expect.stringMatching(/zero\{.*one\{.*other\{/)]);
  });

  it.each(['lib', 'desk'])(
    '[WAL-47] of Latvian in %s count ten as none: in the genitive, or in no form at all',
    (room) => {
      // After a preposition the plural has one form.
      const SAME = new Set(['desk.told.dead']);
      const words = JSON.parse(readFileSync(`client/${room}/words/lv.json`, 'utf8')) as Catalogue;
      for (const [key, message] of Object.entries(words)) {
        const [, zero, one, other] =
          /zero\{([^{}]*)\} one\{([^{}]*)\} other\{([^{}]*)\}/.exec(message) ?? [];
        if (zero === other && zero !== one && !SAME.has(key))
          expect([key, zero]).toEqual([key, '']);
        // A number that is given as text has no form, so nothing beside it may have one.
        expect([key, message]).not.toEqual([
          key,
          expect.stringMatching(
            /(brīvi|izpildīti|paņemti|turēti|lauzti|atvērti|atbildēti) \{\w+\}/i,
          ),
        ]);
      }
    },
  );

  it('[WAL-47] have one name for one thing', () => {
    const all = (language: string) =>
      ['lib', 'desk']
        .map((room) => readFileSync(`client/${room}/words/${language}.json`, 'utf8'))
        .join();
    expect(all('zh')).not.toContain('班组');
    expect(all('lv')).not.toMatch(/darbiniek/i);
    expect(LANGUAGES.map(langOf)).toEqual(['en', 'zh-Hans', 'lv']);
  });

  it('[WAL-14] use the words of the trade', () => {
    expect(catalogue('lv')).toMatchObject({
      'queues.name': 'rinda',
      'queues.level': 'apkalpošanas līmenis',
      'state.wrapup': 'pēcapstrāde',
      'rule.cover.lost': 'Nav vadītāja',
    });
    expect(catalogue('zh')).toMatchObject({
      'queues.name': '队列',
      'queues.level': '服务水平',
      'state.wrapup': '话后处理',
      'rule.cover.lost': '无主管',
    });
  });

  it('[WAL-15] name every state, formula and reason of the contract', () => {
    const wanted = [
      ...AGENT_STATES.map((state) => `state.${state}`),
      ...FORMULAS.map((formula) => `formula.${formula}`),
      ...LOG_REASONS.map((reason) => `reason.${reason}`),
      ...SOURCE_FAULTS.map((fault) => `source.${fault}`),
      ...LOG_STATES.filter((state) => state !== 'live').map((state) => `stale.${state}`),
    ];
    expect(wanted.filter((key) => english[key] === undefined)).toEqual([]);
  });

  it('[WAL-15] are all used somewhere', () => {
    const sources = readdirSync('client', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.svelte') || name.endsWith('.ts'))
      .map((name) => readFileSync(join('client', name), 'utf8'))
      .join('\n');
    const families = [...sources.matchAll(/`(\w+)\.\$\{/g)].map(([, family]) => `${family ?? ''}.`);
    const unused = Object.keys(english).filter(
      (key) => !sources.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });
});
