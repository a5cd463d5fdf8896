// What of a less trusted stream may go into the journal, in which shape, and why the rest may not.
import { isGranted, PRODUCER_GRANT } from '../contract/grants.ts';
import { isId } from '../contract/ids.ts';
import { decode } from '../events/decode.ts';
import type { Fields } from '../events/decode.ts';
import { AHEAD_MAX_MS } from './continuity.ts';
import type { Entry } from './log.ts';
import type { Refusal } from './refusals.ts';

/** `now`: on the site's clock. `grant`: the types that this stream may send. */
export function admit(
  source: string,
  entries: readonly Entry[],
  { now, grant = PRODUCER_GRANT }: { readonly now: number; readonly grant?: readonly string[] },
): { readonly admitted: readonly Fields[]; readonly refused: readonly Refusal[] } {
  const admitted: Fields[] = [];
  const refused: Refusal[] = [];
  for (const { id, at, fields } of entries) {
    const { type, subject, time, data } = fields;
    // An instant that cannot be believed is not handed on.
    const entryAt = Math.min(at, now + AHEAD_MAX_MS);
    const own: Fields = {
      ...(type === undefined ? {} : { type }),
      ...(subject === undefined ? {} : { subject }),
      source,
      id: fields.id !== undefined && isId(fields.id) ? fields.id : id,
      time: time === undefined || time === '' ? new Date(entryAt).toISOString() : time,
      ...(data === undefined ? {} : { data }),
    };
    const decoded = decode(own, { entryAt, entryId: id });
    if (decoded.kind === 'refused')
      refused.push({ ...decoded.refused, source, ...(type === undefined ? {} : { type }) });
    else if (!isGranted(grant, type ?? ''))
      refused.push({
        reason: 'not-granted',
        field: 'type',
        expected: `one of ${grant.join(' ')}`,
        given: (type ?? '').slice(0, 200),
        source,
      });
    else admitted.push(own);
  }
  return { admitted, refused };
}
