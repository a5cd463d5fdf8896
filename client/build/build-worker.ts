// Vite plugin: the worker that hears pushes is built by itself into one file, `/sw.js`. Its name has no hash, since a browser asks for it by that name for years.
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { Plugin } from 'vite';

const ENTRY = fileURLToPath(new URL('../sw/sw.ts', import.meta.url));
const NAME = 'sw.js';

export function buildWorker(): Plugin {
  let target: string | string[] = [];
  return {
    name: 'pharos-worker',
    configResolved({ build: { target: set } }) {
      if (set !== false) target = set;
    },
    async generateBundle() {
      const source = await workerCode(target);
      this.emitFile({ type: 'asset', fileName: NAME, source });
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${NAME}`, (_request, response: ServerResponse, next) => {
        workerCode(target).then((code) => {
          response.setHeader('content-type', 'text/javascript');
          response.end(code);
        }, next);
      });
    },
  };
}

/** One classic script: not every browser takes a module as its worker. */
async function workerCode(target: string | string[]): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      ...(target.length > 0 ? { target } : {}),
      rolldownOptions: { input: ENTRY, output: { format: 'iife', entryFileNames: NAME } },
      modulePreload: { polyfill: false },
    },
  });
  const [bundle] = Array.isArray(built) ? built : [built];
  const chunk = bundle && 'output' in bundle ? bundle.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('invariant: the worker is built into one file');
  return chunk.code;
}
