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
    const room = dirname(folder);
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
    const managing = scripts.filter((name) => /^(ManageApp|BoardsPage)-/.test(name));
    expect(managing).toHaveLength(2);
    const page = readFileSync(join(client.folder, 'index.html'), 'utf8');
    for (const name of scripts) {
      if (managing.includes(name)) continue;
      const text = readFileSync(join(assets, name), 'utf8');
      // Words that only these pages say; and no page is loaded with another.
      expect([name, text.includes('New board'), text.includes('Back to the desk')]).toEqual([
        name,
        false,
        false,
      ]);
      expect([
        name,
        managing.some((one) => new RegExp(`from\\s*["'][^"']*${one}`).test(text)),
      ]).toEqual([name, false]);
    }
    expect(page).not.toMatch(/ManageApp|BoardsPage/);
  });
});
