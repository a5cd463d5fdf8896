// The two walls that have stood all day beside the same two loaded a moment ago: what the old ones hold more on the same page, they have gathered.
import { pause, systemClock } from '../../server/clock.ts';
import { figuresOfPage } from './long-day-samples.ts';
import type { PageFigures } from './long-day-samples.ts';
import type { Screens, Wall } from './long-day-screens.ts';

/** The turning wall has about ten pages of five seconds; each keeps a little of itself once it was shown, so all are shown before the first look. */
const ROUND_MS = 55_000;
const LOOK_MS = 4_000;
const LOOKS = 14;

/** The least of the looks at which both were seen on this page. */
export interface BesideAnew {
  readonly name: Wall['name'];
  /** Such as `floor 1`: the page, and which part of it. */
  readonly shown: string;
  readonly stood: PageFigures;
  readonly anew: PageFigures;
}

export async function besideAnew(screens: Screens): Promise<readonly BesideAnew[]> {
  const fresh = await screens.openAnew();
  await pause(systemClock, ROUND_MS);
  const stood = screens.walls.map(startLooking);
  const anew = fresh.map(startLooking);
  for (let turn = 0; turn < LOOKS; turn += 1) {
    await pause(systemClock, LOOK_MS);
    for (const { look } of [...stood, ...anew]) await look();
  }
  for (const { page } of fresh) await page.context().close();
  return fresh.flatMap(({ name }, at) =>
    [...(anew[at]?.seen ?? [])].flatMap(([shown, figures]) => {
      const ofStood = stood[at]?.seen.get(shown);
      return ofStood === undefined ? [] : [{ name, shown, stood: ofStood, anew: figures }];
    }),
  );
}

function startLooking({ page, session }: Wall): {
  readonly seen: ReadonlyMap<string, PageFigures>;
  readonly look: () => Promise<void>;
} {
  const seen = new Map<string, PageFigures>();
  const shownNow = async (): Promise<string> => {
    const place = page.locator('[data-page]').first();
    return `${(await place.getAttribute('data-page')) ?? '?'} ${(await place.getAttribute('data-part')) ?? ''}`;
  };
  return {
    seen,
    async look() {
      const shown = await shownNow();
      const figures = await figuresOfPage(session);
      // It may have turned in the middle of the look.
      if ((await shownNow()) !== shown) return;
      const least = seen.get(shown) ?? figures;
      seen.set(shown, {
        heapMb: Math.min(least.heapMb, figures.heapMb),
        nodes: Math.min(least.nodes, figures.nodes),
        listeners: Math.min(least.listeners, figures.listeners),
        documents: Math.min(least.documents, figures.documents),
      });
    },
  };
}
