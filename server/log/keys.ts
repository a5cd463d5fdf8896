// The names of a site's keys in Redis: promises to other people's programs.
import type { ShelfName } from './shelves.ts';

export interface Keys {
  readonly journal: string;
  readonly refused: string;
  /** The last journal entry whose refusal was written, so that several servers write it once. */
  readonly refusedUpTo: string;
  /** How far each `in:SOURCE` was copied. */
  readonly cursors: string;
  /** Written again and again, and never read. */
  readonly probe: string;
  /** Each episode's revision and last entry. */
  readonly episodes: string;
  /** The open episode of each key. */
  readonly openEpisodes: string;
  /** When each episode ended, so that it can be forgotten. */
  readonly endedEpisodes: string;
  /** What is to be told, and what was; see `OUTBOX_KEYS`. */
  readonly outbox: readonly string[];
  /** How people and teams are reached, by lane. */
  readonly channels: string;
  /** When each of those was changed or taken away, by lane. */
  readonly channelsChanged: string;
  /** Another one after each change of those. */
  readonly channelsAt: string;
  /** What the site signs with, by name. */
  readonly secrets: string;
  /** Who did what: a stream. */
  readonly trail: string;
  /** The counter of fencing numbers. */
  readonly fence: string;
  lease(name: string): string;
  /** Where tries of one kind are counted; what follows is whose. */
  tries(what: string): string;
  /** Small things that servers share: a hash each. */
  shelf(name: ShelfName): string;
  snapshot(which: 'newest' | 'older' | 'unreadable'): string;
  /** `day` as `YYYY-MM-DD`. */
  intervals(day: string): string;
  inbound(source: string): string;
}

/** Parts of the outbox, in the order in which its scripts are handed them. */
export const OUTBOX_KEYS = [
  /** Hash: id → the notice as JSON. */
  'rows',
  /** Sorted set, all of one score: `LANE\nDUE\nID`, so that a lane's rows stand together in the order of their time. */
  'queue',
  /** Sorted set: lane → when it is looked at next. */
  'lanes',
  /** Hash: lane → the token of who has it in hand, or `again` while it waits for its next try. */
  'claims',
  /** Hash: id → `TRIES FIRST`. */
  'tries',
  /** Hash: lane → until when its rows are held for a digest; `urgent\nLANE` → until when its urgent ones are. */
  'held',
  /** Sorted set, all of one score: `LANE\nAT\nID` of messages in the last ten minutes, those of the urgent ones after `urgent\n`. */
  'sent',
  /** Sorted set: id → when it was over, so that it is not told again. */
  'done',
  /** Sorted set: `LANE\nEPISODE` → when something of it arrived there. */
  'told',
  /** Hash: `LANE\nEPISODE` → the id of its newest row that tells. */
  'waiting',
  /** Hash: lane → how many came while it was full; `urgent\nLANE` → how many of these were urgent ones. */
  'over',
  /** Sorted set: dead letters as JSON, by their instant. */
  'dead',
] as const;

/** The braces are literal: all keys of a site share a cluster slot. */
export function keysOf(site: string): Keys {
  const root = `pharos:{${site}}:`;
  return {
    journal: `${root}events`,
    refused: `${root}refused`,
    refusedUpTo: `${root}refused-up-to`,
    cursors: `${root}copied`,
    probe: `${root}probe`,
    episodes: `${root}episodes`,
    openEpisodes: `${root}episodes:open`,
    endedEpisodes: `${root}episodes:ended`,
    outbox: OUTBOX_KEYS.map((part) =>
      part === 'rows' ? `${root}outbox` : `${root}outbox:${part}`,
    ),
    channels: `${root}channels`,
    channelsChanged: `${root}channels:changed`,
    channelsAt: `${root}channels:at`,
    secrets: `${root}secrets`,
    trail: `${root}access:trail`,
    fence: `${root}fence`,
    lease: (name) => `${root}lease:${name}`,
    tries: (what) => `${root}access:tries:${what}`,
    shelf: (name) => (name === 'help-links' ? `${root}${name}` : `${root}access:${name}`),
    snapshot: (which) => `${root}snapshot:${which}`,
    intervals: (day) => `${root}intervals:${day}`,
    inbound: (source) => `${root}in:${source}`,
  };
}

/** For SCAN: what a name may hold of a glob's signs is meant as it stands. */
export function literally(name: string): string {
  return name.replace(/[*?[\]\\^]/g, '\\$&');
}
