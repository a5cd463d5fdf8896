/// <reference lib="dom" />
// The push service of a browser in a test's hands: what the page subscribes to leads to a receiver of the test, and what came there is delivered to the page's worker.
import type { BrowserContext, Page as Tab, Worker } from 'playwright-core';
import { SCREEN } from '../../client/sw/screen.ts';
import type { HttpSink } from './http-sink.ts';
import { createPushReader } from './push-reader.ts';

export interface Shown {
  readonly title: string;
  readonly tag: string;
  readonly body: string;
  readonly lang: string;
  readonly isSilent: boolean;
  readonly actions: readonly string[];
}

export interface PushService {
  readonly endpoint: string;
  /** All that came here so far, decrypted, in order. */
  read(): readonly string[];
  /** Hands to the worker what came since the last time; gives how many. */
  deliver(): Promise<number>;
  /** Hands this text to the worker. */
  deliverText(text: string): Promise<void>;
  /** The worker of the product. */
  worker(): Promise<Worker>;
  /** What stands on the screen. */
  shown(): Promise<readonly Shown[]>;
  /** A press on the one notification that stands there. */
  press(action: 'take' | 'open' | ''): Promise<void>;
}

/** To be called before the page is opened; `origin` is where it will be. */
export async function openPushService(
  tab: Tab,
  { sink, origin, path = '/phone' }: { sink: HttpSink; origin: string; path?: string },
): Promise<PushService> {
  const context: BrowserContext = tab.context();
  const reader = createPushReader();
  const endpoint = `${sink.url}${path}`;
  await context.grantPermissions(['notifications'], { origin });
  await tab.addInitScript(standIn, { endpoint, keys: reader.keys });
  const debug = await context.newCDPSession(tab);
  let registration: string | null = null;
  debug.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    for (const each of registrations) registration = each.registrationId;
  });
  await debug.send('ServiceWorker.enable');
  let delivered = 0;

  function read(): readonly string[] {
    return sink.received.filter((one) => one.path === path).map(({ body }) => reader.read(body));
  }
  async function worker(): Promise<Worker> {
    const [found] = context.serviceWorkers();
    return found ?? context.waitForEvent('serviceworker');
  }
  async function deliverText(data: string): Promise<void> {
    if (registration === null) throw new Error('Expected a worker that is registered.');
    await debug.send('ServiceWorker.deliverPushMessage', {
      origin,
      registrationId: registration,
      data,
    });
  }

  return {
    endpoint,
    read,
    worker,
    deliverText,
    async deliver() {
      const fresh = read().slice(delivered);
      delivered += fresh.length;
      for (const text of fresh) await deliverText(text);
      return fresh.length;
    },
    async shown() {
      return (await worker()).evaluate(async (lock) => {
        const { registration: own } = globalThis as unknown as {
          readonly registration: ServiceWorkerRegistration;
        };
        const all = (await navigator.locks.request(lock, () =>
          own.getNotifications(),
        )) as readonly (Notification & {
          readonly actions?: readonly { readonly action: string }[];
        })[];
        return all.map(({ title, tag, body, lang, silent, actions = [] }) => ({
          ...{ title, tag, body, lang, isSilent: silent === true },
          actions: actions.map(({ action }) => action),
        }));
      }, SCREEN);
    },
    async press(action) {
      await (
        await worker()
      ).evaluate(
        async ([pressed, lock]) => {
          const scope = globalThis as unknown as {
            readonly registration: ServiceWorkerRegistration;
            readonly NotificationEvent: new (name: string, init: object) => Event;
            dispatchEvent(event: Event): boolean;
          };
          // In turn with the worker: else this look would make Chromium forget what is being shown.
          const look = () =>
            navigator.locks.request(lock, () => scope.registration.getNotifications());
          let [notification] = await look();
          // A push that was delivered is shown a moment after.
          for (let looks = 0; notification === undefined && looks < 50; looks++) {
            await new Promise((done) => setTimeout(done, 100));
            [notification] = await look();
          }
          const init = { notification, action: pressed };
          scope.dispatchEvent(new scope.NotificationEvent('notificationclick', init));
        },
        [action, SCREEN] as const,
      );
    },
  };
}

/** Runs in the page: a browser without a network of its own subscribes nowhere. */
function standIn(given: {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}): void {
  const KEPT = 'test.push.key';
  const made = (key: ArrayBuffer): object => ({
    endpoint: given.endpoint,
    options: { applicationServerKey: key },
    toJSON: () => given,
    unsubscribe: () => {
      localStorage.removeItem(KEPT);
      return Promise.resolve(true);
    },
  });
  const kept = (): object | null => {
    const text = localStorage.getItem(KEPT);
    return text === null ? null : made(Uint8Array.from(JSON.parse(text) as number[]).buffer);
  };
  Object.assign(PushManager.prototype, {
    getSubscription: () => Promise.resolve(kept()),
    subscribe(options: { readonly applicationServerKey: Uint8Array }) {
      localStorage.setItem(KEPT, JSON.stringify(Array.from(options.applicationServerKey)));
      return Promise.resolve(kept());
    },
  });
}
