// The one loop: entries of the log, or an appointment of the clock → floor → hand out. One room since it is the only mutable state of the flow.
import type { Cancel, Clock } from '../clock.ts';
import { pause } from '../clock.ts';
import type { LogHealth } from '../contract/protocol.ts';
import { OWN_SOURCE } from '../events/event.ts';
import type { DataOf } from '../events/schema.ts';
import type { Floor } from '../floor/floor.ts';
import type { Touched } from '../floor/rows.ts';
import { goesOnAt, judge } from '../log/continuity.ts';
import type { DedupWindow } from '../log/dedup.ts';
import { LogTrouble } from '../log/log.ts';
import type { Entry, Log, LogPosition } from '../log/log.ts';
import { HealthOfLog } from './log-health.ts';
import { ReadAhead } from './read-ahead.ts';
import { nextCount, READ_FIRST } from './read-pace.ts';
import type { Telemetry } from '../telemetry.ts';
import { takeTurn } from './turn.ts';
import type { RefusedEntry } from './turn.ts';
import { wordsOf } from '../words-of.ts';

/** A gap must be on the screens within 2 s: what a read waits for, what a look waits for, and a tick. */
const BLOCK_MS = 500;
/** Milliseconds after a failed read before the next. */
const RETRY_MS = 250;
/** Milliseconds between two looks at the stream itself: `XREAD` says nothing when entries are gone. */
const WATCH_MS = 500;

export interface EngineParts {
  readonly log: Log;
  readonly floor: Floor;
  readonly dedup: DedupWindow;
  /** The site's clock. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Where the floor stands. */
  readonly standing: Standing;
  /** A write that changes nothing; rejects as a real one would. */
  readonly probeWrite: () => Promise<void>;
  /** Rows that a turn touched; the floor's tables hold them already. */
  readonly onTouched: (touched: Touched) => void;
  readonly onRefused: (refused: readonly RefusedEntry[]) => void;
  /** The log can be read again after it could not; absent: nobody minds. */
  readonly onBack?: () => void;
  /** Another person sits at a session; absent: nobody minds. */
  readonly onAccess?: (change: DataOf['access.changed']) => void;
  /**
   * Entries are gone unread: sources that can should tell anew what is true, screens begin anew. `untold` are those that speak and
   * have never told it, so that nobody knows what of theirs is still true.
   */
  readonly onGap: (untold: readonly string[]) => void;
}

/** Up to which entry, and which instant, the floor knows everything. */
export interface Standing {
  readonly position: LogPosition;
  readonly soundAt: number;
}

export class Engine {
  readonly #parts: EngineParts;
  readonly #health: HealthOfLog;
  readonly #reads: ReadAhead;
  readonly #closing = new AbortController();
  #position: LogPosition;
  #soundAt: number;
  #poisonedBy: string | null = null;
  #watchedAt = -Infinity;
  /** Entries that the next read asks for. */
  #asked = READ_FIRST;
  #appointment: { readonly at: number; readonly cancel: Cancel } | null = null;
  /** The log is being asked whether time may pass. */
  #isAsking = false;
  #running: Promise<void> | null = null;
  #troubleSaid: string | null = null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#position = parts.standing.position;
    this.#soundAt = parts.standing.soundAt;
    this.#health = new HealthOfLog(this.#soundAt);
    this.#reads = new ReadAhead(parts.log);
  }

  /** Folds what is in the log already; resolves when the floor is live, or when the engine is closed before. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#running = this.#run(resolve);
    });
  }

  health(): LogHealth {
    return this.#health.at(this.#parts.clock.monotonic());
  }

  /** True while the floor follows the log: what it shows may be decided by. */
  get isFollowing(): boolean {
    return this.#health.readable;
  }

  standing(): Standing {
    return { position: this.#position, soundAt: this.#soundAt };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#appointment?.cancel();
    await this.#running;
  }

  async #run(onCaughtUp: () => void): Promise<void> {
    const { signal } = this.#closing;
    let caughtUp = false;
    while (!signal.aborted) {
      try {
        const asked = this.#asked;
        const entries = await this.#read(caughtUp);
        // An aborted read gives nothing, which must not be taken for an answer.
        if (signal.aborted) break;
        const isLast = entries.length < asked;
        const position = await this.#watched(reached(this.#position, entries), isLast);
        this.#asked = nextCount(asked, entries);
        if (!isLast) this.#reads.ask(position.id, { count: this.#asked, blockMs: 0, signal });
        // Before what came meanwhile is folded, so that nobody takes it for news of now.
        if (this.#troubleSaid !== null) this.#parts.onBack?.();
        this.#turn(entries, { position, isLast });
        this.#recovered();
        if (caughtUp || !isLast) continue;
        caughtUp = true;
        this.#health.caughtUp(true);
        await this.#letTimePass();
        onCaughtUp();
      } catch (error) {
        this.#failed(error);
        await pause(this.#parts.clock, RETRY_MS, signal);
      }
    }
    onCaughtUp();
  }

  #read(caughtUp: boolean): Promise<readonly Entry[]> {
    // After trouble the first answer must come at once: one that waits for an entry would keep a quiet wall dark.
    const blockMs = caughtUp && this.#troubleSaid === null ? BLOCK_MS : 0;
    const { signal } = this.#closing;
    return this.#reads.read(this.#position.id, { count: this.#asked, blockMs, signal });
  }

  #turn(
    entries: readonly Entry[],
    { position, isLast }: { readonly position: LogPosition; readonly isLast: boolean },
  ): void {
    const { clock, onTouched, onRefused, telemetry } = this.#parts;
    const now = clock.now();
    const last = entries.at(-1);
    if (last !== undefined) {
      const turn = takeTurn(this.#parts, entries, {
        now,
        soundAt: this.#soundAt,
        poisonedBy: this.#poisonedBy,
      });
      this.#soundAt = turn.soundAt;
      this.#notePoison(turn.poisonedBy);
      for (const source of turn.snapshots) this.#health.snapshotCame(source);
      telemetry.announce({ name: 'engine.turned', severity: 'debug', fields: turn.counts });
      for (const { entry, error } of turn.broke) this.#broke(`entry ${entry}`, error);
      onTouched(turn.touched);
      for (const change of turn.access) this.#parts.onAccess?.(change);
      if (turn.refused.length > 0) onRefused(turn.refused);
    }
    this.#position = position;
    this.#health.heard(clock.monotonic(), isLast ? now : this.#soundAt);
    this.#makeAppointment();
  }

  /** One timer sleeps until the earliest instant at which time alone changes a row. `now` is the log's. */
  #makeAppointment(now = this.#parts.clock.now()): void {
    const { floor, clock } = this.#parts;
    const at = this.#health.readable ? floor.nextAt() : null;
    if (at === this.#appointment?.at) return;
    this.#appointment?.cancel();
    this.#appointment = null;
    if (at === null || this.#closing.signal.aborted) return;
    const cancel = clock.after(at - now, () => {
      this.#appointment = null;
      void this.#letTimePass();
    });
    this.#appointment = { at, cancel };
  }

  /**
   * Changes what time alone changes, up to an instant before which nothing is unread: whoever lived through it (a server that was
   * frozen, too) and whoever folds it later must do everything in the same order. While Redis is away nothing is decided.
   */
  async #letTimePass(): Promise<void> {
    const { log, floor, onTouched } = this.#parts;
    if (!this.#health.readable || this.#isAsking) return;
    const { id } = this.#position;
    this.#isAsking = true;
    const quietAt = await log.quietAt(id).catch(() => null);
    this.#isAsking = false;
    if (this.#closing.signal.aborted) return;
    if (quietAt !== null) {
      try {
        floor.pass(quietAt);
      } catch (error) {
        this.#broke(`time up to ${quietAt}`, error);
      }
      onTouched(floor.take());
    }
    // What is unread makes the appointment again when it is folded, which may have been meanwhile.
    if (quietAt !== null || this.#position.id !== id) this.#makeAppointment(quietAt ?? undefined);
  }

  /** Looks twice a second whether what was read up to `position` is all that there was; gives where one goes on. */
  async #watched(position: LogPosition, isLast: boolean): Promise<LogPosition> {
    const { log, clock, probeWrite } = this.#parts;
    if (clock.monotonic() - this.#watchedAt < WATCH_MS) return position;
    // Of a backlog nobody counts what is after the position: its entries may be large.
    const asking = log.extent(isLast ? position.id : undefined);
    const [extent] = await Promise.all([asking, this.#probe(probeWrite)]);
    this.#watchedAt = clock.monotonic();
    const found = judge(position, extent);
    if (found.kind === 'ok') return position;
    this.#health.gapFound(found.reason, clock.monotonic());
    this.#parts.telemetry.announce({
      name: 'log.gap',
      severity: 'error',
      text: `The journal has a gap (${found.kind}): ${found.lost ?? 'an unknown number of'} entries were never read. Sources are asked to tell anew what is true.`,
      fields: { kind: found.kind, lost: found.lost },
    });
    this.#parts.onGap(this.#untold());
    return goesOnAt(found.kind, position, extent);
  }

  #untold(): readonly string[] {
    const rows = [...this.#parts.floor.facts.sources.values()];
    const speak = rows.filter(({ id, state }) => id !== OWN_SOURCE && state !== 'lost');
    return speak.filter(({ id }) => !this.#health.tells(id)).map(({ id }) => id);
  }

  async #probe(probeWrite: () => Promise<void>): Promise<void> {
    try {
      await probeWrite();
      this.#health.writeProbed(null);
    } catch (error) {
      this.#health.writeProbed(
        error instanceof LogTrouble ? (error.reason ?? 'unreachable') : 'unreachable',
      );
    }
  }

  #notePoison(by: string | null): void {
    if (by !== null && this.#poisonedBy === null)
      this.#parts.telemetry.announce({
        name: 'log.poisoned',
        severity: 'error',
        text: `The source "${by}" wrote an entry whose id is from the future; until then no time in the journal can be believed.`,
        fields: { source: by },
      });
    this.#poisonedBy = by;
    this.#health.poisoned(by !== null);
  }

  /** A defect of Pharos: told with all that helps to mend it, and the floor goes on. */
  #broke(over: string, error: unknown): void {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = `The floor broke over ${over}, left it and went on. Please report this: ${said}`;
    this.#parts.telemetry.announce({ name: 'floor.broke', severity: 'error', text });
  }

  #failed(error: unknown): void {
    const trouble = error instanceof LogTrouble ? error : null;
    this.#health.readFailed(trouble?.reason ?? null);
    const words = trouble?.said ?? wordsOf(error);
    const said = words.replace(/\.$/, '');
    if (this.#troubleSaid === said) return;
    this.#troubleSaid = said;
    const text = `The log cannot be read (${trouble?.reason ?? 'no name'}): ${said}. Every screen says so; trying again.`;
    this.#parts.telemetry.announce({ name: 'log.lost', severity: 'error', text });
  }

  #recovered(): void {
    if (this.#troubleSaid === null) return;
    this.#troubleSaid = null;
    this.#parts.telemetry.announce({
      name: 'log.back',
      severity: 'info',
      text: 'The log can be read again.',
    });
  }
}

function reached(position: LogPosition, entries: readonly Entry[]): LogPosition {
  const last = entries.at(-1);
  return last === undefined ? position : { id: last.id, added: position.added + entries.length };
}
