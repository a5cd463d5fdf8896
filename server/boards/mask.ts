// What a public screen may say of people: short names of agents, three digits of a customer, ids that mean nothing.
import { createHmac } from 'node:crypto';
import type { AgentFact, RawCustomer } from '../floor/rows.ts';

/** Kinds of ids that producers make out of numbers and names. */
export type HiddenKind = 'contacts' | 'callbacks' | 'assists';

/** Characters of an opaque id; 72 bits. */
const OPAQUE_LENGTH = 12;
/** A number with fewer digits is an extension or a short code, and three of its digits would be most of it. */
const DIGITS_LEAST = 7;
const DIGITS_SHOWN = 3;
/** An e-mail address that has digits in it is no number. */
const NUMBER = /^[+\d\s()./-]+$/;

/** The number of a desk's telephone is nobody's name, and its first two digits would be everybody's. */
const EXTENSION = /^\d{1,6}$/;

/** By alias; else first word and initial of the last; else an extension whole, of one word the first two characters. */
export function shortName({ alias, name }: Pick<AgentFact, 'alias' | 'name'>): string {
  if (alias) return alias;
  if (EXTENSION.test(name.trim())) return name.trim();
  const words = name.trim().split(/\s+/u);
  const first = words[0] ?? '';
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return characters(first).slice(0, 2).join('');
  return `${first.replace(/,$/u, '')} ${characters(last)[0] ?? ''}.`;
}

/** "…417" of a number with at least seven digits; else nothing. */
export function shortCustomer({ address }: RawCustomer): string {
  if (address === null || !NUMBER.test(address)) return '';
  const digits = address.replace(/\D/g, '');
  return digits.length < DIGITS_LEAST ? '' : `…${digits.slice(-DIGITS_SHOWN)}`;
}

/** What a desk says of a customer. */
export function fullCustomer({ name, address }: RawCustomer): string {
  return name ?? address ?? '';
}

/** Another id for the same thing: the same for the same key, and nothing can be read from it. */
export function opaqueId(key: string, kind: HiddenKind, id: string): string {
  const sum = createHmac('sha256', key).update(`${kind}\n${id}`).digest('base64url');
  return sum.slice(0, OPAQUE_LENGTH);
}

/** What a reader takes for one character: an accent or a skin tone is not cut off. */
function characters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
