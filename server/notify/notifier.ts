// The outbox emptied: lanes are claimed, their heads sent, and what became of it settled with the journal told. One room since all of it is about what this server has in hand.
import { setMaxListeners } from 'node:events';
import type { Cancel, Clock } from '../clock.ts';
import type { Severity } from '../contract/lists.ts';
import type { AlertTold } from '../events/episode.ts';
import type { AlertFact, Facts } from '../floor/rows.ts';
import { lanePartsOf } from '../log/outbox.ts';
import type { Claimed, Counts, Outcome, OutboxStore, Over, WaitingRow } from '../log/outbox.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';
import type { Channel } from './channel-form.ts';
import type { Channels } from './channels.ts';
import { digestOf, isReadable, letterOf, rowIn } from './letter.ts';
import type { LetterParts } from './letter.ts';
import { END_AFTER_MS } from './notices.ts';
import { plainWhy } from './plain-why.ts';
import { nextTryAt, planFor } from './plan.ts';
import type { Plan } from './plan.ts';
import { breaksQuiet, isQuietAt } from './quiet-hours.ts';
import type { Send, Sent } from './sender.ts';
import { entryOf, foldedEntries, toldEntry } from './told-entries.ts';
import type { Said } from './told-entries.ts';
import { lanesTold } from './written-back.ts';

/** A lane is in our hands for so long, and longer while something of it is being sent: no living server sends what another one has in hand (milliseconds). */
const LEASE_MS = 10_000;
const RENEW_MS = 3_000;
/** A sending that never ends would keep its lane for ever (milliseconds). */
const HELD_MOST_MS = 15 * 60_000;
/** A sending that takes longer is not counted among those in hand (milliseconds). */
const SLOW_MS = 8_000;
/** What another server decided is found after so long at most (milliseconds). */
const LOOK_MS = 1_000;
/** What is being sent when the house closes has so long to end by itself (milliseconds). */
const FAREWELL_MS = 1_000;
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

/** So many rows of a failed digest the journal hears of. */
const FAILED_SAID = 50;

/** The house closes: nobody waits for what the receiver says, and whether it arrived is not known. */
const CUT = { kind: 'cut' } as const;

export class Notifier {
  readonly #parts: NotifierParts;
  readonly #inHand = new Set<Promise<void>>();
  /** Those of them that have taken long; one lane is among them once at most. */
  readonly #slow = new Set<Promise<void>>();
  #appointment: { readonly at: number; readonly cancel: Cancel } | null = null;
  #looking: Promise<void> | null = null;
  #isLookDue = false;
  #isClosed = false;
  readonly #closing = new AbortController();
  #claims = 0;
  #hasFailed = false;
  /** The channels could not be read anew. */
  #hasUnheard = false;
  /** Lanes whose last try failed: the first failure speaks, the next are counted. */
  readonly #failing = new Set<string>();

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    // One for each sending, and of slow ones there may be many: else Node warns of a leak.
    setMaxListeners(0, this.#closing.signal);
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

  /**
   * Claims nothing more, and ends when what is in hand has ended, or was let go after a second: such a row stays leased, and the next
   * server, or this one after its start, sends it by its name.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#appointment?.cancel();
    const cancel = this.#parts.clock.after(FAREWELL_MS, () => this.#closing.abort());
    await this.#looking;
    await Promise.all([...this.#inHand, ...this.#slow]);
    cancel();
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
      await this.#hear(channelsAt);
      for (const lane of claimed) this.#take(lane);
      this.#recovered();
      const soonest = Math.min(nextAt ?? Infinity, clock.now() + LOOK_MS);
      this.#awake(claimed.length === room ? clock.now() + LOOK_MS : soonest);
    } catch (error) {
      this.#troubled(error);
      this.#awake(clock.now() + LOOK_MS);
    }
  }

  /** Where the channels cannot be read anew, what is claimed goes by those that are known: it must not lie until its lease is over. */
  async #hear(channelsAt: string): Promise<void> {
    try {
      await this.#parts.channels.heard(channelsAt);
      this.#hasUnheard = false;
    } catch (error) {
      const isFirst = !this.#hasUnheard;
      this.#hasUnheard = true;
      if (!isFirst) return;
      const text = `How people are reached cannot be read again: ${wordsOf(error)}. They are told as it was known before.`;
      this.#parts.telemetry.announce({ name: 'notify.unheard', severity: 'warn', text });
    }
  }

  #take(lane: Claimed): void {
    const { clock, store } = this.#parts;
    const { token } = lane;
    const until = clock.monotonic() + HELD_MOST_MS;
    const renewing = clock.every(RENEW_MS, () => {
      if (clock.monotonic() > until) return;
      store.renew({ lane: lane.lane, token, leaseMs: LEASE_MS }).catch(() => undefined);
    });
    // Who takes long, as a mail server may, must not keep all others waiting.
    const letGo = clock.after(SLOW_MS, () => {
      if (!this.#inHand.delete(work)) return;
      this.#slow.add(work);
      this.wake();
    });
    const work = this.#handle(lane)
      .catch((error: unknown) => this.#troubled(error))
      .finally(() => {
        renewing();
        letGo();
        this.#inHand.delete(work);
        this.#slow.delete(work);
        this.wake();
      });
    this.#inHand.add(work);
  }

  async #handle(claimed: Claimed): Promise<void> {
    const { channels, clock, facts } = this.#parts;
    const odd = claimed.rows.filter((row) => !isReadable(row));
    if (odd.length > 0) {
      await this.#passOver(claimed, odd);
      return;
    }
    const channel = channels.at(claimed.lane);
    const plan = planFor(claimed, {
      now: clock.now(),
      isReachable: channel !== null,
      isOver: (episode) => isOver(facts.alerts.get(episode), clock.now()),
      isHushed: ({ severity }) =>
        channel !== null && this.#isHushed(claimed.lane, channel, severity),
      hasArrived: (row) => this.#arrivalOf(row) !== undefined,
      hasHeard: ({ lane, about }) => {
        const alert = facts.alerts.get(about);
        return alert !== undefined && lanesTold(alert).includes(lane);
      },
    });
    switch (plan.kind) {
      case 'known':
        await this.#markAgain(claimed, plan.rows);
        return;
      case 'send':
      case 'digest':
        if (channel !== null) await this.#tell(claimed, channel, plan);
        return;
      case 'hold':
        await this.#settle(claimed, plan.rows, {
          outcome: { kind: 'held', until: plan.until, isUrgent: plan.isUrgent },
          said: {
            ...{ outcome: 'held', why: null, via: channel?.kind ?? 'none' },
            nextAt: Math.ceil(plan.until),
          },
        });
        return;
      case 'drop':
        await this.#settle(claimed, plan.rows, {
          outcome: { kind: 'gone' },
          said: { outcome: 'dropped', why: plan.why, via: channel?.kind ?? 'none' },
        });
        return;
      case 'give-up':
        await this.#giveUp(claimed, plan.rows, plan.why, { channel, isTried: false });
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
    if (plan.kind === 'digest' && !plan.isPacked && !(await this.#pack(claimed, plan))) return;
    const now = clock.now();
    const letter =
      plan.kind === 'send' ? letterOf(plan.row, letters, now) : digestOf(plan, letters, now);
    const sent = await this.#untilClosed(send(channel, letter));
    if (sent.kind === 'cut') return;
    this.#noteLane(claimed.lane, channel, sent);
    const via = channel.kind;
    const { isUrgent } = plan;
    switch (sent.kind) {
      case 'sent':
        await this.#settle(claimed, rows, {
          outcome: { kind: 'sent', counts: countsAs(plan), isUrgent, over: overOf(plan, via) },
          said: {
            ...{ outcome: 'sent', why: null, via },
            ...(plan.kind === 'digest' ? { isDigest: true } : {}),
          },
        });
        return;
      case 'failed': {
        const at = nextTryAt(rows[0] ?? { tries: 0 }, clock.now());
        await this.#settle(claimed, rows, {
          outcome: { kind: 'again', at },
          said: { outcome: 'failed', why: sent.why, via, nextAt: Math.ceil(at) },
        });
        return;
      }
      case 'dead':
        await this.#giveUp(claimed, rows, sent.why, { channel, isTried: true });
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

  /** Written before it is sent, so that who sends it again after a crash sends the same. False: the lane is no longer ours. */
  async #pack(
    { lane, token }: Claimed,
    { rows, digest }: Extract<Plan, { kind: 'digest' }>,
  ): Promise<boolean> {
    const ids = rows.map(({ id }) => id);
    const outcome = { kind: 'packed', digest } as const;
    return this.#parts.store.settle({ lane, token, ids, outcome, entries: [] });
  }

  async #giveUp(
    claimed: Claimed,
    rows: readonly WaitingRow[],
    said: string,
    { channel, isTried }: { readonly channel: Channel | null; readonly isTried: boolean },
  ): Promise<void> {
    const why = plainWhy(said);
    const via = channel?.kind ?? 'none';
    const tries = (rows[0]?.tries ?? 0) + (isTried ? 1 : 0);
    const { of } = lanePartsOf(claimed.lane);
    const what = rows.length === 1 ? 'A notification' : `${rows.length} notifications`;
    const were = rows.length === 1 ? 'was' : 'were';
    const text = `${what} to ${of} by ${channel?.kind ?? 'a channel that is no more'} ${were} given up: ${why}.`;
    this.#parts.telemetry.announce({ name: 'notify.dead', severity: 'warn', text });
    await this.#settle(claimed, rows, {
      outcome: { kind: 'dead', why, tries, via },
      said: { outcome: 'dead', why, via },
    });
  }

  /** What somebody else wrote into the outbox is taken out, so that it stands in nobody's way. */
  async #passOver({ lane, token }: Claimed, rows: readonly WaitingRow[]): Promise<void> {
    const { store, telemetry } = this.#parts;
    const ids = rows.map(({ id }) => id);
    await store.settle({ lane, token, ids, outcome: { kind: 'gone' }, entries: [] });
    const text = `Rows of the outbox that Pharos did not write were taken out: ${ids.length}.`;
    telemetry.announce({ name: 'notify.odd', severity: 'warn', text });
  }

  /** A Redis that was set back has them as they were before they arrived, and its journal may have lost that they did. */
  async #markAgain({ lane, token }: Claimed, rows: readonly WaitingRow[]): Promise<void> {
    const ids = rows.map(({ id }) => id);
    const entries = rows.flatMap((row) => {
      const arrival = this.#arrivalOf(row);
      return arrival === undefined ? [] : [entryOf(row, arrival)];
    });
    const outcome = { kind: 'sent', counts: null, isUrgent: false, over: null } as const;
    await this.#parts.store.settle({ lane, token, ids, outcome, entries });
  }

  #isHushed(lane: string, channel: Channel, severity: Severity): boolean {
    const { channels, clock, letters } = this.#parts;
    const { owner, of } = lanePartsOf(lane);
    const quiet = owner === 'person' ? channels.quietOf(of) : null;
    if (quiet === null || breaksQuiet(severity, channel, quiet)) return false;
    return isQuietAt(quiet, clock.now(), letters.zone);
  }

  #arrivalOf({ id, about }: Pick<WaitingRow, 'id' | 'about'>): AlertTold | undefined {
    const deliveries = this.#parts.facts.alerts.get(about)?.deliveries ?? [];
    return deliveries.find(
      ({ notification, outcome }) => notification === id && outcome === 'sent',
    );
  }

  async #settle(
    { lane, token }: Claimed,
    rows: readonly WaitingRow[],
    { outcome, said }: { readonly outcome: Outcome; readonly said: Said },
  ): Promise<void> {
    const { store, clock, telemetry } = this.#parts;
    const at = Math.floor(clock.now());
    const named = outcome.kind === 'again' ? rows.slice(0, FAILED_SAID) : rows;
    const told = named.map((row) => toldEntry(row, said, { outcome, at }));
    const entries = isLast(outcome)
      ? [...rows.flatMap((row) => foldedEntries(row, at)), ...told]
      : told;
    const ids = rows.map(({ id }) => id);
    const isOurs = await store.settle({ lane, token, ids, outcome, entries });
    const { outcome: how, via } = said;
    const fields = { outcome: how, via, count: rows.length, isOurs };
    telemetry.announce({ name: 'notify.settled', severity: 'debug', fields });
    if (how !== 'sent' || !isOurs) return;
    // How long people waited for the first word of an alarm; what comes later is told because they did not answer.
    for (const { kind, round, raisedAt } of rows.map(rowIn))
      if (round === 1 && (kind === 'fire' || kind === 'raise')) {
        const seconds = Math.max(0, at - raisedAt) / 1_000;
        telemetry.announce({ name: 'notify.handed', severity: 'debug', fields: { via, seconds } });
      }
  }

  async #untilClosed(sending: Promise<Sent>): Promise<Sent | typeof CUT> {
    const { signal } = this.#closing;
    if (signal.aborted) return CUT;
    let letGo = (): void => undefined;
    const cut = new Promise<typeof CUT>((resolve) => {
      letGo = () => resolve(CUT);
      signal.addEventListener('abort', letGo, { once: true });
    });
    try {
      return await Promise.race([sending, cut]);
    } finally {
      signal.removeEventListener('abort', letGo);
    }
  }

  #noteLane(lane: string, { kind }: Channel, sent: Sent): void {
    const { telemetry } = this.#parts;
    const { of } = lanePartsOf(lane);
    if (sent.kind === 'failed' && !this.#failing.has(lane)) {
      this.#failing.add(lane);
      const text = `${of} cannot be told by ${kind}: ${plainWhy(sent.why)}. It is tried again.`;
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

/** Until then it may come back as the same episode, and whoever heard nothing of it would not be told. */
function isOver(alert: AlertFact | undefined, now: number): boolean {
  const resolvedAt = alert?.state === 'resolved' ? alert.resolvedAt : null;
  return resolvedAt !== null && now >= resolvedAt + END_AFTER_MS;
}

/** An end replaces what was there, without a sound: it is no news. */
function countsAs(plan: Extract<Plan, { kind: 'send' | 'digest' }>): Counts {
  return plan.kind === 'send' && plan.row.marks === 'ends' ? 'end' : 'news';
}

/** What only its number was kept of. */
function overOf(plan: Extract<Plan, { kind: 'send' | 'digest' }>, via: string): Over | null {
  if (plan.kind === 'send' || plan.digest.over === 0) return null;
  const { isUrgent } = plan;
  const { over: count } = plan.digest;
  const what = isUrgent ? 'urgent notifications' : 'notifications';
  const why = `too many waited: of ${count} more ${what} only the number was told`;
  return { count, why, via };
}

function isLast({ kind }: Outcome): boolean {
  return kind === 'sent' || kind === 'gone' || kind === 'dead';
}
