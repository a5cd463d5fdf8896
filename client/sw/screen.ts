// What stands on the screen is looked at and changed by one at a time.
// Chromium forgets a notification that is being shown while another call reads what stands there: it stays on the screen, and a press on it does nothing.
// Two pushes of one episode, besides, must not both take the other for absent.

/** One name for the whole origin: it also holds between a worker and the next version of it. */
export const SCREEN = 'pharos.screen';

/** A worker that the browser ends gives its turn to the next. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(SCREEN, work);
}
