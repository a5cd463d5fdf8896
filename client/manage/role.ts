// What whoever asks may do, as the session says it.
import { ACCESS_ROLES } from '../../server/contract/access.ts';
import type { AccessRole } from '../../server/contract/access.ts';

/** As the session says it: a word that is not known may do the least. */
export function roleOf(said: string): AccessRole {
  // Before there were accounts, whoever was in might do everything.
  if (said === 'administrator') return 'installer';
  return ACCESS_ROLES.find((one) => one === said) ?? 'wall';
}
