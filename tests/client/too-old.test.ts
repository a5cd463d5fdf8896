// What is known for too long: no figure of it is shown, and each instant says its day, also while nothing is heard.
import { describe, expect, it } from 'vitest';
import { daysGone } from '../../client/lib/format.ts';
import type { AlertRow } from '../../server/contract/rows.ts';
import { alertRow } from '../support/desk-floor.ts';
import { NOW } from '../support/wall-floors.ts';

/** By a name that the compiler does not follow: the build makes the catalogues, and it alone reads them as functions. */
const path = new URL('../../client/looks/episode-words.ts', import.meta.url).href;
const { aboutOnLine } = (await import(/* @vite-ignore */ path)) as {
  readonly aboutOnLine: (alert: AlertRow, view: object) => readonly string[];
};
const HOUR = 3_600_000;

describe('what is known for too long', () => {
  const line = (params: Readonly<Record<string, string>>, isTooOld: boolean) => {
    const alert = alertRow('e1', { queue: 'billing', text: { key: 'k', params } }, NOW);
    const tables = { agents: new Map(), queues: new Map(), teams: new Map() };
    const say = (key: string, said?: object) => `${key} ${Object.values(said ?? {}).join()}`.trim();
    const view = { isTooOld, say, live: { tables }, agentName: (id: string) => id };
    return aboutOnLine(alert, view);
  };

  it('[WAL-45] shows no figure of an alert, and goes on to say where it is', () => {
    for (const [params, figure] of [
      [{ waiting: '12', free: '0' }, 'alert.waiting 12,0'],
      [{ percent: '63' }, 'alert.lately 63'],
    ] as const) {
      expect(line(params, false)).toEqual(['billing', figure]);
      expect(line(params, true)).toEqual(['billing']);
    }
  });
});

describe('a screen that hears nothing', () => {
  it('[WAL-46] counts the days on which it heard nothing, so that an instant of Friday is not one of Monday', () => {
    const ends = NOW + HOUR;
    const gone = [-HOUR, HOUR - 1, HOUR, 25 * HOUR - 1, 25 * HOUR, 70 * HOUR].map(
      (after) => daysGone(ends, NOW + after) / (24 * HOUR),
    );
    expect(gone).toEqual([0, 0, 1, 1, 2, 3]);
    expect(daysGone(Infinity, NOW)).toBe(0);
  });
});
