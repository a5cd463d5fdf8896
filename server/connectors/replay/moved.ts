// An event of a recording, moved to another time and made distinct from an earlier replay of the same file.
import type { NewEvent, PharosEvent } from '../../events/event.ts';

export interface Move {
  /** From the recording's instants to those of the replay. */
  readonly instant: (at: number) => number;
  /** Put before the ids of events, contacts, callbacks and assists; queues, teams and people keep theirs. */
  readonly run: string;
  /** Virtual seconds in one real second. */
  readonly speed: number;
}

/** Ids that grow past the 128 characters of the contract lose their end. */
const ID_MAX = 128;

export function moved(event: PharosEvent, move: Move): NewEvent {
  const id = (given: string): string => `${move.run}.${given}`.slice(0, ID_MAX);
  return {
    type: event.type,
    subject: OWN_THINGS.test(event.type) ? id(event.subject) : event.subject,
    source: event.source,
    id: id(event.id),
    at: Math.round(move.instant(event.at)),
    data: movedData(event, move, id),
  } as NewEvent;
}

/** Things that live once; the others are there before and after a recording. */
const OWN_THINGS = /^(contact|callback|assist)\./;

function movedData(
  event: PharosEvent,
  { instant, speed }: Move,
  id: (given: string) => string,
): NewEvent['data'] {
  const at = (given: number): number => Math.round(instant(given));
  switch (event.type) {
    case 'agent.state':
    case 'assist.requested':
    case 'callback.attempted':
      return { ...event.data, ...mapped(event.data, 'contact', id) };
    case 'contact.started':
      return { ...event.data, ...mapped(event.data, 'callback', id) };
    case 'callback.promised':
      return {
        ...event.data,
        ...mapped(event.data, 'contact', id),
        dueAt: at(event.data.dueAt),
      };
    case 'supervisor.presence':
    case 'cover.taken':
    case 'cover.ended':
      return { ...event.data, ...mapped(event.data, 'until', at) };
    case 'source.heartbeat': {
      // The beats come faster too, and so must the verdict that they are missing; under a second is not allowed.
      const everySeconds = Math.min(3_600, Math.max(1, event.data.everySeconds / speed));
      return { everySeconds };
    }
    case 'source.snapshot': {
      const { agents, contacts } = event.data;
      return {
        ...event.data,
        ...mapped(event.data, 'at', at),
        ...(agents && {
          agents: agents.map((agent) => ({
            ...agent,
            ...mapped(agent, 'since', at),
            ...mapped(agent, 'contact', id),
          })),
        }),
        ...(contacts && {
          contacts: contacts.map((contact) => ({
            ...contact,
            id: id(contact.id),
            ...mapped(contact, 'queuedAt', at),
            ...mapped(contact, 'answeredAt', at),
            ...(contact.held && { held: { ...contact.held, since: at(contact.held.since) } }),
          })),
        }),
      };
    }
    default:
      return event.data;
  }
}

/** The field moved if it is there, else nothing. */
function mapped<K extends string, V>(
  data: { readonly [key in K]?: V | undefined },
  field: K,
  move: (value: V) => V,
): { [key in K]?: V } {
  const value = data[field];
  return value === undefined ? {} : ({ [field]: move(value) } as { [key in K]?: V });
}
