// What producers were told is in the log, held against what is in it.
import type { Redis } from 'ioredis';
import { INBOUND, MALFORMED_DATA } from './producers.ts';
import { entriesOf } from './reference.ts';
import type { JournalEntry } from './reference.ts';

/** Acknowledged, and not in the journal. What has a stream of its own is left out: not all of it may go in, see `copiedAndSaid`. */
export function missingIn(
  journal: readonly JournalEntry[],
  acknowledged: ReadonlyMap<string, number>,
): readonly string[] {
  const there = new Set(journal.map(([, { source, id }]) => `${source} ${id}`));
  return [...acknowledged.keys()].filter((name) => !name.startsWith('crm ') && !there.has(name));
}

/** Ids of what a producer said in its own stream and may say, and of what of it is in the journal, both in order. */
export async function copiedAndSaid(
  redis: Redis,
  journal: readonly JournalEntry[],
): Promise<{ readonly copied: readonly string[]; readonly said: readonly string[] }> {
  const idsOf = (entries: readonly JournalEntry[]): readonly string[] =>
    entries.map(([, { id = '' }]) => id);
  const said = await entriesOf(redis, INBOUND);
  return {
    copied: idsOf(journal.filter(([, { source }]) => source === 'crm')),
    said: idsOf(said.filter(([, fields]) => isTaken(fields))),
  };
}

function isTaken({ type = '', data }: JournalEntry[1]): boolean {
  const isGranted = /^(contact|callback|assist|source)[.]|^agent[.]state$/.test(type);
  return isGranted && data !== MALFORMED_DATA;
}
