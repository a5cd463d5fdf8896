// Who has an episode.
import type { AlertFact } from './rows.ts';

/** Who took it; of a promise also who has said that they call. Null: nobody. */
export function holderOf({ taken, text }: Pick<AlertFact, 'taken' | 'text'>): string | null {
  return taken?.by ?? text.params.owner ?? null;
}
