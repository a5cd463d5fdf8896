// Addresses as a proof compares them: E.164 where they parse, else digits, else the e-mail in small letters.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CountryCode } from 'libphonenumber-js/min';

/** A number with fewer digits is an extension of some switchboard, and compared by its digits. */
const FEWEST_DIGITS = 7;
/** So many addresses are remembered with their keys; to parse one takes some 10 µs. */
const REMEMBERED = 5_000;

export interface AddressKey {
  readonly key: string;
  /** The number's extension, where it has one. */
  readonly extension: string | null;
}

const remembered = new Map<string, AddressKey | null>();

/** Null where there is nothing to compare. The parse decides, not validity: a private numbering plan is still a number. */
export function addressKey(
  address: string | null | undefined,
  country: string | null,
): AddressKey | null {
  if (address === null || address === undefined || address === '') return null;
  const name = `${country ?? ''} ${address}`;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const key = parse(address, country);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(name, key);
  return key;
}

/** True if two keys may be one person: equal, and with the same extension where both have one. */
export function isSameAddress(a: AddressKey, b: AddressKey): boolean {
  if (a.key !== b.key) return false;
  return a.extension === null || b.extension === null || a.extension === b.extension;
}

function parse(address: string, country: string | null): AddressKey | null {
  if (address.includes('@')) return { key: address.trim().toLowerCase(), extension: null };
  const digits = address.replace(/\D/g, '');
  if (digits === '') return null;
  if (digits.length < FEWEST_DIGITS) return { key: digits, extension: null };
  const number = parsePhoneNumberFromString(address, { defaultCountry: country as CountryCode });
  if (!number) return { key: digits, extension: null };
  return { key: number.number, extension: number.ext ?? null };
}
