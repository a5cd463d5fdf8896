// The names of a site's keys in Redis: promises to other people's programs.

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
  /** What is to be told, by id, and when each is due. */
  readonly outbox: string;
  readonly outboxDue: string;
  /** The counter of fencing numbers. */
  readonly fence: string;
  lease(name: string): string;
  snapshot(which: 'newest' | 'older' | 'unreadable'): string;
  /** `day` as `YYYY-MM-DD`. */
  intervals(day: string): string;
  inbound(source: string): string;
}

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
    outbox: `${root}outbox`,
    outboxDue: `${root}outbox:due`,
    fence: `${root}fence`,
    lease: (name) => `${root}lease:${name}`,
    snapshot: (which) => `${root}snapshot:${which}`,
    intervals: (day) => `${root}intervals:${day}`,
    inbound: (source) => `${root}in:${source}`,
  };
}

/** For SCAN: what a name may hold of a glob's signs is meant as it stands. */
export function literally(name: string): string {
  return name.replace(/[*?[\]\\^]/g, '\\$&');
}
