// A floor to tell stories to: events in seconds after nine in the morning in Riga, through the same calls as the engine's.
import type { PharosEvent } from '../../server/events/event.ts';
import type { DataIn, EventType } from '../../server/events/schema.ts';
import { SCHEMAS } from '../../server/events/schema.ts';
import { Floor } from '../../server/floor/floor.ts';
import type { FloorOptions } from '../../server/floor/floor.ts';
import type { Touched } from '../../server/floor/rows.ts';

export const NINE = Date.parse('2026-03-02T09:00:00+02:00');
export const OPTIONS: FloorOptions = {
  site: 'main',
  zone: 'Europe/Riga',
  country: 'LV',
  dayStarts: '00:00',
  languages: ['en'],
  demo: false,
  build: 'test',
  now: NINE,
};

export interface Told<T extends EventType = EventType> {
  readonly type: T;
  readonly subject: string;
  readonly data: DataIn[T];
  readonly at: number;
  readonly source?: string;
}

let count = 0;

export function event<T extends EventType>(told: Told<T>): PharosEvent {
  const { type, subject, data, at, source = 'test' } = told;
  count += 1;
  const parsed: unknown = SCHEMAS[type].parse(data);
  return { type, subject, source, id: `e${count}`, at, data: parsed } as PharosEvent;
}

export class Scene {
  floor: Floor;

  constructor(options: Partial<FloorOptions> = {}) {
    this.floor = new Floor({ ...OPTIONS, ...options });
  }

  /** `seconds` after nine. */
  tell<T extends EventType>(
    seconds: number,
    type: T,
    subject: string,
    data: DataIn[T],
    source?: string,
  ): Touched {
    const at = NINE + Math.round(seconds * 1_000);
    this.floor.expire(at);
    return this.floor.apply(event({ type, subject, data, at, ...(source ? { source } : {}) }));
  }

  /** Time passes. */
  wait(seconds: number): Touched {
    return this.floor.expire(NINE + seconds * 1_000);
  }

  agent(id: string) {
    return must(this.floor.facts.agents.get(id), id);
  }

  queue(id: string) {
    return must(this.floor.facts.queues.get(id), id);
  }

  contact(id: string) {
    return must(this.floor.facts.contacts.get(id), id);
  }

  callback(id: string) {
    return must(this.floor.facts.callbacks.get(id), id);
  }

  team(id: string) {
    return must(this.floor.facts.teams.get(id), id);
  }

  get site() {
    return must(this.floor.facts.site.get('main'), 'main');
  }
}

export const at = (seconds: number): number => NINE + seconds * 1_000;

function must<T>(row: T | undefined, id: string): T {
  if (row === undefined) throw new Error(`no row for ${id}`);
  return row;
}
