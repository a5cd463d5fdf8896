// The words of the pages of management, catalogue by catalogue; and which page is whose, and loaded by whom.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCatalogue } from '../../client/build/compile-words.ts';
import { pathOfManage, readManagePlace } from '../../client/manage/manage-address.ts';
import { newId } from '../../client/manage/boards/new-id.ts';
import { roleOf } from '../../client/manage/role.ts';
import { isManage } from '../../server/contract/managed.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';

type Catalogue = Readonly<Record<string, string>>;
const ROOM = 'client/manage';
const ACCESS = join(ROOM, 'access');
const files = readdirSync(ROOM, { recursive: true, encoding: 'utf8' }).map((name) =>
  join(ROOM, name),
);
const folders = files.filter((name) => name.endsWith('words/en.json')).map((name) => dirname(name));
const catalogue = (folder: string, language: string): Catalogue =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Catalogue;

/** Strings that are rightly the same in two languages: key and languages. */
const PERMITTED: ReadonlySet<string> = new Set([]);

const parameters = (message: string): readonly string[] =>
  [...new Set([...message.matchAll(/\{(\w+)[},]/g)].map(([, name]) => name ?? ''))].sort();
const hasWords = (message: string): boolean => /\p{L}/u.test(message.replace(/\{\w+\}/g, ''));

describe.each(folders)('the words in %s', (folder) => {
  const english = catalogue(folder, 'en');

  it.each(LANGUAGES)(
    '[MNG-2] of %s are as many as the English, with the same parameters',
    (language) => {
      const words = catalogue(folder, language);
      expect(Object.keys(words)).toEqual(Object.keys(english));
      for (const [key, message] of Object.entries(words)) {
        expect([key, parameters(message)]).toEqual([key, parameters(english[key] ?? '')]);
        expect([key, message.trim()]).not.toEqual([key, '']);
        if (language === 'lv' && message.includes(', plural,'))
          expect([key, message]).toEqual([key, expect.stringMatching(/zero\{.*one\{.*other\{/)]);
      }
      expect(compileCatalogue(language, words)).not.toMatch(/\beval\b|new Function/);
    },
  );

  it('[MNG-2] are equal in two languages only where a list permits it', () => {
    const equal = LANGUAGES.flatMap((one, at) =>
      LANGUAGES.slice(at + 1).flatMap((other) =>
        Object.entries(catalogue(folder, one))
          .filter(([key, word]) => hasWords(word) && catalogue(folder, other)[key] === word)
          .map(([key]) => `${key} ${[one, other].sort().join(' ')}`),
      ),
    );
    expect(equal.filter((each) => !PERMITTED.has(each))).toEqual([]);
  });

  it('[MNG-2] are all used in their room', () => {
    // The pages of access share one catalogue.
    const room = dirname(folder) === ACCESS ? ROOM : dirname(folder);
    const sources = files
      .filter((name) => name.startsWith(room) && /\.(ts|svelte)$/.test(name))
      .map((name) => readFileSync(name, 'utf8'))
      .join('\n');
    const families = [...sources.matchAll(/`([a-z]+\.[\w.-]*)\$\{/g)].map(
      ([, family]) => family ?? '',
    );
    const unused = Object.keys(english).filter(
      (key) => !sources.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });
});

describe('the addresses of management', () => {
  it('[MNG-1] say which page, and what is below it, in any letters', () => {
    expect(readManagePlace('/desk/manage')).toEqual({ page: null, below: [] });
    expect(readManagePlace('/desk/boards/')).toEqual({ page: 'boards', below: [] });
    for (const id of ['hall', 'a/b', '大厅 1', '%', 'a?b#c'])
      expect(readManagePlace(pathOfManage({ page: 'boards', below: ['edit', id] }))).toEqual({
        page: 'boards',
        below: ['edit', id],
      });
    expect(isManage('/desk/boards/edit/hall')).toBe(true);
    expect(['/desk', '/desk/today', '/desk/boardsx', '/wall/boards'].map(isManage)).not.toContain(
      true,
    );
  });

  it('[MNG-1] are open to roles that are known; a word that is not may do the least', () => {
    expect(['lead', 'installer', 'moon', ''].map(roleOf)).toEqual([
      'lead',
      'installer',
      'wall',
      'wall',
    ]);
  });

  it('[MNG-40] of a new board are made of its name, and are nobody else’s', () => {
    expect(newId('Billing hall', [])).toBe('billing-hall');
    expect(newId('Rēķinu zāle!', [])).toBe('rekinu-zale');
    expect(newId('大厅', ['board', 'board-2'])).toBe('board-3');
    expect(newId('Desk', ['desk'])).toBe('desk-2');
  });
});

describe('what is loaded', () => {
  let client: BuiltClient;
  beforeAll(async () => {
    client = await buildClient();
  });
  afterAll(() => client.remove());

  it('[MNG-1] is nothing of management on a television, and nothing of it at the desk', () => {
    const assets = join(client.folder, 'assets');
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
    const managing = scripts.filter((name) =>
      /^(Manage|Boards|Screens|People|Sources|Trail|Account)(App|Page)-/.test(name),
    );
    const table = readFileSync(join(ROOM, 'pages.ts'), 'utf8');
    expect(managing).toHaveLength(1 + [...table.matchAll(/ name: '/g)].length);
    const text = (name: string): string => readFileSync(join(assets, name), 'utf8');
    /** What is fetched with a script, whether it is needed or not. */
    const withIt = (name: string, found = new Set<string>()): ReadonlySet<string> => {
      if (found.has(name)) return found;
      found.add(name);
      const body = text(name);
      for (const other of scripts)
        if (new RegExp(`(from|import)\\s*["']\\./${other.replace(/[.$]/g, '\\$&')}["']`).test(body))
          withIt(other, found);
      return found;
    };
    const named = (start: string): string => scripts.find((name) => name.startsWith(start)) ?? '';
    const page = readFileSync(join(client.folder, 'index.html'), 'utf8');
    const first = scripts.filter((name) => page.includes(name));
    expect(first.length).toBeGreaterThan(0);
    for (const start of [...first, named('DeskApp-')]) {
      const loaded = [...withIt(start)];
      expect([start, loaded.filter((name) => managing.includes(name))]).toEqual([start, []]);
      // Words that only these pages say.
      const said = loaded.filter((name) => /New board|Back to the desk/.test(text(name)));
      expect([start, said]).toEqual([start, []]);
    }
    // No page is loaded with another, nor with their frame.
    for (const one of managing) {
      const pages = [...withIt(one)].filter((name) => name !== one && name.includes('Page-'));
      expect([one, pages]).toEqual([one, []]);
    }
  });
});
