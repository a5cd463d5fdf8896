// The watch over the floor: looks again at what changed and at what is due, and proposes moves of episodes. Redis decides. One room: a look and when to look next are one question.
import TinyQueue from 'tinyqueue';
import type { Floor } from '../floor/floor.ts';
import type { AlertFact, Facts, Touched } from '../floor/rows.ts';
import { aroundOf } from './around.ts';
import { isOpen } from './episode.ts';
import { handed } from './handed.ts';
import { keyOf } from './identity.ts';
import { nextMoveAt } from './machine.ts';
import type { Move, Seen } from './machine.ts';
import { currentOf, nextMove } from './next-move.ts';
import type { House } from './people.ts';
import { holdingOf, movedAt } from './holding.ts';
import type { Judged, Rule } from './rule.ts';
import { IN_FLIGHT_MS } from './timing.ts';
import { Views } from './view.ts';
import type { View } from './view.ts';
import { Words } from './words.ts';

/** A proposal that Redis refused or did not answer is made again after so long (milliseconds). */
const ASK_AGAIN_MS = 1_000;
/** A decision that does not come back round by the journal in this time is taken for lost. */
const ROUND_MS = 10_000;

export interface AlertsOptions {
  readonly site: string;
  readonly floor: Pick<Floor, 'facts' | 'episodesOf' | 'lately'>;
  readonly rules: readonly Rule[];
}

export interface Proposal {
  readonly key: string;
  readonly move: Move;
}

export interface Proposing {
  /** Proposals at most. */
  readonly most?: number;
  /** A mistake of a rule. */
  readonly onBroken: (what: string, error: unknown) => void;
}

interface Watched {
  readonly rule: Rule;
  readonly subject: string;
  /** When to look again; null: only when something changes. */
  at: number | null;
  /** Asked of Redis and not yet back by the journal: what it would be. */
  asked: { readonly id: string; readonly revision: number; readonly giveUpAt: number } | null;
  /** What the floor held of it when Redis refused a proposal last. */
  refusedOn: string | null;
  /** It is true, and not for so long that anybody hears of it. */
  isPending: boolean;
}

interface Appointment {
  readonly key: string;
  readonly at: number;
}

export class Alerts {
  readonly #site: string;
  readonly #facts: Facts;
  readonly #episodesOf: (key: string) => readonly AlertFact[];
  readonly #rules: readonly Rule[];
  readonly #views: Views;
  /** What open episodes say now. */
  readonly words: Words;
  readonly #watched = new Map<string, Watched>();
  readonly #heap = new TinyQueue<Appointment>([], (a, b) => a.at - b.at);
  readonly #fleeting: string[] = [];
  /** Keys to look at before the next instant. */
  readonly #changed = new Set<string>();
  /** Keys of which there was something to propose, and no room. */
  readonly #later = new Set<string>();
  /** There was no room for all when we looked last. */
  #isShort = false;
  /** Sources that were silent when we looked last. */
  readonly #silent = new Set<string>();

  constructor({ site, floor, rules }: AlertsOptions) {
    this.#site = site;
    this.#facts = floor.facts;
    this.#episodesOf = (key) => floor.episodesOf(key);
    this.#rules = rules;
    this.#views = new Views(floor);
    this.words = new Words(floor.facts);
  }

  /** Looks at everything there is: at the start, and after a gap. */
  lookAtAll(now: number): void {
    this.#views.renew(now);
    for (const id of this.#facts.sources.keys()) this.#noteSource(id);
    const view = this.#view(now);
    for (const rule of this.#rules) for (const subject of rule.all(view)) this.#mark(rule, subject);
    for (const alert of this.#facts.alerts.values()) if (isOpen(alert)) this.#markEpisode(alert);
  }

  /** The log can be read and written again, so that whoever was not heard of meanwhile may speak. */
  cameBack(now: number): void {
    this.#views.cameBack(now);
  }

  /** Rows that a turn of the floor touched. */
  changed(touched: Touched, now: number): void {
    const isLimitMoved = this.#views.note(touched, now);
    if (isLimitMoved) this.lookAtAll(now);
    const view = this.#view(now);
    for (const rule of this.#rules)
      for (const subject of rule.affected(touched, view)) this.#mark(rule, subject);
    for (const id of touched.alerts ?? []) {
      const alert = this.#facts.alerts.get(id);
      if (alert !== undefined) this.#markEpisode(alert);
    }
    // One that fell silent or speaks again may change whatever is known by it.
    const turned = [...(touched.sources ?? [])].filter((id) => this.#noteSource(id));
    if (turned.length > 0) for (const key of this.#watched.keys()) this.#changed.add(key);
  }

  /**
   * What follows at `now` from what changed, and then from what is due; each is proposed once, until it is back. What is more than `most`
   * waits, and is looked at anew when there is room: what is P1 does not wait behind what is not. Of a rule that throws the subject is
   * looked at again later.
   */
  propose(now: number, { most = Infinity, onBroken }: Proposing): readonly Proposal[] {
    const view = this.#view(now);
    const proposals: Proposal[] = [];
    const look = (key: string, isTurn: boolean): void => {
      const watched = this.#watched.get(key);
      if (watched === undefined) return void this.#later.delete(key);
      const move = this.#lookSafely(key, watched, view, { now, onBroken });
      this.#later.delete(key);
      if (move === null) return;
      if (!isTurn && move.to.severity !== 'P1') this.#later.add(key);
      else proposals.push(this.#ask(key, watched, move, now));
    };
    const isRoom = (): boolean => proposals.length < most;
    const isCrowded = this.#isShort || this.#changed.size > most;
    for (const key of this.#changed) {
      if (!isRoom()) break;
      this.#changed.delete(key);
      look(key, !isCrowded);
    }
    for (let due = this.#heap.peek(); due && due.at <= now && isRoom(); due = this.#heap.peek()) {
      this.#heap.pop();
      const watched = this.#watched.get(due.key);
      if (watched?.at !== due.at) continue;
      watched.at = null;
      look(due.key, !isCrowded);
    }
    for (const key of this.#later) {
      if (!isRoom()) break;
      look(key, true);
    }
    this.#isShort = !isRoom();
    return proposals;
  }

  /** Rules whose condition was true, and was over before anybody heard of it, since this was asked last; a rule as often as that was so. */
  takeFleeting(): readonly string[] {
    return this.#fleeting.splice(0);
  }

  /** The earliest instant at which `propose` may find something by time alone. */
  nextAt(): number | null {
    for (let next = this.#heap.peek(); next; next = this.#heap.peek()) {
      if (this.#watched.get(next.key)?.at === next.at) return next.at;
      this.#heap.pop();
    }
    return null;
  }

  /** Redis did not answer: it is looked at again. One that it took even so comes back by the journal. */
  notTaken(key: string, now: number): void {
    const watched = this.#watched.get(key);
    if (watched === undefined) return;
    watched.asked = null;
    this.#await(key, watched, now + ASK_AGAIN_MS);
  }

  /**
   * Redis refused it, since it saw something old: it is looked at again. True where nothing has come by the journal since Redis refused
   * the last one, so that this floor and Redis hold different things.
   */
  refused(key: string, now: number): boolean {
    this.notTaken(key, now);
    const watched = this.#watched.get(key);
    if (watched === undefined) return false;
    const held = this.#episodesOf(key)
      .map(({ id, revision }) => `${id}/${revision}`)
      .join(' ');
    const isApart = watched.refusedOn === held;
    watched.refusedOn = isApart ? null : held;
    return isApart;
  }

  /** Whom an episode may be told to. */
  get house(): House {
    return this.#views.house;
  }

  /** All episodes that are kept, those of a key oldest first; of one key, if wished. */
  held(key?: string): readonly AlertFact[] {
    return key === undefined ? [...this.#facts.alerts.values()] : this.#episodesOf(key);
  }

  #lookSafely(
    key: string,
    watched: Watched,
    view: View,
    { now, onBroken }: { readonly now: number; readonly onBroken: Proposing['onBroken'] },
  ): Move | null {
    try {
      return this.#look(key, watched, view, now);
    } catch (error) {
      this.#await(key, watched, now + ASK_AGAIN_MS);
      onBroken(`${watched.rule.name} of ${watched.subject}`, error);
      return null;
    }
  }

  #look(key: string, watched: Watched, view: View, now: number): Move | null {
    const episodes = this.#episodesOf(key);
    const last = currentOf(episodes);
    if (watched.asked !== null) {
      const { id, revision } = watched.asked;
      const isBack = (this.#facts.alerts.get(id)?.revision ?? 0) >= revision;
      if (!isBack && now < watched.asked.giveUpAt) {
        this.#await(key, watched, watched.asked.giveUpAt);
        return null;
      }
      watched.asked = null;
    }
    const { rule, subject } = watched;
    const judged = rule.judge(subject, view);
    const holds = judged.holds && holdingOf(judged.holds, last, rule);
    this.words.heard(last, holds);
    const seen = this.#seen({ ...judged, holds }, last, rule);
    const isOver = last === null || !isOpen(last);
    const { settlesAt = now } = judged;
    if (isOver && now < settlesAt) {
      this.#await(key, watched, settlesAt);
      return null;
    }
    const team = judged.holds?.team ?? last?.team ?? null;
    const { keepFiringMs } = rule;
    const around = aroundOf({ keepFiringMs, team, episodes }, { house: this.house, now });
    const move =
      handed(last, judged.hand ?? null, around) ??
      nextMove({ key, rule, subject }, seen, { episodes, around });
    if (move !== null)
      return rule.beginsAnew === 'said' && holds !== null ? movedAt(holds.since, move) : move;
    if (isOver) this.#notePending(watched, seen);
    const opensAt =
      seen.kind === 'true' && isOver ? seen.raisedAt + rule.forMs + IN_FLIGHT_MS : null;
    const at = soonest(
      judged.nextAt === null ? null : judged.nextAt + IN_FLIGHT_MS,
      opensAt,
      last === null ? null : nextMoveAt(last, seen, around),
    );
    const isIdle = judged.holds === null && at === null && isOver;
    if (isIdle) this.#watched.delete(key);
    else this.#await(key, watched, at !== null && at <= now ? now + ASK_AGAIN_MS : at);
    return null;
  }

  #notePending(watched: Watched, { kind }: Seen): void {
    if (kind === 'unclear') return;
    if (kind === 'false' && watched.isPending) this.#fleeting.push(watched.rule.name);
    watched.isPending = kind === 'true';
  }

  #ask(key: string, watched: Watched, move: Move, now: number): Proposal {
    const giveUpAt = now + ROUND_MS;
    watched.isPending = false;
    watched.asked = { id: move.to.id, revision: move.to.revision, giveUpAt };
    this.#await(key, watched, giveUpAt);
    return { key, move };
  }

  /** Silence is not recovery: what a silent source would have to say is not known. */
  #seen({ holds, isAnswered }: Judged, last: AlertFact | null, rule: Rule): Seen {
    const sources = holds?.sources ?? last?.sources ?? [];
    if (sources.some((id) => this.#isSilent(id))) return { kind: 'unclear' };
    if (holds !== null) {
      const isSaid = rule.beginsAnew === 'said' && last !== null && isOpen(last);
      return { kind: 'true', ...holds, since: isSaid ? last.since : holds.since };
    }
    return isAnswered ? { kind: 'false', isAnswered } : { kind: 'false' };
  }

  #mark(rule: Rule, subject: string): void {
    const key = keyOf(this.#site, rule.name, subject);
    if (!this.#watched.has(key))
      this.#watched.set(key, {
        rule,
        subject,
        at: null,
        asked: null,
        refusedOn: null,
        isPending: false,
      });
    this.#changed.add(key);
  }

  /** An episode of a rule that this Pharos does not know stays as it is. */
  #markEpisode({ rule, subject }: AlertFact): void {
    const known = this.#rules.find(({ name }) => name === rule);
    if (known !== undefined) this.#mark(known, subject);
  }

  /** True if it fell silent, or speaks again. */
  #noteSource(id: string): boolean {
    const isSilent = this.#isSilent(id);
    if (isSilent === this.#silent.has(id)) return false;
    if (isSilent) this.#silent.add(id);
    else this.#silent.delete(id);
    return true;
  }

  #isSilent(id: string): boolean {
    const source = this.#facts.sources.get(id);
    return source !== undefined && source.state !== 'live';
  }

  #await(key: string, watched: Watched, at: number | null): void {
    // It stands in the heap until it is popped.
    if (at === watched.at) return;
    watched.at = at;
    if (at !== null) this.#heap.push({ key, at });
  }

  #view(now: number): View {
    return this.#views.at(now - IN_FLIGHT_MS);
  }
}

function soonest(...instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}
