// Requests for help. They cannot die: only a claim and a close end one, or the agent who asked.
import type { DataOf } from '../events/schema.ts';
import type { FactTables } from './tables.ts';

export class Assists {
  readonly #tables: FactTables;

  constructor(tables: FactTables) {
    this.#tables = tables;
  }

  request(id: string, data: DataOf['assist.requested'], at: number): void {
    const { agents, assists } = this.#tables.facts;
    if (assists.has(id)) return;
    this.#tables.put('assists', {
      id,
      agent: data.agent,
      team: agents.get(data.agent)?.team ?? null,
      contact: data.contact ?? null,
      about: data.about ?? null,
      requestedAt: at,
      claimedBy: null,
    });
  }

  /** True where nobody had claimed it before. */
  claim(id: string, { by, how }: DataOf['assist.claimed'], at: number): boolean {
    const assist = this.#tables.facts.assists.get(id);
    if (assist?.claimedBy !== null) return false;
    this.#tables.put('assists', {
      ...assist,
      claimedBy: by,
      claimedAt: Math.max(at, assist.requestedAt),
      ...(how === undefined ? {} : { claimedHow: how }),
    });
    return true;
  }

  close(id: string, by: string): void {
    const assist = this.#tables.facts.assists.get(id);
    if (assist && (assist.claimedBy !== null || assist.agent === by))
      this.#tables.remove('assists', id);
  }
}
