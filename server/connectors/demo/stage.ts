// What every part of the simulation stands on: virtual time, chance, and the voice that makes events.
import type { EventType } from '../../events/schema.ts';
import type { NewEvent } from '../../events/event.ts';
import { Agenda } from './agenda.ts';
import { Chance } from './chance.ts';

export const DEMO_SOURCE = 'demo';

export class Stage {
  readonly agenda: Agenda;
  readonly chance: Chance;
  /** Begins every id of this run, so that a later run on the same site never meets it. */
  readonly run: string;
  #said: NewEvent[] = [];
  #count = 0;

  constructor(options: { readonly seed: string; readonly startAt: number; readonly run: string }) {
    this.agenda = new Agenda(options.startAt);
    this.chance = new Chance(options.seed);
    this.run = options.run;
  }

  get now(): number {
    return Math.floor(this.agenda.now);
  }

  /** An id that nothing else of this site has. */
  newId(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.run}-${this.#count.toString(36)}`;
  }

  say<T extends EventType>(type: T, subject: string, data: NewEvent<T>['data']): void {
    this.#said.push(this.make(type, subject, data));
  }

  make<T extends EventType>(type: T, subject: string, data: NewEvent<T>['data']): NewEvent {
    this.#count += 1;
    const id = `${this.run}.${this.#count.toString(36)}`;
    return { type, subject, data, source: DEMO_SOURCE, id, at: this.now } as NewEvent;
  }

  /** What was said since the last call. */
  take(): readonly NewEvent[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }
}
