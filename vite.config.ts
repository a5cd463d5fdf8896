// How the client is built for TV browsers, and how the tests are run.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { buildWorker } from './client/build/build-worker.ts';
import { compileWords } from './client/build/compile-words.ts';
import { scopeForTv } from './client/build/scope-for-tv.ts';

/** Where the server listens in development, as its own settings have it. */
const server = `http://127.0.0.1:${process.env.PORT ?? '8080'}`;

/** The wall and the desk are one page; who asks for help, and a television that is paired, load next to nothing. */
function page(name: string): string {
  return fileURLToPath(new URL(`client/${name}`, import.meta.url));
}

/** Tests that break things, measure, or follow a whole product by its clock. */
const ALONE = [
  'tests/{faults,bench,engine}/**/*.test.ts',
  'tests/e2e/!(desk-looks|wall-looks).test.ts',
];

export default defineConfig(({ mode }) => ({
  root: 'client',
  plugins: [compileWords(), svelte({ configFile: false }), scopeForTv(), buildWorker()],
  build: {
    // LG from 2022, Samsung from 2023, Fire TV, Chromecast with Google TV, Raspberry Pi.
    target: ['chrome87', 'safari14', 'firefox83'],
    outDir: '../dist/client',
    rolldownOptions: {
      input: { index: page('index.html'), help: page('help.html'), pair: page('pair.html') },
    },
    emptyOutDir: true,
    sourcemap: true,
    // A font as a data: address would be refused by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/socket.io': { target: server, ws: true },
      '/api': server,
    },
  },
  test: {
    root: '.',
    // No promise hangs on it: a machine that does other things too may be slow.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    pool: 'forks',
    // What measures nothing and breaks nothing runs two by two; what does, after it and alone.
    projects: [
      {
        extends: true,
        mode,
        test: {
          ...{ name: 'rooms', include: ['tests/**/*.test.ts'], exclude: ALONE, maxWorkers: 2 },
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        mode,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
    reporters: ['default', './tests/support/count-reporter.ts'],
  },
}));
