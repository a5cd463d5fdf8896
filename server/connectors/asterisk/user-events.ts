// A site's UserEvents by its table: each becomes events of the contract, or a sentence about why it cannot.
import { SCHEMAS } from '../../events/schema.ts';
import type { EventType } from '../../events/schema.ts';
import { isId } from '../../contract/ids.ts';
import type { Channel } from './calls.ts';
import type { Contacts, Emit } from './contacts.ts';
import type { Message } from './message.ts';
import type { People } from './people.ts';
import type { AsteriskTable } from './table.ts';

export interface UserEventOptions {
  readonly name: string;
  readonly table: AsteriskTable;
  readonly people: People;
  readonly contacts: Contacts;
  readonly emit: Emit;
  readonly refused: (problem: string) => void;
}

interface Occasion {
  readonly message: Message;
  readonly channel: Channel | undefined;
  readonly at: number;
}

export type TakeUserEvent = (message: Message, channel: Channel | undefined, at: number) => void;

export function createUserEvents(options: UserEventOptions): TakeUserEvent {
  const { table, emit, refused } = options;
  return (message, channel, at) => {
    const event = message.text('UserEvent');
    const mappings = Object.hasOwn(table.userEvents, event) ? table.userEvents[event]! : [];
    for (const { type, subject, data } of mappings) {
      const occasion = { message, channel, at };
      const about = fill(subject, occasion, options);
      const filled = fill(data, occasion, options) ?? {};
      const id = typeof about === 'string' ? subjectOf(type, about, options.name) : '';
      if (!isId(id)) {
        refused(`UserEvent ${event}: the subject ${JSON.stringify(subject)} of ${type} is empty.`);
        continue;
      }
      const parsed = SCHEMAS[type].safeParse(filled);
      if (parsed.success) emit(type, id, filled, at);
      else {
        const issue = parsed.error.issues[0];
        const where = issue ? issue.path.map(String).join('.') : '';
        refused(`UserEvent ${event}: ${type} needs ${where || 'data'}: ${issue?.message ?? ''}`);
      }
    }
  };
}

/** Callbacks and assists are the PBX's own; agents, queues and contacts have their ids already. */
function subjectOf(type: EventType, id: string, name: string): string {
  const kind = type.slice(0, type.indexOf('.'));
  return kind === 'callback' || kind === 'assist' ? `${name}/${kind}/${id}` : id;
}

/** Fills templates in; what is empty then is left out. */
function fill(value: unknown, occasion: Occasion, options: UserEventOptions): unknown {
  if (typeof value === 'string') return fillText(value, occasion, options);
  if (Array.isArray(value))
    return value.map((one) => fill(one, occasion, options)).filter((one) => one !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const filled: [string, unknown][] = [];
  for (const [key, one] of Object.entries(value)) {
    const result = fill(one, occasion, options);
    if (result !== undefined) filled.push([key, result]);
  }
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

const WHOLE = /^\{([^{}]+)\}$/;

function fillText(text: string, occasion: Occasion, options: UserEventOptions): unknown {
  const whole = WHOLE.exec(text);
  if (whole) return look(whole[1]!, occasion, options);
  const filled = text.replace(/\{([^{}]+)\}/g, (_, inner: string) => {
    const found = look(inner, occasion, options);
    return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  });
  return filled === '' ? undefined : filled;
}

/** `Field`, `Field|filter`, `@contact`, `@agent`, `@at`. A field is a key of the event, else a channel variable. */
function look(inner: string, occasion: Occasion, options: UserEventOptions): unknown {
  const [field = '', filter] = inner.split('|').map((part) => part.trim());
  const { channel, message, at } = occasion;
  const { people, contacts, table } = options;
  switch (field) {
    case '@contact':
      return contactId(occasion, options);
    case '@held': {
      // Who asks for help may do so on a second line: the contact is the one that the agent has.
      const person = people.named(message.known('Agent'));
      return (person && contacts.ofPerson(person)?.id) ?? contactId(occasion, options);
    }
    case '@agent':
      return channel && people.ofDevice(channel.device)?.id;
    case '@at':
      return at;
  }
  const text = message.known(field) || channel?.vars.get(field) || '';
  if (text === '') return undefined;
  switch (filter) {
    case undefined:
      return text;
    case 'agent':
      return people.named(text)?.id ?? (isId(text) ? text : undefined);
    case 'due':
      return Number.isFinite(Number(text)) ? Math.round(at + Number(text) * 1_000) : undefined;
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'result':
      return table.results[text.toUpperCase()];
    default:
      return undefined;
  }
}

function contactId(
  { message, channel }: Occasion,
  { contacts }: UserEventOptions,
): string | undefined {
  const named = message.known('CallUniqueid');
  return (
    (channel && (contacts.idOf(channel.uniqueid) ?? contacts.of(channel)?.id)) ??
    (named === '' ? undefined : contacts.idOf(named))
  );
}
