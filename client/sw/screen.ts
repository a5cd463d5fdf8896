// What stands on the screen is looked at and changed by one at a time.
// Chromium forgets a notification that is being shown while another call reads what stands there: it stays on the screen, and a press on it does nothing.
// Two pushes of one episode, besides, must not both take the other for absent.

/** One name for the whole origin: it also holds between a worker and the next version of it. */
export const SCREEN = 'pharos.screen';

/** Where the browser has no locks (Firefox before 96, Safari before 15.4): after what was begun before, within this worker. */
let last: Promise<unknown> = Promise.resolve();

/** A worker that the browser ends gives its turn to the next. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  if (locks !== undefined) return locks.request(SCREEN, work);
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}
