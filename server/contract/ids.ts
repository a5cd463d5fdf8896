// What may be an id: 1 to 128 printable characters, and none of the words that would poison an object.

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);
// No control characters, no lone surrogates, no separators of line or paragraph.
const PRINTABLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,128}$/u;

export const ID_EXPECTED =
  'an id of 1 to 128 printable characters, other than __proto__, prototype and constructor';

/** True if `value` may name an agent, queue, contact or any other subject. */
export function isId(value: string): boolean {
  return value.length <= 256 && PRINTABLE.test(value) && !FORBIDDEN.has(value);
}
