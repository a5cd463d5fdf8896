// The book of addresses asks less than it could of whoever parses numbers, and finds the same.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AddressBook } from '../../server/floor/address-book.ts';
import { addressKey } from '../../server/floor/address.ts';

const COUNTRIES = ['LV', 'GB', 'IT', 'AR', 'BR', 'MX', 'US', 'UY', 'DE', null] as const;
/** Beside any digits a few that meet often, written in many ways: with and without country, trunk prefix, mobile 9 and 15. */
const digits = fc.oneof(
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 16 })
    .map((all) => all.join('')),
  fc.constantFrom('20123456', '2079460417', '3512345678', '1123456789', '4417', '61234567'),
);
const number = fc
  .tuple(
    fc.constantFrom('', '+', '00', '+44', '+371', '+54', '+52', '+55', '+39', '44', '371'),
    fc.constantFrom('', '0', '8', '9', '15', '01115', '1'),
    digits,
  )
  .map((parts) => parts.join(''));
const address = fc.oneof(
  number,
  number.map((plain) => plain.replace(/(\d{3})/g, '$1 ')),
  number.map((plain) => `${plain} ext. 12`),
  number.map((plain) => `tel:${plain};ext=12`),
  fc.constantFrom('anna@example.com', ' Anna@Example.com', 'anna'),
);
const country = fc.constantFrom(...COUNTRIES);

it('[FLR-41] finds every promise whose address is the same, and no other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(address, country), { maxLength: 6 }),
      address,
      (promises, asked) => {
        const book = new AddressBook();
        const entries = promises.map(([text, of], index) => ({
          id: String(index),
          country: of,
          addressKey: addressKey(text, of)?.key ?? null,
        }));
        for (const entry of entries) book.add(entry);
        for (const like of [asked, ...promises.map(([text]) => text)]) {
          const same = entries.filter((entry) => {
            const key = addressKey(like, entry.country)?.key;
            return key !== undefined && key === entry.addressKey;
          });
          expect([...book.find(like)].sort()).toEqual(same.map(({ id }) => id).sort());
        }
        for (const entry of entries) book.remove(entry);
        for (const [text] of promises) expect(book.find(text)).toEqual([]);
      },
    ),
    // A number abroad by one of Brazil's carriers, and one that leaves little behind its country.
    { numRuns: 300, examples: [[[['00154417', 'BR']], '0']] },
  );
});
