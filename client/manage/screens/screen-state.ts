// How a screen stands, by its last word and its last frame.
import type { ScreenSaid } from '../../../server/contract/access.ts';

/** A word a second, written down every five: who said nothing for so long is not there (milliseconds). */
const SILENT_MS = 15_000;

export type ScreenState =
  | { readonly kind: 'never' }
  | { readonly kind: 'live' }
  /** It speaks, and draws nothing. */
  | { readonly kind: 'frozen' }
  | { readonly kind: 'silent'; readonly since: number };

export function stateOf(
  { seenAt, paintedAt }: Pick<ScreenSaid, 'seenAt' | 'paintedAt'>,
  now: number,
): ScreenState {
  if (seenAt === null) return { kind: 'never' };
  if (now - seenAt > SILENT_MS) return { kind: 'silent', since: seenAt };
  const isPainting = paintedAt !== null && seenAt - paintedAt <= SILENT_MS;
  return isPainting ? { kind: 'live' } : { kind: 'frozen' };
}
