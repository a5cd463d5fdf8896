// A name as it is said outside of Pharos' own screens: on one line, not too long, and turning nothing around that stands beside it.

/** Characters; a queue's title and six lines still go into one push. */
const MOST = 80;
/** Breaks of lines and other controls, and signs that turn the direction of what follows. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

export function oneLine(name: string): string {
  const signs = Array.from(name.replace(UNRULY, ' ').replace(/ {2,}/g, ' ').trim());
  return signs.length <= MOST ? signs.join('') : `${signs.slice(0, MOST - 1).join('')}…`;
}
