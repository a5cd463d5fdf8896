// Vite plugin: turns a catalogue of ICU messages into functions at build time, so that no evaluation is left for the screen.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

interface Loading {
  addWatchFile(path: string): void;
}

interface Plugin {
  readonly name: string;
  readonly enforce: 'pre';
  resolveId(source: string, importer: string | undefined): string | undefined;
  load(this: Loading, id: string): { code: string; map: null } | undefined;
}

// The library's own types do not resolve from an ES module under Node's rules; this is the part of them that is used.
type Messages = Readonly<Record<string, string>>;
type NewFormat = new (language: string, options: { strict: boolean }) => object;
const require = createRequire(import.meta.url);
const MessageFormat = require('@messageformat/core') as NewFormat;
const compileModule = require('@messageformat/core/compile-module') as (
  format: object,
  messages: Messages,
) => string;

const CATALOGUE = /\/words\/([a-z]+)\.json$/;
/** In development Vite leaves the imports of whatever is called `.json` as they are, so a catalogue goes by another name. */
const NAME = '\0pharos-words:';
const ENDING = '.json';

/** The language's plural rules are chosen by the file's name: `lv.json` speaks Latvian. */
export function compileWords(): Plugin {
  return {
    name: 'pharos-words',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer === undefined || !CATALOGUE.test(source)) return undefined;
      return `${NAME}${resolve(dirname(importer), source).slice(0, -ENDING.length)}`;
    },
    load(id) {
      if (!id.startsWith(NAME)) return undefined;
      const path = `${id.slice(NAME.length)}${ENDING}`;
      const language = CATALOGUE.exec(path)?.[1] ?? '';
      this.addWatchFile(path);
      const messages = JSON.parse(readFileSync(path, 'utf8')) as Messages;
      return { code: compileCatalogue(language, messages), map: null };
    },
  };
}

/** Source of an ES module whose default export maps each key to its function. Throws on a broken message. */
export function compileCatalogue(language: string, messages: Messages): string {
  return compileModule(new MessageFormat(language, { strict: true }), messages);
}
