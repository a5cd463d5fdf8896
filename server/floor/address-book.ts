// The addresses of promises: which callbacks are to one, each read in the country of its promise.
import { addressKey } from './address.ts';

/** So many last digits are compared before a number is parsed, which takes some 10 µs. */
const ENDING = 5;
/** The digits of the longest country code: none of them need have been written. */
const COUNTRY_CODE = 3;
/** A number without signs in it: whatever its country makes of its beginning, it ends as it is written. */
const PLAIN_NUMBER = /^\+?\d+$/;

/** A callback, as far as its address goes. */
export interface Addressed {
  readonly id: string;
  /** The site's country when it was promised. */
  readonly country: string | null;
  /** Null: it has no address, and no place here. */
  readonly addressKey: string | null;
}

export class AddressBook {
  readonly #ids = new Map<string, Set<string>>();
  /** How many entries there are of each country. */
  readonly #countries = new Map<string | null, number>();
  /** How many there are of each ending. */
  readonly #endings = new Map<string, number>();

  add({ id, country, addressKey: key }: Addressed): void {
    if (key === null) return;
    const name = nameOf(country, key);
    const same = this.#ids.get(name);
    if (same) same.add(id);
    else this.#ids.set(name, new Set([id]));
    count(this.#countries, country, 1);
    count(this.#endings, endingOf(key), 1);
  }

  remove({ id, country, addressKey: key }: Addressed): void {
    if (key === null) return;
    const name = nameOf(country, key);
    const same = this.#ids.get(name);
    same?.delete(id);
    if (same?.size === 0) this.#ids.delete(name);
    count(this.#countries, country, -1);
    count(this.#endings, endingOf(key), -1);
  }

  /** The callbacks to this address, by countries and then as they came. */
  find(address: string | null): readonly string[] {
    if (address === null || this.#ids.size === 0) return [];
    if (PLAIN_NUMBER.test(address) && !this.#hasEndingOf(address)) return [];
    const found: string[] = [];
    for (const country of this.#countries.keys()) {
      const key = addressKey(address, country)?.key;
      if (key !== undefined) found.push(...(this.#ids.get(nameOf(country, key)) ?? []));
    }
    return found;
  }

  #hasEndingOf(number: string): boolean {
    for (let digits = 1; digits <= ENDING; digits += 1) {
      if (this.#endings.has(number.slice(-digits))) return true;
    }
    return false;
  }
}

/**
 * The last digits that whoever writes the number of this key surely writes. What a parse leaves may be short: Brazil dials 00, the
 * carrier's two digits, and then abroad, so that 00154417 is there +4417.
 */
function endingOf(key: string): string {
  if (!key.startsWith('+')) return key.slice(-ENDING);
  const written = Math.max(1, key.length - 1 - COUNTRY_CODE);
  return key.slice(-Math.min(ENDING, written));
}

function count<K>(counts: Map<K, number>, of: K, by: 1 | -1): void {
  const now = (counts.get(of) ?? 0) + by;
  if (now > 0) counts.set(of, now);
  else counts.delete(of);
}

function nameOf(country: string | null, key: string): string {
  return `${country ?? ''} ${key}`;
}
