// What the journal hears of a notice for which a full lane had no room; the script that fills the outbox says the same.
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import { DROPPED } from '../contract/channels.ts';
import { lanePartsOf } from './outbox.ts';
import type { Notice } from './outbox.ts';

/** Null: somebody else made it, and nobody knows what it says. */
export function notKeptEntry({ id, lane, about, text }: Notice, at: number): Fields | null {
  const kind = kindIn(text);
  if (kind === null) return null;
  const outcome = 'dropped' as const;
  const data = {
    ...{ ...lanePartsOf(lane), notification: id, kind, attempt: 0, at },
    ...{ outcome, why: DROPPED.full, via: 'none' },
  };
  const name = `${id}/0/dropped`;
  return encode({ type: 'alert.told', subject: about, source: 'pharos', id: name, data });
}

function kindIn(text: string): string | null {
  try {
    const said = JSON.parse(text) as { readonly kind?: unknown } | null;
    return typeof said?.kind === 'string' ? said.kind : null;
  } catch {
    return null;
  }
}
