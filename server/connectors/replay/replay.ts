// A recording lived again on a running site: its times are moved to now, its pace is as asked, its ids are its own.
import { pause } from '../../clock.ts';
import type { Clock } from '../../clock.ts';
import type { Append, NewEvent, PharosEvent } from '../../events/event.ts';
import { moved } from './moved.ts';

export interface ReplayOptions {
  /** In the order of time. */
  readonly events: readonly PharosEvent[];
  /** Seconds of the recording in one second, over 0. */
  readonly speed: number;
  /** `refuse`: a site that somebody else feeds is left alone. */
  readonly onLiveSite: 'refuse' | 'join';
  /** The sources that feed the site now. */
  readonly liveSources: () => Promise<readonly string[]>;
  readonly append: Append;
  readonly clock: Clock;
  /** Put before every id; another one for each replay. */
  readonly run: string;
  readonly signal?: AbortSignal;
}

export type Replayed =
  | { readonly kind: 'done'; readonly appended: number; readonly tookMs: number }
  | { readonly kind: 'stopped'; readonly appended: number }
  | { readonly kind: 'refused'; readonly complaint: string };

/** A site takes so many in one go (contract, section 2). */
const BATCH_MAX = 500;
const TURN_MS = 20;

/** Rejects as `append` and `liveSources` do; what was appended before stays. */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { events, speed, append, clock, run } = options;
  const own = new Set(events.map((event) => event.source));
  const others = (await options.liveSources()).filter((source) => !own.has(source));
  if (others.length > 0 && options.onLiveSite === 'refuse')
    return { kind: 'refused', complaint: refusal(others) };
  const first = events[0]?.at ?? 0;
  const startedAt = clock.now();
  const move = { instant: (at: number) => startedAt + (at - first) / speed, run, speed };
  let next = 0;
  while (next < events.length) {
    if (options.signal?.aborted) return { kind: 'stopped', appended: next };
    const batch: NewEvent[] = [];
    for (const event of events.slice(next, next + BATCH_MAX)) {
      if (move.instant(event.at) > clock.now()) break;
      batch.push(moved(event, move));
    }
    if (batch.length > 0) {
      await append(batch);
      next += batch.length;
      continue;
    }
    const due = move.instant(events[next]?.at ?? first) - clock.now();
    await pause(clock, Math.max(due, TURN_MS), options.signal);
  }
  return { kind: 'done', appended: next, tookMs: clock.now() - startedAt };
}

function refusal(others: readonly string[]): string {
  const names = others.slice(0, 5).join(', ');
  const sources = others.length === 1 ? 'a live source' : 'live sources';
  return `The site has ${sources}, ${names}, and a replay among real calls would falsify every number. Give --into-live if that is what you want, or replay into another site.`;
}
