// The rules of behaviour and the tests that wear their numbers hold each other to account.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const RULE = /^- \*\*([A-Z]{3}-\d+)\*\*/gm;
const WORN = /\[((?:[A-Z]{3}-\d+)(?:, ?[A-Z]{3}-\d+)*)\]/g;

const files = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

const rules = files('tests/rules', '.md').flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(RULE)].map(([, id]) => id ?? ''),
);
const worn = new Set(
  files('tests', '.test.ts')
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(WORN)])
    .flatMap(([, ids]) => (ids ?? '').split(/, ?/)),
);

describe('the rules', () => {
  it('[HSE-1] have numbers that stand once', () => {
    expect(rules.filter((id, at) => rules.indexOf(id) !== at)).toEqual([]);
  });

  it('[HSE-2] are each worn by a test', () => {
    expect(rules.filter((id) => !worn.has(id))).toEqual([]);
  });

  it('[HSE-3] know every number that a test wears', () => {
    expect([...worn].filter((id) => !rules.includes(id))).toEqual([]);
  });
});
