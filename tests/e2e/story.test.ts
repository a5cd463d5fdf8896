// The story of the two calls, played on the whole product in about a minute: what the wall, the desk and a lead's phone say at each of its instants.
import { mkdirSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { openStage } from './story-stage.ts';
import type { Push, Stage, Told } from './story-stage.ts';

const PATIENCE = { timeout: 15_000, interval: 100 } as const;
/** Pictures go there, where it is set. */
const PICTURES = process.env.PHAROS_PICTURES;
const ERNEST = { name: 'Ernest Defarge', address: '+442079460417' };
const JERRY = { name: 'Jerry Cruncher', address: '+442079460283' };
/** Limits in seconds, so that it plays in a minute. */
const LIMITS = { waitSeconds: 4, holdSeconds: 4 };
const SITE_LIMITS = { assistWorseSeconds: 4, callbackLateSeconds: 4, callbackSoonSeconds: 1 };

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(async () => {
  await stage?.close();
  await browser.close();
});

/** All of two minutes ago, but for a moment. */
function profiles(now: number): readonly object[] {
  const at = now - 117_000;
  const agent = (subject: string, name: string, alias: string, rest: object) => ({
    ...{ type: 'agent.profile', subject, at },
    data: { name, alias, team: 'deliveries', queues: ['deliveries'], ...rest },
  });
  const free = (subject: string) => ({
    ...{ type: 'agent.state', subject, at },
    data: { state: 'available', memberOf: ['deliveries'] },
  });
  return [
    { type: 'site.profile', subject: 'main', at, data: { limits: SITE_LIMITS, country: 'GB' } },
    { type: 'team.profile', subject: 'deliveries', at, data: { name: 'Deliveries' } },
    { type: 'team.profile', subject: 'billing', at, data: { name: 'Billing' } },
    {
      ...{ type: 'queue.profile', subject: 'deliveries', at },
      data: { name: 'Deliveries', teams: ['deliveries'], limits: LIMITS },
    },
    {
      ...{ type: 'queue.profile', subject: 'parcels', at },
      data: { name: 'Parcels', teams: ['deliveries'] },
    },
    agent('charles', 'Charles Darnay', 'Charles D.', {}),
    agent('sydney', 'Sydney Carton', 'Sydney C.', {}),
    agent('viktor', 'Viktor Almgren', 'Viktor A.', { role: 'lead', queues: [] }),
    agent('lucie', 'Lucie Manette', 'Lucie M.', { role: 'supervisor', team: 'billing' }),
    { type: 'supervisor.presence', subject: 'lucie', data: { presence: 'desk' } },
    { type: 'supervisor.presence', subject: 'viktor', at, data: { presence: 'offline' } },
    free('charles'),
    free('sydney'),
  ];
}

const line = (word: string): Locator => stage.wall.locator('li[data-severity]', { hasText: word });
const severityOf = (word: string) => line(word).getAttribute('data-severity');
const says = (word: string) => line(word).innerText();
/** The episode of a rule, about whatever it is in this story. */
const episode = async (rule: string): Promise<Told | undefined> =>
  (await stage.episodes()).find((each) => each.rule === rule);

async function untilSeverity(word: string, severity: string): Promise<void> {
  await expect
    .poll(async () => ((await line(word).count()) === 1 ? severityOf(word) : null), PATIENCE)
    .toBe(severity);
}
async function untilPush(word: string, severity: string): Promise<Push> {
  const found = () =>
    stage.pushes().find((push) => push.title.includes(word) && push.severity === severity);
  await expect.poll(found, PATIENCE).toBeDefined();
  return found()!;
}
/** No customer by name or number: the wall is public, and a push may be read by anybody. */
async function untold(): Promise<void> {
  const texts = [await stage.wall.innerText('body'), ...stage.pushes().map((push) => push.body)];
  for (const text of texts) expect(text).not.toMatch(/Ernest|Defarge|9460417/);
}
async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await stage.wall.screenshot({ path: `${PICTURES}/${name}-wall.png` });
  await stage.desk.screenshot({ path: `${PICTURES}/${name}-desk.png` });
}
/** Milliseconds after its beginning at which each severity was decided. */
function steps({ since, moves }: Told): Readonly<Record<string, number>> {
  const worse = moves.filter(({ reason }) => /^(began|worse|worse-than-taken)$/.test(reason));
  return Object.fromEntries(worse.map(({ severity, at }) => [severity, at - since]));
}

describe('the story of the two calls on the whole product', () => {
  let overdue: Push;

  it('[STO-8] begins calm; then nobody covers the team, and the wall names it and since when', async () => {
    stage = await openStage(browser, profiles(Date.now()));
    const { wall, desk } = stage;
    await wall.locator('[data-quiet-line]').or(line('No supervisor')).first().waitFor();
    await untilSeverity('No supervisor', 'P2');
    expect(await says('No supervisor')).toMatch(/Deliveries[\s\S]*Lucie(?: M\.)? is nearest/);
    const head = wall.locator('[data-team="deliveries"] [data-cover="uncovered"]');
    expect(await head.innerText()).toMatch(/nobody since \d\d:\d\d/);
    await desk.locator('[data-needs] [data-episode]', { hasText: 'No supervisor' }).waitFor();
    const push = await untilPush('No supervisor', 'P2');
    // Its own lead is gone, so that it comes to the next level at once.
    expect(push.body).toContain('Lucie Manette is nearest');
    await picture('1-cover');
  }, 60_000);

  it('[STO-9] Ernest waits: amber at the limit, red at twice, on the wall, at the desk and on the phone', async () => {
    await stage.say({
      ...{
        type: 'contact.queued',
        subject: 'ernest',
        data: { queue: 'deliveries', customer: ERNEST },
      },
    });
    await untilSeverity('Long wait', 'P2');
    await untilSeverity('Long wait', 'P1');
    await picture('2-wait');
    expect(await says('Long wait')).toContain('Deliveries');
    await stage.desk.locator('[data-episode]', { hasText: 'Long wait' }).first().waitFor();
    await untilPush('Long wait', 'P1');
    const { P3 = 0, P2 = 0, P1 = 0 } = steps((await episode('wait.long'))!);
    for (const [ms, due] of [
      [P3, 2_000],
      [P2, 4_000],
      [P1, 8_000],
    ] as const) {
      expect(ms).toBeGreaterThanOrEqual(due + 250);
      expect(ms).toBeLessThan(due + 3_000);
    }
    await untold();
  }, 60_000);

  it('[STO-10] Charles puts him on hold and asks for help: the hold has its clock, the empty desk turns red, Lucie is nearest and comes', async () => {
    const { wall, desk, say } = stage;
    await say(
      { type: 'contact.ringing', subject: 'ernest', data: { agent: 'charles' } },
      { type: 'contact.answered', subject: 'ernest', data: { agent: 'charles' } },
      { type: 'contact.held', subject: 'ernest', data: { agent: 'charles' } },
      {
        ...{ type: 'assist.requested', subject: 'help-1' },
        data: { agent: 'charles', contact: 'ernest', about: 'CRM crashed' },
      },
    );
    const cell = wall.locator('[data-agent="charles"]');
    await expect.poll(() => cell.getAttribute('data-state'), PATIENCE).toBe('holding');
    await untilSeverity('Help wanted', 'P2');
    expect(await says('Help wanted')).toMatch(/Charles D\.[\s\S]*Lucie(?: M\.)? is nearest/);
    // He is answered, so that his wait may be over; for ten seconds it stands there as that.
    expect(await says('Long wait')).toContain('perhaps over');
    await untilSeverity('No supervisor', 'P1');
    await untilSeverity('Long hold', 'P2');
    // Cells turn with the second hand.
    await expect.poll(() => cell.getAttribute('class'), PATIENCE).toMatch(/P[21]/);
    await picture('3-hold');
    await untilSeverity('Long hold', 'P1');
    await untilSeverity('Help wanted', 'P1');
    await untilPush('Help', 'P1');
    await untilPush('Long hold', 'P1');
    expect(await cell.innerText()).toMatch(/0:\d\d/);
    await picture('4-red');
    const hold = steps((await episode('hold.long'))!);
    expect([hold.P3, hold.P2, hold.P1].map((ms) => Math.floor((ms ?? 0) / 1_000))).toEqual([
      2, 4, 8,
    ]);
    const call = desk.locator('[data-assist]');
    expect(await call.innerText()).toContain('CRM crashed');
    await call.getByRole('button', { name: /coming/ }).click();
    await expect.poll(() => line('Help wanted').count(), PATIENCE).toBe(0);
    await untold();
  }, 60_000);

  it("[STO-11] Sydney's short hold stays grey", async () => {
    const { wall, say } = stage;
    await say(
      { type: 'contact.queued', subject: 'jerry', data: { queue: 'parcels', customer: JERRY } },
      { type: 'contact.answered', subject: 'jerry', data: { agent: 'sydney' } },
      { type: 'contact.held', subject: 'jerry', data: { agent: 'sydney' } },
    );
    const cell = wall.locator('[data-agent="sydney"]');
    await expect.poll(() => cell.getAttribute('data-state'), PATIENCE).toBe('holding');
    expect(await cell.getAttribute('class')).not.toMatch(/P[123]/);
    await say(
      { type: 'contact.resumed', subject: 'jerry', data: { agent: 'sydney' } },
      { type: 'contact.ended', subject: 'jerry', data: { by: 'customer', outcome: 'answered' } },
    );
    await expect.poll(() => cell.getAttribute('data-state'), PATIENCE).not.toBe('holding');
    const all = await stage.episodes();
    expect(all.filter(({ subject }) => subject === 'jerry')).toEqual([]);
  }, 30_000);

  it('[STO-12] the promise is on the ledger with its due time, and red from then on; a lead has it on her phone, by chat and by mail', async () => {
    const { chats, mails, say, secret } = stage;
    const dueAt = Date.now() + 3_000;
    await say(
      { type: 'contact.resumed', subject: 'ernest', data: { agent: 'charles' } },
      {
        ...{ type: 'callback.promised', subject: 'promise-1' },
        data: { customer: ERNEST, dueAt, by: 'charles', team: 'deliveries', contact: 'ernest' },
      },
      { type: 'contact.ended', subject: 'ernest', data: { by: 'customer', outcome: 'answered' } },
      { type: 'assist.closed', subject: 'help-1', data: { by: 'charles' } },
    );
    await stage.desk.locator('[data-promise="promise-1"]').waitFor();
    await untilSeverity('Callback late', 'P2');
    expect((await episode('callback.overdue'))?.since).toBe(dueAt);
    await untilSeverity('Callback late', 'P1');
    overdue = await untilPush('Callback', 'P1');
    await picture('5-overdue');
    const isOfIt = (text: string): boolean => text.includes('Callback');
    await expect.poll(() => mails.mails.some(({ text }) => isOfIt(text)), PATIENCE).toBe(true);
    for (const { to } of mails.mails) expect(to).toEqual(['lucie@wall.example']);
    const letters = () =>
      chats.received.map(
        ({ body, headers }) =>
          new Webhook(secret).verify(body, headers as Record<string, string>) as {
            readonly data: { readonly title: string };
          },
      );
    await expect.poll(() => letters().some(({ data }) => isOfIt(data.title)), PATIENCE).toBe(true);
    const ids = stage.pushes().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await untold();
  }, 60_000);

  it('[STO-13] she takes it from the phone, the wall says that she has it, and her call ends it', async () => {
    const { wall, desk, say } = stage;
    const phone = await stage.openPhone(overdue);
    expect(await phone.innerText('main')).toMatch(/Callback[\s\S]*Charles Darnay · Deliveries/);
    if (PICTURES !== undefined) await phone.screenshot({ path: `${PICTURES}/6-phone.png` });
    await phone.locator('button[value="acknowledge"]').click();
    await phone.locator('button[value="release"]').waitFor();
    if (PICTURES !== undefined) await phone.screenshot({ path: `${PICTURES}/7-phone-taken.png` });
    await expect.poll(() => says('Callback late'), PATIENCE).toMatch(/Lucie(?: M\.)? has it/);
    await picture('8-taken');
    const taken = (await episode('callback.overdue'))?.moves.find(({ by }) => by === 'lucie');
    expect(taken).toMatchObject({ reason: 'acknowledged', how: 'link' });

    await say(
      {
        ...{ type: 'contact.started', subject: 'call-back' },
        data: { direction: 'outbound', customer: ERNEST, agent: 'lucie', callback: 'promise-1' },
      },
      { type: 'contact.answered', subject: 'call-back', data: { agent: 'lucie' } },
      { type: 'supervisor.presence', subject: 'viktor', data: { presence: 'desk' } },
    );
    await expect
      .poll(() => line('Callback late').count(), { ...PATIENCE, timeout: 25_000 })
      .toBe(0);
    await expect
      .poll(() => wall.locator('[data-team="deliveries"] header').innerText(), PATIENCE)
      .toContain('Viktor A.');

    await desk.goto(`${new URL(desk.url()).origin}/desk/today?language=en`);
    const missed = desk.locator('[data-missed]');
    await missed.locator('[data-reported]').first().waitFor();
    const text = await missed.innerText();
    for (const word of ['Long wait', 'Long hold', 'Help wanted', 'Callback late'])
      expect(text).toContain(word);
    const row = missed.locator('[data-reported]', { hasText: 'Callback late' });
    expect(await row.innerText()).toMatch(/0:\d\d\s+Lucie Manette/);
    await picture('9-missed');
  }, 60_000);
});
