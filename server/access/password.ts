// Passwords: argon2id as OWASP's Password Storage Cheat Sheet sets it (19 MiB, two passes, one lane), and what may be one.
import { hash, verify } from '@node-rs/argon2';
import type { Options } from '@node-rs/argon2';

/** The library's own algorithm is argon2id. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Characters. NIST SP 800-63B-4, 3.1.1.2: at least 15 where it is the only factor, and no rules of composition; ours gives way to 12, since tries are few. */
export const PASSWORD_LEAST = 12;
export const PASSWORD_MOST = 256;

export type PasswordProblem = 'short' | 'long' | 'plain';

/** Null: it may be one. `plain`: who knows the login or counts to nine has it. */
export function passwordProblem(
  password: string,
  about: readonly string[],
): PasswordProblem | null {
  const characters = Array.from(password);
  if (characters.length < PASSWORD_LEAST) return 'short';
  if (characters.length > PASSWORD_MOST) return 'long';
  const small = password.toLowerCase();
  const bare = about
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word.length > 3)
    .reduce((left, word) => left.replaceAll(word, ''), small);
  if (Array.from(bare).length < PASSWORD_LEAST / 2) return 'plain';
  return new Set(bare).size < 5 || isRun(bare) ? 'plain' : null;
}

/** `abcdefghijkl`, `123456789012`, `qwertyuiopas`. */
function isRun(text: string): boolean {
  const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm'];
  const backwards = Array.from(text).reverse().join('');
  return rows.some((row) => row.includes(text) || row.includes(backwards));
}

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST);
}

/** `kept` null: nobody's, which takes as long, so that nobody learns by the clock who has an account. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const isRight = await verify(kept ?? (await nobodys()), password.normalize('NFKC')).catch(
    () => false,
  );
  return kept !== null && isRight;
}

let decoy: Promise<string> | null = null;

function nobodys(): Promise<string> {
  return (decoy ??= hashPassword('the password of nobody at all'));
}
