// What a screen reader is told: each new alarm once, the urgent ones at once and the others when it is quiet.
import type { AlertRow } from '../../server/contract/rows.ts';

export interface News {
  readonly urgent: readonly AlertRow[];
  readonly other: readonly AlertRow[];
}

/** Remembers what was told; what became worse is news again. */
export class Announcer {
  #told: ReadonlyMap<string, string> | null = null;

  /** Of the open episodes: what is new since it was asked last. The first time nothing is, since the page itself is read. */
  newsOf(alerts: readonly AlertRow[]): News {
    const before = this.#told;
    const alarming = alerts.filter(({ state }) => state === 'firing');
    const open = new Map(
      alerts.map(({ id, severity, state }) => [
        id,
        // What is put off or taken and alarms again is told again.
        state === 'firing' ? severity : '',
      ]),
    );
    this.#told = open;
    if (before === null) return { urgent: [], other: [] };
    const fresh = alarming.filter(({ id, severity }) => before.get(id) !== severity);
    return {
      urgent: fresh.filter(({ severity }) => severity === 'P1'),
      other: fresh.filter(({ severity }) => severity !== 'P1'),
    };
  }
}
