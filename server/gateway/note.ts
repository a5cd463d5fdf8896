// Who did what: a line of the trail in the name of whoever made the request. What is not written down is said, and stops nothing.
import type { FastifyRequest } from 'fastify';
import { nameInTrail } from '../access/identity.ts';
import type { TrailBook } from '../access/trail.ts';
import type { TrailWord } from '../contract/access.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';
import type { Doorman } from './doorman.ts';

/** `by`: where the request itself does not know who it was. */
export type Note = (
  request: FastifyRequest,
  what: TrailWord,
  about?: string | null,
  more?: Readonly<Record<string, string>>,
  by?: string,
) => Promise<void>;

export interface NoteOptions {
  readonly trail: TrailBook;
  readonly doorman: Doorman;
  readonly telemetry: Telemetry;
}

export function noteOf({ trail, doorman, telemetry }: NoteOptions): Note {
  return async (request, what, about = null, more = {}, by) => {
    const { identity } = request;
    const from = doorman.addressOf(request.raw);
    const whose = by ?? (identity === null ? 'nobody' : nameInTrail(identity));
    const text = `${whose} (${from}): ${what}${about === null ? '' : ` ${about}`}`;
    telemetry.announce({ name: 'access.done', severity: 'info', text });
    await trail.note(what, { by: whose, from, about, more }).catch((error: unknown) => {
      const untold = `The trail could not be written: ${wordsOf(error)}`;
      telemetry.announce({ name: 'access.unwritten', severity: 'warn', text: untold });
    });
  };
}
