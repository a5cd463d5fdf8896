// Codes that a television shows and a person types: eight letters of twenty that are not mistaken for each other and spell nothing (RFC 8628, 6.1).
import type { Random } from './secret.ts';

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;
const CODE = new RegExp(`^[${LETTERS}]{${CODE_LENGTH}}$`);
/** Bytes from here on would make the first letters likelier than the last. */
const FAIR_BYTES = 256 - (256 % LETTERS.length);
/** Characters of what is typed that are looked at. */
const TYPED_MOST = 64;

/** Eight letters, each as likely as any. */
export function newCode(random: Random): string {
  let code = '';
  while (code.length < CODE_LENGTH)
    for (const byte of random(CODE_LENGTH - code.length))
      if (byte < FAIR_BYTES) code += LETTERS[byte % LETTERS.length] ?? '';
  return code;
}

/** As it is shown: `WDJB-MJHT`. */
export function shownCode(code: string): string {
  return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;
}

/** The letters of a code as somebody typed it: in any case, of full width, too, with dashes and spaces anywhere; null: it can be none. */
export function readCode(typed: string): string | null {
  const code = typed
    .slice(0, TYPED_MOST)
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase();
  return CODE.test(code) ? code : null;
}
