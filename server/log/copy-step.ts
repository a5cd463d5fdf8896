// One step of copying one stream, and what the copier holds in mind between two of them.
import type { SourceFault } from '../contract/lists.ts';
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import { OWN_SOURCE } from '../events/event.ts';
import type { NewEvent } from '../events/event.ts';
import { ORIGIN } from './continuity.ts';
import type { CopyStep, InboundStore } from './inbound.ts';
import type { Lease } from './leases.ts';
import type { LogPosition } from './log.ts';
import type { Refusal } from './refusals.ts';

export interface StepParts {
  readonly store: InboundStore;
  readonly lease: Lease;
  readonly onRefused: (refusal: Refusal) => void;
}

export interface Round {
  /** Where each stream was copied up to, as Redis has it. */
  cursors: Map<string, LogPosition>;
  /** Faults that are there still, and when each was last said, on the monotonic clock. */
  readonly lasting: Map<string, { readonly fault: SourceFault; readonly saidAt: number }>;
  /** Refusals of steps of which nobody knows yet whether they were done, and where the cursor stands if they were. */
  readonly unsure: Map<string, { readonly to: LogPosition; readonly refused: readonly Refusal[] }>;
  /** When to look around again, on the monotonic clock. */
  lookAt: number;
  /** Entries of each stream that the next read asks for. */
  count: number;
  /** Streams that are more than one site's copier reads, as they were last told. */
  leftOut: string;
}

export async function step(
  { store, lease, onRefused }: StepParts,
  round: Round,
  copy: CopyStep & { readonly refused?: readonly Refusal[] },
): Promise<void> {
  const { source, from, to, refused = [] } = copy;
  // What was refused is counted by the script that moves past it: once, whatever fails.
  const count =
    refused.length === 0
      ? []
      : [own({ type: 'source.refused', subject: source, data: { count: refused.length } })];
  round.unsure.set(source, { to, refused });
  const done = await store.copyInbound(lease, {
    ...{ source, from, to },
    entries: [...copy.entries, ...count],
  });
  // Moved: an answer was lost after the copying, and Redis knows better where it stands.
  if (done === 'moved') {
    settle(onRefused, round, await store.inboundCursors(lease));
    return;
  }
  round.cursors.set(source, to);
  round.unsure.delete(source);
  refused.forEach(onRefused);
}

/** Takes the cursors as Redis has them, and learns from them which steps were done though no answer came. */
export function settle(
  onRefused: (refusal: Refusal) => void,
  round: Round,
  cursors: ReadonlyMap<string, LogPosition>,
): void {
  for (const [source, { to, refused }] of round.unsure) {
    round.unsure.delete(source);
    if (cursors.get(source)?.id === to.id) refused.forEach(onRefused);
  }
  for (const source of round.cursors.keys())
    round.cursors.set(source, cursors.get(source) ?? ORIGIN);
}

/** What Pharos itself says of a stream, as all screens will hear it. */
export function own(event: NewEvent<'source.faulted' | 'source.refused'>): Fields {
  return encode({ ...event, source: OWN_SOURCE });
}
