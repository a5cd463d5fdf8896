// Who holds whom, and what is open in which team: found by what was touched, never by looking through all.
import type { AlertFact, Facts, Touched } from '../floor/rows.ts';

const NOBODY: ReadonlySet<string> = new Set();

export class Holdings {
  readonly #facts: Facts;
  readonly #heldBy = new Map<string, Set<string>>();
  readonly #holderOf = new Map<string, string>();
  readonly #openIn = new Map<string, Set<string>>();
  readonly #teamOf = new Map<string, string>();

  constructor(facts: Facts) {
    this.#facts = facts;
    this.note({
      contacts: new Set(facts.contacts.keys()),
      alerts: new Set(facts.alerts.keys()),
    });
  }

  note({ contacts, alerts }: Touched): void {
    for (const id of contacts ?? []) {
      const contact = this.#facts.contacts.get(id);
      const holder = contact?.state === 'held' ? contact.agent : null;
      move(id, holder, this.#holderOf, this.#heldBy);
    }
    for (const id of alerts ?? []) {
      const alert = this.#facts.alerts.get(id);
      const isOpen = alert !== undefined && alert.state !== 'resolved';
      move(id, isOpen ? alert.team : null, this.#teamOf, this.#openIn);
    }
  }

  /** Contacts that an agent holds. */
  heldBy(agent: string): ReadonlySet<string> {
    return this.#heldBy.get(agent) ?? NOBODY;
  }

  /** Open episodes of a team. */
  openIn(team: string): readonly AlertFact[] {
    return [...(this.#openIn.get(team) ?? [])].flatMap((id) => this.#facts.alerts.get(id) ?? []);
  }
}

function move(
  id: string,
  to: string | null,
  placeOf: Map<string, string>,
  at: Map<string, Set<string>>,
): void {
  const from = placeOf.get(id) ?? null;
  if (from === to) return;
  if (from !== null) {
    const left = at.get(from);
    left?.delete(id);
    if (left?.size === 0) at.delete(from);
    placeOf.delete(id);
  }
  if (to === null) return;
  placeOf.set(id, to);
  const joined = at.get(to) ?? new Set();
  at.set(to, joined.add(id));
}
