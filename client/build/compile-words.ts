// Vite plugin: turns a catalogue of ICU messages into functions at build time, so that no evaluation is left for the screen.
import { createRequire } from 'node:module';

interface Plugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): { code: string; map: null; moduleType: 'js' } | undefined;
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

const CATALOGUE = /\/client\/lib\/words\/([a-z]+)\.json$/;

/** The language's plural rules are chosen by the file's name: `lv.json` speaks Latvian. */
export function compileWords(): Plugin {
  return {
    name: 'pharos-words',
    enforce: 'pre',
    transform(code, id) {
      const language = CATALOGUE.exec(id.replaceAll('\\', '/'))?.[1];
      if (language === undefined) return undefined;
      const messages = JSON.parse(code) as Messages;
      return { code: compileCatalogue(language, messages), map: null, moduleType: 'js' };
    },
  };
}

/** Source of an ES module whose default export maps each key to its function. Throws on a broken message. */
export function compileCatalogue(language: string, messages: Messages): string {
  return compileModule(new MessageFormat(language, { strict: true }), messages);
}
