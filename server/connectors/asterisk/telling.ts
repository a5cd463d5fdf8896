// What has been told of agents, so that only changes are, and what a moment undoes is not told at all.
import { presentState } from './agent-state.ts';
import type { AgentPresent } from './agent-state.ts';
import type { Contacts, Emit } from './contacts.ts';
import type { People, Person } from './people.ts';

/** A phone in use without a call to be seen is busy only after this (milliseconds): the call's messages are on their way. */
const BUSY_AFTER_MS = 1_000;
/** An agent whose contact is gone while the phone is still up is told so after this (milliseconds): mostly it hangs up at once. */
const LEFT_AFTER_MS = 500;

export interface TellingOptions {
  readonly people: People;
  readonly contacts: Contacts;
  readonly emit: Emit;
}

export interface Telling {
  /** Tells what is new of the person. */
  tell(person: Person, at: number): void;
  /** Everybody as they are now, for a snapshot; names that are new are told at once. */
  all(
    at: number,
  ): readonly { readonly id: string; readonly person: Person; readonly data: AgentPresent }[];
  pass(now: number): void;
  nextAt(): number | null;
  /** The link is cut: nothing is due. */
  cut(): void;
}

export function createTelling({ people, contacts, emit }: TellingOptions): Telling {
  const told = new Map<string, { readonly text: string; readonly data: AgentPresent }>();
  const names = new Map<string, string>();
  /** Whom to look at again, and when. */
  const due = new Map<Person, number>();

  function present(person: Person, at: number): AgentPresent {
    const { data, oddSince } = presentState({
      person,
      people,
      contacts,
      busyBefore: at - BUSY_AFTER_MS,
    });
    if (oddSince === null) due.delete(person);
    else due.set(person, oddSince + BUSY_AFTER_MS);
    return data;
  }

  function tellName(person: Person, at: number): void {
    if (person.name === '' || names.get(person.id) === person.name) return;
    names.set(person.id, person.name);
    emit('agent.profile', person.id, { name: person.name.slice(0, 200) }, at);
  }

  function tell(person: Person, at: number): void {
    const again = due.get(person);
    const data = present(person, at);
    const text = JSON.stringify(data);
    const before = told.get(person.id);
    if (before?.text === text) return;
    if (before && hasOnlyLost(before.data, data)) {
      const dueAt = again ?? at + LEFT_AFTER_MS;
      if (at < dueAt) {
        due.set(person, dueAt);
        return;
      }
    }
    told.set(person.id, { text, data });
    tellName(person, at);
    emit('agent.state', person.id, data, at);
  }

  return {
    tell,
    all(at) {
      return [...people.all()].map((person) => {
        tellName(person, at);
        const data = present(person, at);
        told.set(person.id, { text: JSON.stringify(data), data });
        return { id: person.id, person, data };
      });
    },
    pass(now) {
      for (const [person, dueAt] of [...due]) if (dueAt <= now) tell(person, now);
    },
    nextAt() {
      let next: number | null = null;
      for (const dueAt of due.values()) if (next === null || dueAt < next) next = dueAt;
      return next;
    },
    cut: () => due.clear(),
  };
}

/** True if the agent does the same, with the same pauses, and only the contact is gone. */
function hasOnlyLost(before: AgentPresent, after: AgentPresent): boolean {
  if (before.contact === undefined || after.contact !== undefined) return false;
  const without = (data: AgentPresent): string =>
    JSON.stringify(data, (key, value: unknown) =>
      key === 'contact' || key === 'queue' ? undefined : value,
    );
  return without(before) === without(after);
}
