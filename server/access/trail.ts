// The trail: who did what, from where; what is written there stays, or ends with its oldest.
import { z } from 'zod';
import { TRAIL_WORDS } from '../contract/access.ts';
import type { TrailLine } from '../contract/access.ts';
import type { Trail } from '../log/shelves.ts';

const line = z.object({
  at: z.number(),
  by: z.string(),
  from: z.string().nullable(),
  what: z.enum(TRAIL_WORDS),
  about: z.string().nullable(),
  more: z.record(z.string(), z.string()),
});

/** Characters of what a caller said that stay. */
const SAID_MOST = 200;

export interface Happened {
  readonly by: string;
  readonly from: string | null;
  readonly about?: string | null;
  readonly more?: Readonly<Record<string, string>>;
}

export class TrailBook {
  readonly #trail: Trail;
  readonly #now: () => number;

  constructor(trail: Trail, now: () => number) {
    this.#trail = trail;
    this.#now = now;
  }

  /** Rejects where Redis fails. */
  note(what: TrailLine['what'], { by, from, about = null, more = {} }: Happened): Promise<void> {
    const short: Record<string, string> = {};
    for (const [name, value] of Object.entries(more)) short[name] = value.slice(0, SAID_MOST);

    const said: TrailLine = {
      at: this.#now(),
      by,
      from,
      what,
      about: about?.slice(0, SAID_MOST) ?? null,
      more: short,
    };
    return this.#trail.note(JSON.stringify(said));
  }

  /** Newest first; `before`: the id of a line. Rejects where Redis fails. */
  async read(
    count: number,
    before: string | null,
  ): Promise<readonly (TrailLine & { readonly id: string })[]> {
    const entries = await this.#trail.read(count, before);
    return entries.flatMap(({ id, text }) => {
      const read = line.safeParse(parsed(text));
      return read.success ? [{ id, ...read.data }] : [];
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
