// Customers' numbers out of what Asterisk says that was dialled.

/** The number in a DialString: `5550171` of `trunk/5550171`, `5550171@trunk`, `trunk/sip:5550171@host`; empty where there is none. */
export function dialledNumber(dialString: string): string {
  const sip = /sips?:([^@;>]+)/i.exec(dialString);
  const part = sip ? sip[1]! : dialString.slice(dialString.lastIndexOf('/') + 1);
  const number = part.replace(/[@,:;].*$/, '').replace(/[\s().-]/g, '');
  return /^\+?[0-9*#]{2,}$/.test(number) ? number : '';
}

/** A number without the first of the site's dialling prefixes that it begins with. */
export function stripped(number: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((one) => number.length > one.length + 1 && number.startsWith(one));
  return prefix === undefined ? number : number.slice(prefix.length);
}

/** What the customer's number is: clean in the DialString; else the digits dialled, without the site's prefix. */
export function customerNumber(
  dialString: string,
  exten: string,
  prefixes: readonly string[],
): string {
  const number = dialledNumber(dialString);
  if (number === '') return stripped(exten, prefixes);
  // The dialplan has taken a prefix off already where the digits dialled are longer.
  return number !== exten && exten.endsWith(number) ? number : stripped(number, prefixes);
}
