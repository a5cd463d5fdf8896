// What a Pharos is made to load before itself, so that its machine is another one; the product has no switch for it.

/** The machine's clock is off by so many milliseconds. */
export function clockOff(ms: number): string {
  return `
    const { now } = Date;
    const Right = Date;
    globalThis.Date = class extends Right {
      constructor(...given) { given.length === 0 ? super(now() + ${ms}) : super(...given); }
      static now() { return now() + ${ms}; }
    };
    const origin = performance.timeOrigin + ${ms};
    Object.defineProperty(performance, 'timeOrigin', { get: () => origin });
  `;
}

const HASTY_MS = 400;

/** What it does each minute, such as writing the record, it does each 0.4 s, and what it does after 5 s at once. */
export const HASTY = `
  // A program that is no file, such as one that only says its time, has no clock of Pharos.
  if (process.argv[1] !== undefined) {
    const { pathToFileURL } = await import('node:url');
    const { systemClock } = await import(new URL('clock.js', pathToFileURL(process.argv[1])));
    const { every, after } = systemClock;
    systemClock.every = (ms, run) => every(ms === 60_000 ? ${HASTY_MS} : ms, run);
    systemClock.after = (ms, run) => after(ms === 5_000 ? 50 : ms, run);
  }
`;

/** Levels are called after 0, 1.5 and 3 s, twice around in 12 s. */
export const HURRIED = `
  const { pathToFileURL } = await import('node:url');
  const { ESCALATION } = await import(new URL('alerts/timing.js', pathToFileURL(process.argv[1])));
  ESCALATION.afterMs.splice(0, 3, 0, 1_500, 3_000);
  ESCALATION.loopMs = 6_000;
`;

/** What it sends to others says by which server, in the header `x-sent-by`. */
export function sendingAs(name: string): string {
  return `
    const { default: http } = await import('node:http');
    const { syncBuiltinESMExports } = await import('node:module');
    const { request } = http;
    http.request = (url, options, hear) =>
      request(url, { ...options, headers: { ...options?.headers, 'x-sent-by': '${name}' } }, hear);
    syncBuiltinESMExports();
  `;
}

/** For the environment of a Pharos. */
export function preloading(...code: readonly string[]): Readonly<Record<string, string>> {
  const imports = code.map((one) => `--import data:text/javascript,${encodeURIComponent(one)}`);
  return { NODE_OPTIONS: imports.join(' ') };
}
