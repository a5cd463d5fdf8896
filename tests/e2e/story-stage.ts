// The stage of the two calls: the product on a real Redis, a wall, a desk and a lead's phone in a browser, and receivers of pushes, chats and mails.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { systemClock } from '../../server/clock.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import { Channels } from '../../server/notify/channels.ts';
import { openHttpSink } from '../support/http-sink.ts';
import { showToken } from '../support/sign-in-page.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { openMailSink } from '../support/mail-sink.ts';
import type { MailSink } from '../support/mail-sink.ts';
import { startPharos } from '../support/pharos.ts';
import { createPushReader } from '../support/push-reader.ts';
import { startRedis } from '../support/redis-server.ts';

const TOKEN = 'a-token-of-the-test-suite-only';
const SECRET = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`;
const TV = { width: 1920, height: 1080 } as const;
const LAPTOP = { width: 1280, height: 800 } as const;
const PHONE = { width: 390, height: 844 } as const;

/** What a browser's service worker is handed. */
export interface Push {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly title: string;
  readonly body: string;
  readonly page: string;
}

export interface Stage {
  readonly wall: Page;
  readonly desk: Page;
  readonly chats: HttpSink;
  readonly mails: MailSink;
  readonly secret: string;
  /** Each with its own time, where it is not now. */
  readonly say: (...events: readonly Omit<NewEvent, 'source'>[]) => Promise<void>;
  pushes(): readonly Push[];
  /** Opens on the phone what a push links to. */
  openPhone(push: Push): Promise<Page>;
  /** As the API tells them, all of the day. */
  episodes(): Promise<readonly Told[]>;
  close(): Promise<void>;
}

export interface Told {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly subject: string;
  readonly since: number;
  readonly moves: readonly {
    readonly at: number;
    readonly reason: string;
    readonly severity: string;
    readonly by: string | null;
    readonly how?: string;
  }[];
}

export async function openStage(browser: Browser, profiles: readonly object[]): Promise<Stage> {
  const [redis, phone, chats, mails] = await Promise.all([
    startRedis(),
    openHttpSink(),
    openHttpSink(),
    openMailSink(),
  ]);
  const store = openRedisStore({ url: redis.url, site: 'main' });
  await untilAnswering(store, { clock: systemClock, withinMs: 10_000 });
  const reader = createPushReader();
  await reach(store, { endpoint: `${phone.url}/phone`, keys: reader.keys }, chats);
  const say: Stage['say'] = async (...events) => {
    await store.append(events as readonly NewEvent[]);
  };
  await say(...(profiles as readonly NewEvent[]));
  const pharos = await startPharos({
    ...{ REDIS_URL: redis.url, PHAROS_BOOTSTRAP_TOKEN: TOKEN, PHAROS_ALLOW_OUT: '127.0.0.1' },
    ...{ PHAROS_PUBLIC_URL: 'https://wall.example', PHAROS_SMTP_URL: mails.url },
    ...{ PHAROS_MAIL_FROM: 'pharos@wall.example' },
  });
  const context = await browser.newContext({ viewport: TV, reducedMotion: 'reduce' });
  const wall = await signIn(context, `${pharos.url}/?page=floor`);
  await wall.waitForSelector('[data-health="live"]');
  const desk = await context.newPage();
  await desk.setViewportSize(LAPTOP);
  await desk.goto(`${pharos.url}/desk?language=en`);
  await desk.locator('[data-person="lucie"]').click();
  await desk.waitForSelector('[data-health="live"]');

  return {
    ...{ wall, desk, chats, mails, secret: SECRET, say },
    pushes: () => phone.received.map(({ body }) => JSON.parse(reader.read(body)) as Push),
    async openPhone({ page: link }) {
      const hand = await browser.newContext({ viewport: PHONE, locale: 'en' });
      const page = await hand.newPage();
      await page.goto(new URL(new URL(link).pathname, pharos.url).href);
      return page;
    },
    async episodes() {
      const answer = await fetch(`${pharos.url}/api/v1/alerts?state=all`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      return ((await answer.json()) as { readonly alerts: readonly Told[] }).alerts;
    },
    async close() {
      await context.close();
      await pharos.close();
      await store.close();
      await Promise.all([redis.close(), phone.close(), chats.close(), mails.close()]);
    },
  };
}

/** Lucie is reached on her phone, by chat and by mail. */
async function reach(
  store: ReturnType<typeof openRedisStore>,
  phone: {
    readonly endpoint: string;
    readonly keys: { readonly p256dh: string; readonly auth: string };
  },
  chats: HttpSink,
): Promise<void> {
  const channels = new Channels({
    ...{ store, fixed: [], site: 'main' },
    onUnread: (lane, why) => {
      throw new Error(`${lane}: ${why}`);
    },
  });
  const lucie = { owner: 'person', of: 'lucie' } as const;
  await channels.put(lucie, { kind: 'push', id: 'phone', ...phone });
  await channels.put(lucie, { kind: 'webhook', id: 'chat', url: chats.url, secret: SECRET });
  await channels.put(lucie, { kind: 'email', id: 'mail', address: 'lucie@wall.example' });
}

async function signIn(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await showToken(page, TOKEN);
  return page;
}
