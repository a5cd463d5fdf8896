// Where the picture stands: it moves by four pixels each two and a half minutes, so that nothing burns in.
import { WANDER_PX } from '../../server/contract/type-size.ts';

const EVERY_MS = 150_000;
const STEPS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** Pixels to the right and down, at the site's time `now`. */
export function wander(now: number): readonly [number, number] {
  const [x, y] = STEPS[Math.floor(now / EVERY_MS) % STEPS.length] ?? STEPS[0];
  return [x * WANDER_PX, y * WANDER_PX];
}
