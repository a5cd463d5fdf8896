// The addresses of promises: which callbacks are to one, each read in the country of its promise.
import { addressKey } from './address.ts';

/**
 * So many last digits are compared before a number is parsed, which takes some 10 µs. What is parsed has seven digits, of which the
 * longest trunk prefixes (Hungary's 06, Mongolia's 01) leave five.
 */
const ENDING = 5;
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
    if (PLAIN_NUMBER.test(address) && !this.#endings.has(endingOf(address))) return [];
    const found: string[] = [];
    for (const country of this.#countries.keys()) {
      const key = addressKey(address, country)?.key;
      if (key !== undefined) found.push(...(this.#ids.get(nameOf(country, key)) ?? []));
    }
    return found;
  }
}

/** The last digits of a number, the `+` of a short one left out. */
function endingOf(number: string): string {
  return number.slice(number.startsWith('+') ? 1 : 0).slice(-ENDING);
}

function count<K>(counts: Map<K, number>, of: K, by: 1 | -1): void {
  const now = (counts.get(of) ?? 0) + by;
  if (now > 0) counts.set(of, now);
  else counts.delete(of);
}

function nameOf(country: string | null, key: string): string {
  return `${country ?? ''} ${key}`;
}
