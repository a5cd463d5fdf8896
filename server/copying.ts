// The copier at work, and what is said of it: a fault of one stream at once, trouble when it lasts, and its end.
import type { Clock } from './clock.ts';
import { runCopier } from './log/copier.ts';
import type { InboundStore } from './log/inbound.ts';
import type { Lease } from './log/leases.ts';
import type { Refusal } from './log/refusals.ts';
import type { Telemetry } from './telemetry.ts';
import type { Running } from './under-lease.ts';
import { wordsOf } from './words-of.ts';

/** Trouble is told when it lasts so long (milliseconds): when Redis itself is away, the reader has said so long before. */
const LASTS_MS = 5_000;
/** Of a flood of streams so many are named. */
const NAMED_MOST = 5;

export interface CopyingParts {
  readonly store: InboundStore;
  readonly lease: Lease;
  /** The site's. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** When the floor last heard of a source, in milliseconds since 1970; null: never. */
  readonly heardAt: (source: string) => number | null;
  /** Types that a source may send; undefined: the usual ones. */
  readonly grantOf: (source: string) => readonly string[] | undefined;
  readonly onRefused: (refusal: Refusal) => void;
}

export function startCopying({ telemetry, ...parts }: CopyingParts): Running {
  const { clock } = parts;
  const stopping = new AbortController();
  /** On the monotonic clock. */
  let troubledSince: number | null = null;
  let isTold = false;
  const copying = runCopier({
    ...parts,
    signal: stopping.signal,
    onFault: (source, fault, lost) =>
      telemetry.announce({
        name: 'copier.fault',
        severity: 'warn',
        text: `The stream in:${source} is ${fault}; ${lost ?? 'an unknown number of'} entries were never seen. No other source is touched.`,
        fields: { source, fault, lost },
      }),
    onLeftOut(sources) {
      const named = sources.slice(0, NAMED_MOST).join(', ');
      const more = sources.length > NAMED_MOST ? ` and ${sources.length - NAMED_MOST} more` : '';
      telemetry.announce({
        name: 'copier.left-out',
        severity: 'error',
        text: `Too many streams in: at this site. Not copied: ${named}${more}. Delete those that nobody needs.`,
        fields: { leftOut: sources.length },
      });
    },
    onTrouble(error) {
      const said = wordsOf(error);
      telemetry.announce({ name: 'copier.trouble', severity: 'debug', fields: { said } });
      troubledSince ??= clock.monotonic();
      if (isTold || clock.monotonic() - troubledSince < LASTS_MS) return;
      isTold = true;
      telemetry.announce({
        name: 'copier.stuck',
        severity: 'error',
        text: `No stream in: is copied: ${said}. What producers write stays in their streams; trying again.`,
      });
    },
    onWell() {
      troubledSince = null;
      if (!isTold) return;
      isTold = false;
      telemetry.announce({
        name: 'copier.well',
        severity: 'info',
        text: 'Streams in: are copied again.',
      });
    },
  });
  return {
    async stop() {
      stopping.abort();
      await copying;
    },
  };
}
