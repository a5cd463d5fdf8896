// Where a click on a notification leads: into the desk that stands open, over one that cannot show it, or into a window of its own.
import type { Clock } from '../live/clock.ts';
import { inTime } from '../live/in-time.ts';

/** What is used of a window that a worker sees. */
export interface DeskWindow {
  readonly url: string;
  postMessage(message: object, transfer: Transferable[]): void;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
}

interface Opener {
  readonly windows: readonly DeskWindow[];
  readonly openWindow: (url: string) => Promise<unknown>;
  readonly isSignedIn: () => Promise<boolean>;
  readonly clock: Pick<Clock, 'after'>;
}

/** A page that shows anything at all answers in so many milliseconds. */
const HEARD_MS = 1_500;

/** `desk`: where it stands at the desk; `link`: what shows it to whom nobody signed in. */
export async function openPage(
  { desk, link }: { readonly desk: string; readonly link: string },
  { windows, openWindow, isSignedIn, clock }: Opener,
): Promise<void> {
  const found = windows.find(({ url }) => /^\/desk(\/|$)/.test(new URL(url).pathname));
  if (found === undefined) {
    await openWindow((await isSignedIn()) ? desk : link);
    return;
  }
  const hearing = inTime({ clock, ms: HEARD_MS }, () => told(found, desk));
  // A browser may forbid it; the page shows it all the same.
  await found.focus().catch(() => null);
  const [isHeard, isSigned] = await Promise.all([hearing, isSignedIn()]);
  if (isSigned && isHeard === true) return;
  const page = isSigned ? desk : link;
  await found.navigate(page).catch(() => openWindow(page));
}

/** True once the page says that it goes there. */
function told(page: DeskWindow, path: string): Promise<true> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((heard) => {
    port1.onmessage = () => {
      port1.close();
      heard(true);
    };
    page.postMessage({ pharos: 'open', path }, [port2]);
  });
}
