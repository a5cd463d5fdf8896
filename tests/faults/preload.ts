// What a Pharos is made to load before itself, so that its machine is another one; the product has no switch for it.

/** For the environment of a Pharos: the machine's clock is off by so many milliseconds. */
export function clockOff(ms: number): Readonly<Record<string, string>> {
  return preload(`
    const { now } = Date;
    const Right = Date;
    globalThis.Date = class extends Right {
      constructor(...given) { given.length === 0 ? super(now() + ${ms}) : super(...given); }
      static now() { return now() + ${ms}; }
    };
    const origin = performance.timeOrigin + ${ms};
    Object.defineProperty(performance, 'timeOrigin', { get: () => origin });
  `);
}

/** How often the record of a hasty Pharos is written, in milliseconds. */
export const HASTY_MS = 400;

/** For the environment of a Pharos: what it does each minute it does each 0.4 s, and what it does after 5 s at once. */
export const HASTY = preload(`
  const { setInterval: every, setTimeout: after } = globalThis;
  globalThis.setInterval = (run, ms, ...more) => every(run, ms === 60_000 ? ${HASTY_MS} : ms, ...more);
  globalThis.setTimeout = (run, ms, ...more) => after(run, ms === 5_000 ? 50 : ms, ...more);
`);

function preload(code: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` };
}
