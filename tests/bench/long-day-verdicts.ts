// Whether a long day held what is promised of it, in sentences with the figures.
import type { BesideAnew } from './long-day-anew.ts';
import type { Figure } from './long-day-figures.ts';
import type { Told } from './long-day-told.ts';
import type { Wall } from './long-day-screens.ts';

/** What B-4 promises of a screen's heap, and what is asked of the server's (MB an hour of the wall's clock). */
const CLIENT_MOST = 1;
const SERVER_MOST = 2;
/** A row may come or go between two looks at two pages. */
const NODES_SHARE = 0.03;
/** Lines come and go with the screens that are away. */
const LINES = 6;

/** Whether the promise holds, in sentences with the figures. */
export function verdictsOf({ figures, state, isWarm, anew }: Told): readonly string[] {
  const find = (name: string): Figure => {
    const found = figures.find((figure) => figure.name === name);
    if (!found) throw new Error(`invariant: no figure ${name}`);
    return found;
  };
  const leaning = (name: string): string => {
    const { title, line } = find(name);
    if (line === null) return `${title}: too short a run to say.`;
    const lean = line.slope * 60;
    return `${title}: ${signed(lean)} ± ${digits(line.error * 60)} MB an hour, ${lean < CLIENT_MOST ? 'under' : 'NOT UNDER'} the promised ${CLIENT_MOST}.`;
  };
  const constant = (name: string, most: (start: number) => number): string => {
    const { title, start, end, least, most: highest } = find(name);
    const is = Math.abs(end - start) <= most(start);
    return `${title}: ${digits(start)}, then ${digits(end)} (between ${digits(least)} and ${digits(highest)}): ${is ? 'constant' : 'NOT CONSTANT'}.`;
  };
  return [
    ...(isWarm
      ? []
      : ['Too short a run to be warm: the leans are those of a start, and prove nothing.']),
    leaning('turning.heap'),
    leaning('floor.heap'),
    serverVerdict(find('server.heap'), state),
    besideAnewVerdict('turning', anew),
    besideAnewVerdict('floor', anew),
    ...['turning', 'floor'].flatMap((wall) => [
      constant(`${wall}.listeners`, () => 1),
      constant(`${wall}.documents`, () => 0),
    ]),
    constant('server.files', () => LINES),
    constant('redis.clients', () => 0),
  ];
}

/** How many nodes there are hangs on the page and on the rows of the hour; a wall that was loaded anew shows the same. */
function besideAnewVerdict(wall: Wall['name'], pages: readonly BesideAnew[]): string {
  const mine = pages.filter(({ name }) => name === wall);
  const nodes = (which: 'stood' | 'anew'): number =>
    mine.reduce((sum, page) => sum + page[which].nodes, 0);
  const listeners = mine.every(({ stood, anew }) => stood.listeners <= anew.listeners);
  const is = mine.length > 0 && nodes('stood') <= nodes('anew') * (1 + NODES_SHARE) && listeners;
  return `The ${wall} wall at the end holds ${nodes('stood')} DOM nodes over ${mine.length} pages, loaded anew ${nodes('anew')}: ${is ? 'nothing was gathered' : 'NODES OR LISTENERS WERE GATHERED'}.`;
}

/** A living server may grow by what its state grew, as a server shows that has just begun from the same record. */
function serverVerdict({ title, lowWater, start, end }: Figure, state: Told['state']): string {
  const hours = ((lowWater.at(-1)?.x ?? 0) - (lowWater[0]?.x ?? 0)) / 60;
  const grown = end - start;
  const ofState = state.end.heapMb - state.start.heapMb;
  const rest = (grown - ofState) / hours;
  const rate = hours > 0 ? `${signed(rest)} MB an hour` : 'too short a run to say';
  const is = hours > 0 && rest >= SERVER_MOST ? 'NOT UNDER' : 'under';
  return `${title}: grew by ${digits(grown)} MB; one that begins anew from the same record holds ${digits(state.start.heapMb)} MB, then ${digits(state.end.heapMb)}, so the state of the day grew by ${digits(ofState)}. The difference: ${rate}, ${is} the ${SERVER_MOST} that is asked.`;
}

export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? String(Math.round(value))
    : value.toFixed(2);
}

export function signed(value: number): string {
  return value < 0 ? `−${digits(-value)}` : `+${digits(value)}`;
}
