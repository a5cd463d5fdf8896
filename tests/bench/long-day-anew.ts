// The two walls that have stood all day beside the same two loaded a moment ago: whatever the old ones hold more, they have gathered.
import { pause, systemClock } from '../../server/clock.ts';
import { figuresOfPage } from './long-day-samples.ts';
import type { PageFigures } from './long-day-samples.ts';
import type { Screens, Wall } from './long-day-screens.ts';

/** Long enough for the turning wall to have shown each of its pages. */
const LOOKS = 6;
const LOOK_MS = 8_000;

/** The least of several looks, since the two turning walls are not on the same page. */
export interface BesideAnew {
  readonly name: Wall['name'];
  readonly stood: PageFigures;
  readonly anew: PageFigures;
}

export async function besideAnew(screens: Screens): Promise<readonly BesideAnew[]> {
  const fresh = await screens.openAnew();
  const looks: (readonly [PageFigures, PageFigures])[][] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await pause(systemClock, LOOK_MS);
    const both: (readonly [PageFigures, PageFigures])[] = [];
    for (const [at, wall] of fresh.entries()) {
      const stood = screens.walls[at];
      if (stood === undefined) throw new Error('invariant: each wall has its like');
      both.push([await figuresOfPage(stood.session), await figuresOfPage(wall.session)]);
    }
    looks.push(both);
  }
  for (const { page } of fresh) await page.context().close();
  return fresh.map(({ name }, at) => {
    const pairs = looks.flatMap((both) => both.slice(at, at + 1));
    return {
      name,
      stood: leastOf(pairs.map(([stood]) => stood)),
      anew: leastOf(pairs.map(([, anew]) => anew)),
    };
  });
}

function leastOf(figures: readonly PageFigures[]): PageFigures {
  const least = (of: keyof PageFigures): number => Math.min(...figures.map((one) => one[of]));
  return {
    heapMb: least('heapMb'),
    nodes: least('nodes'),
    listeners: least('listeners'),
    documents: least('documents'),
  };
}
