// Events get an id before they are sent, so that one who is not sure may send the same again without it counting twice.
import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../events/event.ts';

/** The same events, each with an id; the same array where all have one. Keep what it gives for trying again. */
export function identified<E extends NewEvent>(events: readonly E[]): readonly E[] {
  return events.every((event) => event.id !== undefined)
    ? events
    : events.map((event) => (event.id === undefined ? { ...event, id: randomUUID() } : event));
}
