// Everything that a site keeps in Redis, as one thing; each user is handed only the narrow part that it needs.
import type { DecisionStore } from './decisions.ts';
import type { InboundStore } from './inbound.ts';
import type { IntervalStore } from './intervals.ts';
import type { LeaseStore } from './leases.ts';
import type { Log } from './log.ts';
import type { ChannelStore, OutboxStore } from './outbox.ts';
import type { RefusalStore } from './refusals.ts';
import type { SnapshotStore } from './snapshots.ts';
import type { TrimStore } from './trimmer.ts';

export interface Store
  extends
    Log,
    LeaseStore,
    SnapshotStore,
    IntervalStore,
    RefusalStore,
    InboundStore,
    TrimStore,
    DecisionStore,
    OutboxStore,
    ChannelStore {
  /** What it says of its own settings; null where there are none to speak of. */
  settings(): Promise<StoreSettings | null>;
  /** A write that changes nothing; rejects with a `LogTrouble` as any other would, so that a Redis that only answers reads is noticed. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreSettings {
  readonly version: string;
  readonly appendOnly: boolean;
  readonly evictionPolicy: string;
}

/** Sentences to show at the start. None: all is as it should be. */
export function warningsOf(settings: StoreSettings): readonly string[] {
  const { version, appendOnly, evictionPolicy } = settings;
  const warnings: string[] = [];
  if (!appendOnly)
    warnings.push(
      'Redis has appendonly off: a crash loses minutes of what happened. Set `appendonly yes` in redis.conf; with `appendfsync everysec` the loss of the whole machine costs a second at most.',
    );
  if (evictionPolicy !== 'noeviction')
    warnings.push(
      `Redis has maxmemory-policy ${evictionPolicy}: when it is full it may throw the journal away. Set \`maxmemory-policy noeviction\`.`,
    );
  if (Number(version.split('.')[0]) < 7)
    warnings.push(`Redis is version ${version}: Pharos expects 7 or newer.`);
  return warnings;
}
