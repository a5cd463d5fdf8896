// How deeply JSON is nested: what `JSON.parse` reads may be too deep to be written again, and finding that out by failing is slow.

/** Deeper than any event of ours, and shallow enough for whatever walks it. */
export const DEPTH_MOST = 200;
export const DEPTH_EXPECTED = `JSON that is nested at most ${DEPTH_MOST} deep`;

/** True if brackets stand in each other more than `DEPTH_MOST` deep; looks at no more text than it must. */
export function isTooDeep(json: string): boolean {
  // Each level opens and closes.
  if (json.length <= DEPTH_MOST * 2) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(json, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > DEPTH_MOST) return true;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the text ends that begins at `from`; the end of all where it does not end. */
function endOfText(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let slashes = 0;
    while (json.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return json.length;
}

/** The same of a value that was read already; looks at all of it. */
export function isValueTooDeep(value: unknown, left = DEPTH_MOST): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  return Object.values(value).some((inner) => isValueTooDeep(inner, left - 1));
}
