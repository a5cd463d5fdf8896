// What television browsers of 2022 do not know is neither written nor built; and what ships is small.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';

/** Younger than Chromium 87, Safari 14 or Firefox 83, each with what it would look like. */
const STYLE = {
  'cascade layers': /@layer\b/,
  ':has()': /:has\(/,
  ':is() and :where()': /:(is|where)\(/,
  'container queries': /@container\b|container-type/,
  'oklch() and its like': /\b(oklch|oklab|lch|lab)\(/,
  'color-mix()': /color-mix\(/,
  nesting: /&\s*[.:[>+~]|(?<!@[^{};]*)\{[^{}@]*\{[^{}]*\}[^{}]*\}/,
  'dynamic viewport units': /\d(dvh|svh|lvh|dvw|svw|lvw)\b/,
  'accent-color': /accent-color/,
  'aspect-ratio': /aspect-ratio/,
  inset: /[;{]\s*inset:/,
  ':focus-visible': /:focus-visible/,
  'individual transforms': /[;{]\s*(rotate|scale|translate):/,
} as const;
const SCRIPT = {
  'Array.at()': /\.at\(-?\d/,
  'structuredClone()': /\bstructuredClone\(/,
  'Object.hasOwn()': /\bObject\.hasOwn\(/,
  'findLast()': /\.findLast(Index)?\(/,
  'toSorted() and its like': /\.(toSorted|toReversed|toSpliced)\(/,
  'Array.fromAsync()': /\bfromAsync\(/,
  'Object.groupBy()': /\bgroupBy\(/,
  'Promise.withResolvers()': /\bwithResolvers\(/,
  'Error.cause': /\{\s*cause:/,
  'Intl.Segmenter': /\bIntl\.Segmenter\b/,
  'crypto.randomUUID()': /\brandomUUID\(/,
  'URL.canParse()': /\bURL\.(canParse|parse)\(/,
  'AbortSignal.timeout()': /AbortSignal\.(timeout|any)\(/,
  'class static blocks': /\bstatic\s*\{/,
  evaluation: /\beval\(|new Function\(/,
} as const;

const filesOf = (folder: string, endings: readonly string[]): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(folder, name));
const found = (
  paths: readonly string[],
  forbidden: Readonly<Record<string, RegExp>>,
  part = (text: string) => text,
) =>
  paths.flatMap((path) => {
    const text = part(readFileSync(path, 'utf8')).replace(/\/\*[^]*?\*\//g, '');
    return Object.entries(forbidden)
      .filter(([, pattern]) => pattern.test(text))
      .map(([name]) => `${path}: ${name}`);
  });
const styleOf = (text: string): string => /<style[^>]*>([^]*)<\/style>/.exec(text)?.[1] ?? '';
const scriptOf = (text: string): string => text.replace(/<style[^>]*>[^]*<\/style>/, '');

let client: BuiltClient;
beforeAll(async () => {
  client = await buildClient();
});
afterAll(() => client.remove());

/** The scripts that a page loads before it runs: its own, and what these import. */
function scriptsOf(folder: string, page: string): readonly string[] {
  const html = readFileSync(join(folder, page), 'utf8');
  const scripts = new Set(
    [...html.matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? ''),
  );
  for (const path of scripts)
    for (const [, name = ''] of readFileSync(join(folder, path), 'utf8').matchAll(
      /(?:from|import)"\.\/([^"]+\.js)"/g,
    ))
      scripts.add(`assets/${name}`);
  return [...scripts].map((path) => join(folder, path));
}

describe('for television browsers', () => {
  it('[WAL-16] no source uses what they do not know', () => {
    const scripts = filesOf('client', ['.ts', '.svelte']).filter(
      (path) => !path.includes('/build/'),
    );
    expect(scripts.length).toBeGreaterThan(30);
    expect(found(scripts, SCRIPT, scriptOf)).toEqual([]);
    expect(found(filesOf('client', ['.css']), STYLE)).toEqual([]);
    expect(found(filesOf('client', ['.svelte']), STYLE, styleOf)).toEqual([]);
  });

  it('[WAL-16] nothing that is built uses it either', () => {
    expect(found(filesOf(client.folder, ['.css']), STYLE)).toEqual([]);
    expect(found(filesOf(client.folder, ['.js']), SCRIPT)).toEqual([]);
  });

  it('[WAL-16] the lint itself sees what it looks for', () => {
    const seen = (text: string) =>
      Object.entries({ ...STYLE, ...SCRIPT })
        .filter(([, pattern]) => pattern.test(text))
        .map(([name]) => name);
    expect(seen('@layer base { a { color: red } }')).toContain('cascade layers');
    expect(seen('a:has(b) { color: oklch(1 0 0) }')).toEqual([':has()', 'oklch() and its like']);
    expect(seen('.a { color: red; & .b { color: blue } }')).toContain('nesting');
    expect(seen('.a { .b { color: red } }')).toEqual(['nesting']);
    expect(seen('@media (max-width: 759px) { .b { color: red } }')).toEqual([]);
    expect(seen('list.at(-1)')).toEqual(['Array.at()']);
    expect(seen('structuredClone(x)')).toEqual(['structuredClone()']);
  });

  it('[WAL-16] pages carry no script and no style of their own', () => {
    for (const path of filesOf(client.folder, ['.html'])) {
      const page = readFileSync(path, 'utf8');
      expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=/);
      expect(page).not.toMatch(/https?:\/\//);
    }
  });

  it('[WAL-17] the wall’s scripts before the chart are at most 90 KB compressed, and the chart is a file of its own', () => {
    // Desk, pages of management, `/help` and `/pair` are chunks of their own, which a wall never asks for.
    const asked = scriptsOf(client.folder, 'index.html');
    expect(asked.some((path) => /DeskApp|ManageApp|Page-|day-chart/.test(path))).toBe(false);
    const charts = filesOf(client.folder, ['.js']).filter((path) => path.includes('day-chart'));
    const sizes = [...asked, ...charts].map((path) => ({
      path,
      bytes: gzipSync(readFileSync(path)).length,
      isChart: path.includes('day-chart'),
    }));
    const before = sizes
      .filter(({ isChart }) => !isChart)
      .reduce((sum, { bytes }) => sum + bytes, 0);
    expect(sizes.filter(({ isChart }) => isChart)).toHaveLength(1);
    expect(before).toBeGreaterThan(10_000);
    expect(before).toBeLessThanOrEqual(90 * 1024);
  });

  it('[WAL-17] every asset is named by its content', () => {
    for (const path of filesOf(join(client.folder, 'assets'), ['']).filter(
      (name) => !name.endsWith('.map'),
    ))
      expect(path).toMatch(/-[\w-]{8}\.(js|css|svg|woff2)$/);
  });
});
