// Whether a screen is live, and if not, which link is broken.
import { describe, expect, it } from 'vitest';
import { judge } from '../../client/live/health.ts';
import type { Signs } from '../../client/live/health.ts';
import { rowKnownAt, silentSources } from '../../client/live/health-of-sources.ts';
import { patienceMs, retryMs } from '../../client/live/retry.ts';

const LIVE: Signs = {
  refused: null,
  shown: true,
  heardAt: 10_000,
  monotonic: 11_000,
  siteAtWord: 500_000,
  log: { state: 'live', reason: null, asOf: 500_000 },
};

describe('the health of a screen', () => {
  it('[WAL-3] is live until nothing was heard for 3.5 seconds', () => {
    expect(judge(LIVE)).toEqual({ kind: 'live' });
    expect(judge({ ...LIVE, monotonic: 13_500 })).toEqual({ kind: 'live' });
    expect(judge({ ...LIVE, monotonic: 13_501 })).toEqual({ kind: 'link', asOf: 500_000 });
  });

  it('[WAL-3] says what the server cannot read, and as of when', () => {
    const log = { state: 'lost', reason: 'frozen', asOf: 490_000 } as const;
    expect(judge({ ...LIVE, log })).toEqual({ kind: 'log', ...log });
    expect(judge({ ...LIVE, log, monotonic: 20_000 })).toEqual({ kind: 'link', asOf: 490_000 });
  });

  it('[WAL-3] is connecting, not stale, before there was anything to show', () => {
    expect(judge({ ...LIVE, shown: false })).toEqual({ kind: 'connecting' });
    expect(judge({ ...LIVE, heardAt: null, monotonic: 60_000 })).toEqual({ kind: 'connecting' });
  });

  it('[WAL-3] is refused where a person must act, and only not live where time will mend it', () => {
    expect(judge({ ...LIVE, refused: 'session' })).toEqual({ kind: 'refused', reason: 'session' });
    expect(judge({ ...LIVE, refused: 'starting' })).toEqual({ kind: 'live' });
  });
});

describe('silent sources', () => {
  const sources = {
    pbx1: { state: 'live', ageMs: 100 },
    crm: { state: 'stale', ageMs: 48_000 },
    mail: { state: 'lost', ageMs: 90_000 },
  } as const;

  it('[WAL-5] are named with the instant of their last word, longest silent first', () => {
    expect(silentSources(sources, 1_000_000)).toEqual([
      { name: 'mail', ageMs: 90_000, asOf: 910_000, fault: null },
      { name: 'crm', ageMs: 48_000, asOf: 952_000, fault: null },
    ]);
  });

  it('[WAL-5] stand behind those that are faulty, which are named with what was done to their stream', () => {
    const shop = { state: 'faulty', ageMs: 5, fault: 'emptied' } as const;
    const found = silentSources({ ...sources, shop }, 1_000_000);
    expect(found.map(({ name, fault }) => `${name} ${fault}`)).toEqual([
      'shop emptied',
      'mail null',
      'crm null',
    ]);
    expect(rowKnownAt(['shop'], found, sources)).toBe(999_995);
  });

  it('[WAL-5] mark the rows that they speak for, and no others', () => {
    const silent = silentSources(sources, 1_000_000);
    expect(rowKnownAt(['pbx1'], silent, sources)).toBeNull();
    expect(rowKnownAt(['pbx1', 'crm'], silent, sources)).toBe(952_000);
    expect(rowKnownAt(undefined, silent, sources)).toBeNull();
  });

  it('[WAL-5] mark a row that names no source only when every source is silent', () => {
    const all = { crm: sources.crm, mail: sources.mail };
    expect(rowKnownAt(undefined, silentSources(all, 1_000_000), all)).toBe(952_000);
    expect(rowKnownAt(undefined, [], {})).toBeNull();
  });
});

describe('trying again', () => {
  const rolls = Array.from({ length: 200 }, (_, i) => i / 200);

  it('[WAL-4] comes within two seconds of the last try, spread over all of them', () => {
    const waits = rolls.map((roll) => retryMs(0, null, roll));
    expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
    expect(Math.min(...waits)).toBe(0);
    const quarters = [0, 1, 2, 3].map(
      (quarter) => waits.filter((ms) => Math.floor(ms / 500) === quarter).length,
    );
    expect(quarters).toEqual([50, 50, 50, 50]);
  });

  it('[WAL-4] comes at once, but not at one instant, when the last try itself took long', () => {
    const waits = rolls.map((roll) => retryMs(4_000, null, roll));
    expect(Math.max(...waits)).toBeLessThan(250);
    expect(new Set(waits).size).toBe(200);
  });

  it('[WAL-4] is rarer where only a person can mend it', () => {
    for (const roll of rolls) expect(retryMs(0, 'session', roll)).toBeGreaterThanOrEqual(10_000);
  });

  it('[WAL-4] is patient now and then, for links that are slow', () => {
    const patience = Array.from({ length: 18 }, (_, attempt) => patienceMs(attempt));
    expect(Math.min(...patience)).toBe(2_000);
    expect(Math.max(...patience)).toBe(10_000);
  });
});
