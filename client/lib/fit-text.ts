// Text that must fit: the longest of several wordings, or a name cut where it hurts least.

/** Width in pixels of `text` at `px` and `weight`. */
export type Measure = (text: string, px: number, weight: Weight) => number;
export type Weight = 500 | 600 | 700;

export interface Room {
  readonly width: number;
  readonly px: number;
  readonly weight: Weight;
}

/** The first wording that fits; the last one, cut, where none does. */
export function firstThatFits(wordings: readonly string[], room: Room, measure: Measure): string {
  for (const wording of wordings) if (fits(wording, room, measure)) return wording;
  return cut(wordings[wordings.length - 1] ?? '', room, measure);
}

export function fits(text: string, { width, px, weight }: Room, measure: Measure): boolean {
  return measure(text, px, weight) <= width;
}

/** `text`, ended by an ellipsis where it does not fit; whole characters only. */
export function cut(text: string, room: Room, measure: Measure): string {
  if (text === '' || fits(text, room, measure)) return text;
  const characters = Array.from(text);
  let low = 0;
  let high = characters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(ended(characters, middle), room, measure)) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '…' : ended(characters, low);
}

/** A person's name from long to short: whole, with the initial of the last word, the first word. */
export function shorterNames(name: string): readonly string[] {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const [first, ...rest] = words;
  const last = rest[rest.length - 1];
  if (first === undefined) return [name];
  if (last === undefined) return [first];
  const initial = Array.from(last)[0] ?? '';
  return [words.join(' '), `${first} ${initial}.`, first];
}

function ended(characters: readonly string[], length: number): string {
  return `${characters.slice(0, length).join('').trimEnd()}…`;
}
