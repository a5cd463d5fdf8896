// Commands of people on their way: those about episodes to the one decision in Redis, all others to the journal; the answer is what became of them.
import { aroundOf } from '../alerts/around.ts';
import { command } from '../alerts/commands.ts';
import type { Command } from '../alerts/commands.ts';
import type { Around } from '../alerts/machine.ts';
import type { House } from '../alerts/people.ts';
import type { Rule } from '../alerts/rule.ts';
import type { Clock } from '../clock.ts';
import type { CommandAnswer, EpisodeCommand, FactCommand } from '../contract/commands.ts';
import { decisionOf } from './decision-of.ts';
import type { TellingOf } from './deciding.ts';
import { decode } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import type { Append, NewEvent } from '../events/event.ts';
import type { Floor } from '../floor/floor.ts';
import type { AlertFact } from '../floor/rows.ts';
import type { Heard } from '../gateway/command-said.ts';
import type { Speaker } from '../gateway/options.ts';
import type { DecisionStore } from '../log/decisions.ts';
import { LogTrouble } from '../log/log.ts';
import { Looking } from '../looking.ts';
import { countMove } from './move-counted.ts';
import { factOf } from './said-facts.ts';
import { activeOwner, saidWith } from './said-with.ts';
import type { Telemetry } from '../telemetry.ts';

/** So long it is waited for what Redis has and this floor has not read yet (milliseconds). */
const ROUND_MS = 2_000;
/** A page in use says so each minute; so long after its last word it is left (milliseconds). */
const USED_MS = 5 * 60_000;
/** An episode that moves so often under one command is not what the person saw. */
const TRIES_MOST = 8;

export interface CommandingParts {
  readonly floor: Pick<Floor, 'facts' | 'episodesOf'>;
  readonly rules: readonly Rule[];
  readonly store: Pick<DecisionStore, 'decide'> & { readonly append: Append };
  /** The site's clock. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** The floor follows the log at this moment; else nobody knows what a command is about. */
  readonly isLive: () => boolean;
  /** Whom an episode may be told to. */
  readonly house: () => House;
  /** Random, unlike any other. */
  readonly newId: () => string;
  /** Who is to be told by a move. */
  readonly tellingOf: TellingOf;
  /** There is something new in the outbox. */
  readonly onTold: () => void;
}

export class Commanding {
  readonly #parts: CommandingParts;
  /** Looked at after each turn of the floor. */
  readonly #looking: Looking;

  /** When each person sat down or spoke last at a desk of this server. */
  readonly #saidAt = new Map<string, number>();

  constructor(parts: CommandingParts) {
    this.#parts = parts;
    const { clock } = parts;
    this.#looking = new Looking((ms, run) => clock.after(ms, run), ROUND_MS);
  }

  /** Somebody opened a desk in this person's name. */
  sits(person: string): void {
    this.#saidAt.set(person, this.#parts.clock.now());
  }

  /** Within the last minutes somebody opened a desk in this person's name, or said something there, if only that its page is used. */
  isUsed(person: string): boolean {
    const at = this.#saidAt.get(person);
    return at !== undefined && this.#parts.clock.now() - at < USED_MS;
  }

  /** After each turn of the engine. */
  turned(): void {
    this.#looking.turned();
  }

  async obey(heard: Heard, by: Speaker): Promise<CommandAnswer> {
    if (by.how === 'said') this.sits(by.id);
    if (!this.#parts.isLive()) return { refused: 'log' };
    try {
      return isOfEpisode(heard) ? await this.#decide(heard, by) : await this.#tell(heard, by);
    } catch (error) {
      if (error instanceof LogTrouble) return { refused: 'log' };
      throw error;
    }
  }

  /** Escalations and worse severities move an episode under a person's thumb; as long as it is the version that they saw, it is said again. */
  async #decide(heard: Heard<EpisodeCommand>, by: Speaker): Promise<CommandAnswer> {
    const { clock, store, telemetry, tellingOf, onTold } = this.#parts;
    const { episode: id } = heard.says;
    const expected = 'expectedVersion' in heard.says ? heard.says.expectedVersion : undefined;
    // Another server may have shown what this one has not read yet.
    if (expected !== undefined)
      await this.#looking.until(() => (this.#episode(id)?.version ?? 0) >= expected);
    for (let tries = 0; tries < TRIES_MOST; tries++) {
      const episode = this.#episode(id);
      if (episode === undefined) return { refused: 'unknown' };
      if (expected !== undefined && episode.version !== expected) return stale(episode);
      const answer = command(episode, commandOf(heard, by), this.#around(episode));
      if (!answer.ok) return { refused: answer.refused, version: episode.version };
      const now = clock.now();
      const telling = tellingOf(answer.move, now);
      const decided = await store.decide(decisionOf({ ...answer.move, how: by.how }, now, telling));
      const fields = { answer: decided };
      telemetry.announce({ name: 'alerts.proposed', severity: 'debug', fields });
      if (decided === 'taken') countMove(telemetry, answer.move, telling);
      if (decided === 'taken' && telling.notices.length > 0) onTold();
      if (decided === 'taken') {
        // The episode has moved whatever becomes of what is said along with it; its own row says how that stands.
        await this.#sayWith(heard, episode, by).catch((error: unknown) => {
          if (!(error instanceof LogTrouble)) throw error;
          const text = `Episode ${id} was moved, but what it is about could not be: ${error.message}`;
          telemetry.announce({ name: 'acting.promise', severity: 'warn', text });
        });
        return { ok: true, id, version: answer.move.to.version };
      }
      const isRead = await this.#looking.until(
        () => (this.#episode(id)?.revision ?? 0) > episode.revision,
      );
      // Redis and this floor hold different things; the watch brings them together.
      if (!isRead) return { refused: 'log' };
    }
    const episode = this.#episode(id);
    return episode === undefined ? { refused: 'unknown' } : stale(episode);
  }

  /** The floor then says what the alert says. */
  async #sayWith(
    { name }: Heard<EpisodeCommand>,
    episode: AlertFact,
    { id, how }: Speaker,
  ): Promise<void> {
    const { floor, clock, store, newId } = this.#parts;
    const { facts } = floor;
    const more = saidWith(name, episode, { by: id, facts });
    if (more === null) return;
    const outcome = factOf(more.heard, { by: more.by, how, facts, now: clock.now(), newId });
    if (outcome.kind === 'event') await store.append([outcome.event]);
  }

  async #tell(heard: Heard<FactCommand>, by: Speaker): Promise<CommandAnswer> {
    const { floor, clock, store, newId } = this.#parts;
    const { facts } = floor;
    const outcome = factOf(heard, { by: by.id, how: by.how, facts, now: clock.now(), newId });
    if (outcome.kind === 'answer') return outcome.answer;
    const { event, answer } = outcome;
    const unfit = unfitOf(event, clock.now());
    if (unfit !== null) return unfit;
    const seen =
      heard.name === 'claim' ? (activeOwner(facts.callbacks.get(event.subject)) ?? null) : null;
    await store.append([event]);
    const { subject } = event;
    // Who asks and looks at once must see it, and who has taken it back must not.
    if (heard.name === 'assist') await this.#looking.until(() => facts.assists.has(subject));
    if (heard.name === 'close') await this.#looking.until(() => !facts.assists.has(subject));
    // Two may say it at once on two servers; the one whom the journal has first has it.
    if (heard.name === 'come')
      return this.#whoHas(answer, by, () => facts.assists.get(subject)?.claimedBy);
    if (heard.name === 'claim')
      return this.#whoHas(answer, by, () => activeOwner(facts.callbacks.get(subject)), seen);
    return answer;
  }

  /** `owner`: undefined where there is nothing to have any more. */
  async #whoHas(
    answer: CommandAnswer,
    by: Speaker,
    owner: () => string | null | undefined,
    seen: string | null = null,
  ): Promise<CommandAnswer> {
    if (!(await this.#looking.until(() => owner() !== seen))) return { refused: 'log' };
    const other = owner();
    if (other === undefined) return { refused: 'over' };
    if (other === by.id) return answer;
    return other === null ? { refused: 'not-taken' } : { refused: 'taken', by: other };
  }

  #episode(id: string): AlertFact | undefined {
    return this.#parts.floor.facts.alerts.get(id);
  }

  #around({ key, rule, team }: AlertFact): Around {
    const { floor, rules, clock, house } = this.#parts;
    const keepFiringMs = rules.find(({ name }) => name === rule)?.keepFiringMs ?? 0;
    const about = { keepFiringMs, team, episodes: floor.episodesOf(key) };
    return aroundOf(about, { house: house(), now: clock.now() });
  }
}

function isOfEpisode(heard: Heard): heard is Heard<EpisodeCommand> {
  return 'episode' in heard.says;
}

function commandOf(heard: Heard<EpisodeCommand>, { id: by }: Speaker): Command {
  switch (heard.name) {
    case 'acknowledge':
    case 'release':
      return { kind: heard.name, by, why: heard.says.why ?? null };
    case 'snooze':
      return { kind: 'snooze', by, until: heard.says.until, why: heard.says.why };
    case 'comment':
      return { kind: 'comment', by, why: heard.says.why };
    case 'see':
      return { kind: 'see', by };
    default:
      return heard satisfies never;
  }
}

function stale({ version, taken }: AlertFact): CommandAnswer {
  return { refused: 'stale', version, ...(taken === null ? {} : { by: taken.by }) };
}

/** By the very schemas of the journal. */
function unfitOf(event: NewEvent, now: number): CommandAnswer | null {
  const decoded = decode(encode(event), { entryAt: now, entryId: 'desk' });
  if (decoded.kind === 'event') return null;
  if (decoded.kind === 'unknown') throw new Error(`invariant: ${event.type} is of the contract`);
  const { field, expected, given } = decoded.refused;
  return { refused: 'malformed', field: field.replace(/^data\./, ''), expected, given };
}
