// The worker that hears pushes while no page is open. It keeps nothing and answers no page, so that a wall can show nothing old through it.
import { browserClock } from '../live/clock.ts';
import { isSignedIn, take } from './ask.ts';
import { noticeOf, oddNotice, offNotice, pagesOf, readPushed, tookNotice } from './notice.ts';
import type { Notice, Pushed } from './notice.ts';
import { openPage } from './opening.ts';
import { renew } from './renew.ts';
import { inTurn } from './screen.ts';

declare const self: ServiceWorkerGlobalScope;

/** Said by Chromium and Firefox when the address of a subscription has changed; the compiler does not know it. */
interface PushChange extends ExtendableEvent {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => event.waitUntil(push(event.data?.text())));
self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event;
  const pushed = notification.data as Pushed | null;
  if (action === 'take' && typeof pushed?.take === 'string') {
    event.waitUntil(press(pushed, pushed.take));
    return;
  }
  notification.close();
  event.waitUntil(open(pushed));
});
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(changed(event)));

async function push(text: string | undefined): Promise<void> {
  const pushed = readPushed(text);
  if (pushed === null) return show(() => oddNotice(navigator.language.slice(0, 2)));
  return show(async () => {
    const [before] = await self.registration.getNotifications({ tag: pushed.tag });
    return noticeOf(pushed, (before?.data as Pushed | null | undefined) ?? null);
  });
}

/** It stays as it is until the answer stands in its place. */
async function press(pushed: Pushed, capability: string): Promise<void> {
  const took = await take(capability);
  await show(() => tookNotice(pushed, took));
}

async function open(pushed: Pushed | null): Promise<void> {
  const pages = pushed === null ? { desk: '/desk', link: '/desk' } : pagesOf(pushed);
  await openPage(pages, {
    windows: await self.clients.matchAll({ type: 'window', includeUncontrolled: true }),
    openWindow: (url) => self.clients.openWindow(url),
    isSignedIn,
    clock: browserClock,
  });
}

async function changed({ oldSubscription, newSubscription }: PushChange): Promise<void> {
  const change = { old: oldSubscription ?? null, fresh: newSubscription ?? null };
  if (!(await renew(change, self.registration)))
    await show(() => offNotice(navigator.language.slice(0, 2)));
}

function show(made: () => Notice | Promise<Notice>): Promise<void> {
  return inTurn(async () => {
    const { title, options } = await made();
    await self.registration.showNotification(title, options);
  });
}
