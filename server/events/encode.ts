// From an event that a producer made to the fields of an entry.
import type { Fields } from './decode.ts';
import type { NewEvent } from './event.ts';

/** CloudEvents 1.0 in binary mode: attributes are fields, `data` is JSON text. */
export function encode(event: NewEvent): Fields {
  return {
    type: event.type,
    subject: event.subject,
    ...(event.source === undefined ? {} : { source: event.source }),
    ...(event.id === undefined ? {} : { id: event.id }),
    ...(event.at === undefined ? {} : { time: new Date(event.at).toISOString() }),
    data: JSON.stringify(event.data),
  };
}
