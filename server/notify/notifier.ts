// The outbox emptied: lanes are claimed, their heads sent, and what became of it settled with the journal told. One room since all of it is about what this server has in hand.
import type { Cancel, Clock } from '../clock.ts';
import type { AlertTold } from '../events/episode.ts';
import { encode } from '../events/encode.ts';
import type { Facts } from '../floor/rows.ts';
import { lanePartsOf } from '../log/outbox.ts';
import type { Claimed, Outcome, OutboxStore, WaitingRow } from '../log/outbox.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';
import type { Channel, Channels } from './channels.ts';
import { digestOf, letterOf, rowIn } from './letter.ts';
import type { LetterParts } from './letter.ts';
import { nextTryAt, planFor } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Send, Sent } from './sender.ts';

/** Longer than any sending takes, so that no living server sends what another one has in hand (milliseconds). */
const LEASE_MS = 10_000;
/** What another server decided is found after so long at most (milliseconds). */
const LOOK_MS = 1_000;
/** Lanes in hand at once. */
const LANES_MOST = 64;

export interface NotifierParts {
  readonly store: OutboxStore;
  readonly channels: Channels;
  readonly send: Send;
  readonly letters: LetterParts;
  readonly facts: Facts;
  /** The site's clock. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Names this server among those of the site. */
  readonly holder: string;
}

export class Notifier {
  readonly #parts: NotifierParts;
  readonly #inHand = new Set<Promise<void>>();
  #appointment: { readonly at: number; readonly cancel: Cancel } | null = null;
  #looking: Promise<void> | null = null;
  #isLookDue = false;
  #isClosed = false;
  #claims = 0;
  #hasFailed = false;
  /** Lanes whose last try failed: the first failure speaks, the next are counted. */
  readonly #failing = new Set<string>();

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** Something was decided, or there is room again. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isLookDue = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
      if (this.#isLookDue) this.wake();
    });
  }

  /** Claims nothing more, and ends when what is in hand has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#appointment?.cancel();
    await this.#looking;
    await Promise.all(this.#inHand);
  }

  async #look(): Promise<void> {
    const { store, clock, holder } = this.#parts;
    this.#isLookDue = false;
    const room = LANES_MOST - this.#inHand.size;
    // Who ends makes room, and looks.
    if (room <= 0) return;
    try {
      const token = `${holder}:${++this.#claims}`;
      const { claimed, nextAt, channelsAt } = await store.claim({
        token,
        leaseMs: LEASE_MS,
        lanes: room,
      });
      await this.#parts.channels.heard(channelsAt);
      for (const lane of claimed) this.#take(lane);
      this.#recovered();
      const soonest = Math.min(nextAt ?? Infinity, clock.now() + LOOK_MS);
      this.#awake(claimed.length === room ? clock.now() + LOOK_MS : soonest);
    } catch (error) {
      this.#troubled(error);
      this.#awake(clock.now() + LOOK_MS);
    }
  }

  #take(lane: Claimed): void {
    const work = this.#handle(lane)
      .catch((error: unknown) => this.#troubled(error))
      .finally(() => {
        this.#inHand.delete(work);
        this.wake();
      });
    this.#inHand.add(work);
  }

  async #handle(claimed: Claimed): Promise<void> {
    const { channels, clock, facts } = this.#parts;
    const channel = channels.at(claimed.lane);
    const plan = planFor(claimed, {
      now: clock.now(),
      isReachable: channel !== null,
      isOver: (episode) => facts.alerts.get(episode)?.state === 'resolved',
    });
    switch (plan.kind) {
      case 'send':
      case 'digest':
        if (channel !== null) await this.#tell(claimed, channel, plan);
        return;
      case 'hold':
        await this.#settle(claimed, plan.rows, { outcome: { kind: 'held', until: plan.until } });
        return;
      case 'drop':
        await this.#settle(claimed, [plan.row], {
          outcome: { kind: 'gone' },
          said: { outcome: 'dropped', why: plan.why, via: channel?.kind ?? 'none' },
        });
        return;
      case 'give-up':
        await this.#giveUp(claimed, [plan.row], plan.why, channel);
        return;
      default:
        plan satisfies never;
    }
  }

  async #tell(
    claimed: Claimed,
    channel: Channel,
    plan: Extract<Plan, { kind: 'send' | 'digest' }>,
  ): Promise<void> {
    const { clock, send } = this.#parts;
    const { language = this.#parts.letters.language } = channel;
    const letters = { ...this.#parts.letters, language };
    const rows = plan.kind === 'send' ? [plan.row] : plan.rows;
    const now = clock.now();
    const letter =
      plan.kind === 'send' ? letterOf(plan.row, letters, now) : digestOf(rows, letters, now);
    const sent = await send(channel, letter);
    this.#noteLane(claimed.lane, channel, sent);
    const via = channel.kind;
    switch (sent.kind) {
      case 'sent':
        // An end takes the place of what was pushed before, without a sound.
        await this.#settle(claimed, rows, {
          outcome: { kind: 'sent', isCounted: !letter.isSilent },
          said: { outcome: 'sent', why: null, via },
        });
        return;
      case 'failed':
        await this.#settle(claimed, rows, {
          outcome: { kind: 'again', at: nextTryAt(rows[0] ?? { tries: 0 }, clock.now()) },
          said: { outcome: 'failed', why: sent.why, via },
        });
        return;
      case 'dead':
        await this.#giveUp(claimed, rows, sent.why, channel);
        return;
      case 'gone':
        await this.#settle(claimed, rows, {
          outcome: { kind: 'gone' },
          said: { outcome: 'dropped', why: sent.why, via },
        });
        await this.#parts.channels.drop(claimed.lane);
        return;
      default:
        sent satisfies never;
    }
  }

  async #giveUp(
    claimed: Claimed,
    rows: readonly WaitingRow[],
    why: string,
    channel: Channel | null,
  ): Promise<void> {
    const { of } = lanePartsOf(claimed.lane);
    const text = `A notification to ${of} by ${channel?.kind ?? 'a channel that is no more'} was given up: ${why}.`;
    this.#parts.telemetry.announce({ name: 'notify.dead', severity: 'warn', text });
    await this.#settle(claimed, rows, {
      outcome: { kind: 'dead', why },
      said: { outcome: 'dead', why, via: channel?.kind ?? 'none' },
    });
  }

  async #settle(
    { lane, token }: Claimed,
    rows: readonly WaitingRow[],
    {
      outcome,
      said,
    }: { readonly outcome: Outcome; readonly said?: Pick<AlertTold, 'outcome' | 'why' | 'via'> },
  ): Promise<void> {
    const { store, clock, telemetry } = this.#parts;
    const at = Math.floor(clock.now());
    const entries = said === undefined ? [] : rows.map((row) => toldEntry(row, said, at));
    const ids = rows.map(({ id }) => id);
    const isOurs = await store.settle({ lane, token, ids, outcome, entries });
    const fields = {
      outcome: said?.outcome ?? outcome.kind,
      via: said?.via ?? 'none',
      count: rows.length,
      isOurs,
    };
    telemetry.announce({ name: 'notify.settled', severity: 'debug', fields });
  }

  #noteLane(lane: string, { kind }: Channel, sent: Sent): void {
    const { telemetry } = this.#parts;
    const { of } = lanePartsOf(lane);
    if (sent.kind === 'failed' && !this.#failing.has(lane)) {
      this.#failing.add(lane);
      const text = `${of} cannot be told by ${kind}: ${sent.why}. It is tried again.`;
      telemetry.announce({ name: 'notify.failed', severity: 'warn', text });
    }
    if (sent.kind !== 'failed' && this.#failing.delete(lane) && sent.kind === 'sent')
      telemetry.announce({
        name: 'notify.recovered',
        severity: 'info',
        text: `${of} can be told by ${kind} again.`,
      });
  }

  #troubled(error: unknown): void {
    const isFirst = !this.#hasFailed;
    this.#hasFailed = true;
    if (!isFirst) return;
    const text = `The outbox cannot be read or written: ${wordsOf(error)}. What is in it waits, and may be told twice with the same name.`;
    this.#parts.telemetry.announce({ name: 'notify.troubled', severity: 'warn', text });
  }

  #recovered(): void {
    if (!this.#hasFailed) return;
    this.#hasFailed = false;
    this.#parts.telemetry.announce({
      name: 'notify.untroubled',
      severity: 'info',
      text: 'The outbox is read and written again.',
    });
  }

  #awake(at: number): void {
    const { clock } = this.#parts;
    this.#appointment?.cancel();
    this.#appointment = null;
    if (this.#isClosed) return;
    const cancel = clock.after(Math.max(0, at - clock.now()), () => {
      this.#appointment = null;
      this.wake();
    });
    this.#appointment = { at, cancel };
  }
}

function toldEntry(
  row: WaitingRow,
  said: Pick<AlertTold, 'outcome' | 'why' | 'via'>,
  at: number,
): ReturnType<typeof encode> {
  const { owner, of, channel } = lanePartsOf(row.lane);
  const attempt = said.outcome === 'dropped' ? row.tries : row.tries + 1;
  const why = said.why === null ? null : said.why.slice(0, 400);
  const data = {
    owner,
    of,
    channel,
    notification: row.id,
    kind: rowIn(row).kind,
    attempt,
    at,
    ...said,
    why,
  };
  const id = `${row.id}/${attempt}/${said.outcome}`;
  return encode({ type: 'alert.told', subject: row.about, source: 'pharos', id, data });
}
