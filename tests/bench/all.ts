// The benches by the word that `npm run bench` takes; each is loaded only when it runs.
import type { Bench } from './line.ts';

type Load = () => Promise<{ readonly bench: Bench }>;

/** In the order in which they run. */
export const BENCHES: ReadonlyMap<string, Load> = new Map<string, Load>([
  ['delay', () => import('./delay.ts')],
  ['bytes', () => import('./bytes.ts')],
  ['sends', () => import('./sends.ts')],
  ['memory', () => import('./memory.ts')],
  ['comeback', () => import('./comeback.ts')],
  ['fold', () => import('./fold.ts')],
  ['one-event', () => import('./one-event.ts')],
  ['alarms', () => import('./alarms.ts')],
  ['browser', () => import('./browser.ts')],
]);
