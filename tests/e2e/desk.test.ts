/// <reference lib="dom" />
// The desk in a real browser, used as a supervisor would: who am I, what needs me, what I say and what becomes of it. One room, since all use one browser.
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandAnswer, CommandName } from '../../server/contract/commands.ts';
import type { AlertRow } from '../../server/contract/rows.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { alertRow, ME } from '../support/desk-floor.ts';
import { openDesk, PHONE } from '../support/desk-page.ts';
import type { DeskScene, DeskSceneOptions } from '../support/desk-page.ts';
import { NOW } from '../support/wall-floors.ts';
import type { WallServer } from '../support/wall-server.ts';

let client: BuiltClient;
let browser: Browser;
const scenes: DeskScene[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  client = await buildClient();
  browser = await openChromium();
});
afterEach(async () => {
  for (const scene of scenes.splice(0)) {
    complaints.push(...scene.complaints);
    await scene.close();
  }
});
afterAll(async () => {
  await browser.close();
  client.remove();
});

async function open(options: Omit<DeskSceneOptions, 'folder'> = {}): Promise<DeskScene> {
  const scene = await openDesk(browser, { folder: client.folder, ...options });
  scenes.push(scene);
  return scene;
}

/** The commands of a name, once there are so many; what a page says by itself is passed over. */
async function said(server: WallServer, name: CommandName, times = 1) {
  const those = () =>
    server.commands.filter((one) => one.name === name && one.said.via === undefined);
  await expect.poll(() => those().length).toBe(times);
  return those().map((one) => one.said);
}

function put(server: WallServer, row: AlertRow): void {
  server.change({ put: { alerts: { [row.id]: row } }, gone: {} });
}

const card = (tab: Tab, id: string) => tab.locator(`[data-episode="${id}"]`);
const button = (tab: Tab, within: string, name: string) =>
  tab.locator(within).getByRole('button', { name, exact: true });

describe('who are you', () => {
  it('[DSK-20] is asked first, found by typing, and kept by the session', async () => {
    const { server, tab } = await open({ isNobody: true });
    const people = tab.locator('[data-person]');
    await expect.poll(() => people.count()).toBe(7);
    expect(await tab.locator('[data-needs]').count()).toBe(0);
    const search = tab.getByLabel('Your name or team');
    await search.fill('billing sup');
    await expect.poll(() => people.count()).toBe(0);
    await search.fill('man');
    await expect.poll(() => people.allInnerTexts()).toEqual([expect.stringMatching(/Lea Manette/)]);
    await search.press('Enter');
    await tab.locator('[data-needs="now"]').waitFor();
    expect(server.person?.id).toBe(ME);
    expect(await tab.locator('[data-me]').innerText()).toBe('Lea Manette');
    expect(await tab.locator('header').first().innerText()).toContain('not verified');
    await tab.reload();
    await tab.locator('[data-needs="now"]').waitFor();
    await tab.getByRole('button', { name: 'Not you?' }).click();
    await expect.poll(() => people.count()).toBe(7);
  });

  it('[DSK-20] says it where the server does not keep it, and asks again', async () => {
    const { server, tab } = await open({ isNobody: true });
    server.call = () => null;
    await tab.locator('[data-person="lea"]').click();
    await tab.getByText('the server answered 503').waitFor();
    expect(await tab.locator('[data-needs]').count()).toBe(0);
  });
});

describe('an episode', () => {
  it('[DSK-21] is said with the version that was seen, and is not shown as taken before it is', async () => {
    const { server, tab } = await open();
    let tell: ((answer: CommandAnswer) => void) | undefined;
    server.answer = () => new Promise((resolve) => (tell = resolve));
    await card(tab, 'e1').locator('[data-take]').click();
    await card(tab, 'e1').locator('[data-sending]').waitFor();
    expect(await card(tab, 'e1').locator('[data-sending]').innerText()).toMatch(
      /Sending: Take it · Long hold/,
    );
    expect(await card(tab, 'e1').innerText()).toContain('nobody yet');
    // A second press while it is being sent says nothing.
    await card(tab, 'e1').locator('[data-take]').dispatchEvent('click');
    await tab.keyboard.press('t');
    expect(await said(server, 'acknowledge')).toEqual([{ episode: 'e1', expectedVersion: 1 }]);
    tell?.({ ok: true, id: 'e1', version: 2 });
    await card(tab, 'e1').locator('[data-sending]').waitFor({ state: 'detached' });
    put(server, { ...row('e1'), state: 'acknowledged', takenBy: ME, version: 2 });
    await card(tab, 'e1').getByText('you have it').waitFor();
  });

  it('[DSK-22] that somebody else took says who, and is said again as it stands now', async () => {
    const { server, tab } = await open();
    server.answer = () => ({ refused: 'stale', by: 'jarvis', version: 4 });
    await card(tab, 'e1').locator('[data-take]').click();
    const note = tab.locator('[data-not-done]');
    await note.waitFor();
    expect(await note.innerText()).toContain('Jarvis Lorry was quicker and has it now.');
    expect(await note.innerText()).toContain('Take it · Long hold');
    put(server, { ...row('e1'), state: 'acknowledged', takenBy: 'jarvis', version: 4 });
    await tab.locator('[data-needs="others"] [data-episode="e1"]').waitFor();
    server.answer = () => ({ ok: true, id: 'e1', version: 5 });
    await note.getByRole('button', { name: 'Try again' }).click();
    await tab.locator('[data-fate="done"]').waitFor();
    expect(await said(server, 'acknowledge', 2)).toEqual([
      { episode: 'e1', expectedVersion: 1 },
      { episode: 'e1', expectedVersion: 4 },
    ]);
    expect(await note.count()).toBe(0);
  });

  it('[DSK-22] that was never answered, or could not be sent, is said to be so', async () => {
    const { server, tab } = await open();
    server.answer = () => null;
    await card(tab, 'e1').locator('[data-take]').click();
    await tab
      .getByText('No answer came. Whether it was done is not known')
      .waitFor({ timeout: 12_000 });
    expect(await card(tab, 'e1').locator('[data-sending]').count()).toBe(0);
    await tab.getByRole('button', { name: 'Close', exact: true }).click();
    server.refusal = 'full';
    server.hangUp();
    await tab.locator('[data-not-live="link"]').waitFor({ timeout: 12_000 });
    await card(tab, 'e1').locator('[data-take]').click();
    await tab.getByText('Not sent: there is no link to the server.').waitFor();
    expect(server.commands.filter(({ name }) => name === 'acknowledge')).toHaveLength(1);
  });

  it('[DSK-23] is snoozed with a reason and an end, commented with words, given back', async () => {
    const { server, tab } = await open();
    await button(tab, '[data-episode="e1"]', 'Snooze').click();
    expect(new URL(tab.url()).pathname).toBe('/desk/episode/e1');
    await tab.getByLabel('Known fault, being mended').check();
    await button(tab, '[data-detail]', '30 min').click();
    const [snoozed] = await said(server, 'snooze');
    expect(snoozed).toMatchObject({
      episode: 'e1',
      expectedVersion: 1,
      why: 'Known fault, being mended',
    });
    expect(Math.abs(Number(snoozed?.until) - NOW - 1_800_000)).toBeLessThan(30_000);
    await expect.poll(() => tab.getByLabel('Known fault, being mended').count()).toBe(0);

    await button(tab, '[data-detail]', 'Snooze').click();
    await tab.getByRole('radio', { name: 'In your own words' }).check();
    await button(tab, '[data-detail]', '1 h').click();
    await tab.locator('[data-detail]').getByText('A reason is needed, in words.').waitFor();
    await said(server, 'snooze', 1);

    await button(tab, '[data-detail] [data-buttons]', 'Comment').click();
    await tab.getByLabel('Write a word about it').fill('Ernest rang twice');
    await tab.keyboard.press('Enter');
    expect(await said(server, 'comment')).toEqual([{ episode: 'e1', why: 'Ernest rang twice' }]);

    put(server, { ...row('e1'), state: 'acknowledged', takenBy: ME, version: 3 });
    await button(tab, '[data-detail]', 'Give back').click();
    expect(await said(server, 'release')).toEqual([{ episode: 'e1', expectedVersion: 3 }]);
  });

  it('[DSK-23] shows its history: who, when and why; and says when it is over or unknown', async () => {
    const { server, tab } = await open({ path: '/desk/episode/e22' });
    const history = tab.locator('[data-history] li');
    await expect.poll(() => history.count()).toBe(2);
    expect(await history.first().innerText()).toMatch(
      /Jarvis Lorry put it off\s+not verified\s+“new headset on its way”/,
    );
    expect(await tab.locator('[data-detail]').innerText()).toContain('put off until');
    expect(
      (await tab.locator('[data-told] li').allInnerTexts()).map((text) =>
        text.replace(/\s+/g, ' '),
      ),
    ).toEqual([
      expect.stringMatching(
        /team Billing webhook · failed, trying again: the address answers 502$/,
      ),
      expect.stringMatching(/Miss Pross push · arrived \d\d:\d\d:\d\d$/),
      expect.stringMatching(/Charles D\. quiet hours, not told$/),
    ]);
    server.change({ put: {}, gone: { alerts: ['e22'] } });
    server.episodes = [];
    await tab.goto(`${server.origin}/desk/episode/old1?language=en`);
    await tab.locator('[data-unknown]').getByText('No such episode').waitFor();
    server.episodes = null;
    await tab.goto(`${server.origin}/desk/episode/e1?language=en`);
    await tab.getByText('the server answered 503').waitFor();
  });

  it('[DSK-23] that has ended says since when, from its history alone', async () => {
    const { tab } = await open({ path: '/desk/episode/old1' });
    await tab.locator('[data-over]').waitFor();
    expect(await tab.locator('[data-over]').innerText()).toMatch(/This ended at \d\d:\d\d:\d\d/);
    expect(await tab.locator('[data-detail] [data-buttons]').count()).toBe(0);
  });
});

describe('my presence', () => {
  it('[DSK-24] is one click, or two with an end, and cover is one', async () => {
    const { server, tab, floor } = await open();
    await tab.getByRole('button', { name: 'on the floor' }).click();
    await tab.getByRole('button', { name: 'Meeting…' }).click();
    await tab.getByRole('button', { name: '1 h' }).click();
    await tab.getByRole('button', { name: 'Call…' }).click();
    await tab.getByLabel('until').fill('16:00');
    await tab.getByRole('button', { name: 'Set' }).click();
    const presences = await said(server, 'presence', 3);
    expect(presences.map(({ presence }) => presence)).toEqual(['floor', 'meeting', 'call']);
    expect(Math.abs(Number(presences[1]?.until) - NOW - 3_600_000)).toBeLessThan(30_000);
    expect(presences[2]?.until).toBe(Date.UTC(2026, 10, 21, 14, 0, 0));
    const billing = tab.locator('[data-team="t0"]');
    expect(await billing.innerText()).toContain('nobody here');
    await billing.getByRole('button', { name: 'Cover Billing' }).click();
    await billing.getByRole('button', { name: 'End of the day' }).waitFor();
    await billing.getByRole('button', { name: '2 h' }).click();
    const [taken] = await said(server, 'cover');
    expect(taken).toMatchObject({ team: 't0', once: expect.any(String) as string });
    expect(Math.abs(Number(taken?.until) - NOW - 7_200_000)).toBeLessThan(30_000);
    const row = floor.tables.teams.get('t0');
    if (!row) throw new Error('Expected Billing on the floor.');
    const coverTaken = [{ agent: ME, until: Date.UTC(2026, 10, 21, 14, 0, 0) }];
    server.change({ put: { teams: { t0: { ...row, coverTaken } } }, gone: {} });
    await billing.getByText('you cover until 16:00').waitFor();
    // It is in the row, so that a page that was loaded anew knows it, too.
    await tab.reload();
    await billing.getByText('you cover until 16:00').waitFor();
    await billing.getByRole('button', { name: 'End cover of Billing' }).click();
    await said(server, 'uncover');
    server.change({ put: { teams: { t0: row } }, gone: {} });
    await billing.getByRole('button', { name: 'Cover Billing' }).waitFor();
  });

  it('[DSK-24] is said to be at the desk by using the page, unless something else was said', async () => {
    const { server, tab, floor } = await open();
    const lea = floor.tables.agents.get(ME);
    if (!lea) throw new Error('Expected Lea on the floor.');
    await tab.locator('h2').first().click();
    const meeting = { ...lea, presence: 'meeting', presenceUntil: NOW + 600_000 } as const;
    server.change({ put: { agents: { [ME]: meeting } }, gone: {} });
    await tab.locator('[data-presence="meeting"]').waitFor();
    await tab.locator('h2').first().click();
    server.change({
      put: {
        agents: {
          [ME]: { ...lea, presence: 'away', presenceUntil: null, presenceSaidAt: NOW - 60_000 },
        },
      },
      gone: {},
    });
    await tab.locator('[data-presence="away"]').waitFor();
    await tab.reload();
    await tab.locator('[data-presence="away"]').waitFor();
    await tab.locator('h2').first().click();
    server.change({
      put: { agents: { [ME]: { ...lea, presence: 'away', presenceUntil: null } } },
      gone: {},
    });
    // What only ran out is nobody's word.
    await tab.locator('h2').first().click();
    await tab.locator('h2').first().click();
    await tab.locator('h2').first().click();
    await expect
      .poll(() => server.commands)
      .toEqual([{ name: 'presence', said: { presence: 'desk', via: 'desk-page' } }]);
  });
});

describe('a call for help', () => {
  it('[DSK-25] says who asks and who comes; it is claimed, closed, and made for an agent', async () => {
    const { server, tab } = await open();
    const first = tab.locator('[data-assist="h1"]');
    expect(await first.innerText()).toMatch(/Charles D\.\s+about “lost parcel”/);
    expect(await first.innerText()).toContain('nobody is coming yet');
    expect(await first.innerText()).toMatch(/1:[34]\d/);
    await first.getByRole('button', { name: 'I’m coming' }).click();
    expect(await said(server, 'come')).toEqual([
      { assist: 'h1', once: expect.any(String) as string },
    ]);
    const second = tab.locator('[data-assist="h2"]');
    expect(await second.innerText()).toContain('Jarvis Lorry is coming');
    await second.getByRole('button', { name: 'Helped, close' }).click();
    await said(server, 'close');
    await button(tab, '[data-help]', 'Ask for help').click();
    await tab.getByLabel('for whom').selectOption('a9');
    await tab.getByLabel(/about what/).fill('angry customer');
    await tab.locator('[data-help] form button').click();
    expect(await said(server, 'assist')).toEqual([
      { agent: 'a9', about: 'angry customer', once: expect.any(String) as string },
    ]);
    await expect.poll(() => tab.locator('[data-help] form').count()).toBe(0);
  });

  it('[DSK-25] is answered from its episode as well', async () => {
    const { server, tab } = await open();
    await card(tab, 'e20').getByRole('button', { name: 'I’m coming' }).click();
    expect(await said(server, 'come')).toEqual([
      { assist: 'h1', once: expect.any(String) as string },
    ]);
    // Taking it is coming, so that one button is enough.
    expect(await card(tab, 'e20').locator('[data-take]').count()).toBe(0);
    await card(tab, 'e0').getByRole('button', { name: 'Cover Billing' }).click();
    await said(server, 'cover');
  });

  it('[DSK-24] does not offer to cover a team that is covered already', async () => {
    const { server, tab, floor } = await open();
    const cover = card(tab, 'e0').getByRole('button', { name: 'Cover Billing' });
    await cover.waitFor();
    const team = floor.tables.teams.get('t0')!;
    const covered = { ...team, cover: { ...team.cover, state: 'covered' as const, present: [ME] } };
    server.change({ put: { teams: { t0: covered } }, gone: {} });
    await cover.waitFor({ state: 'detached' });
    put(server, { ...row('e0'), state: 'recovering', takenBy: ME, version: 2 });
    await card(tab, 'e0').getByText('you have it · it may be over').waitFor();
  });
});

describe('a promise', () => {
  it('[DSK-42] has an alert that says who has it once', async () => {
    const { server, tab, floor } = await open();
    const { name } = floor.tables.agents.get('a9')!;
    const params = { agent: 'a9', dueAt: '1' };
    const alert = { ...row('e1'), rule: 'callback.overdue', subject: 'b0', queue: null };
    put(server, { ...alert, text: { key: alert.rule, params } });
    const where = card(tab, 'e1').locator('.where');
    await where.filter({ hasText: name }).waitFor();
    put(server, { ...alert, text: { key: alert.rule, params: { ...params, owner: 'a9' } } });
    await card(tab, 'e1')
      .locator('.who')
      .filter({ hasText: `${name} has it` })
      .waitFor();
    expect(await where.innerText()).not.toContain(name);
  });

  it('[DSK-26] is claimed, taken over, given back, tried, completed and cancelled', async () => {
    const { server, tab, floor } = await open();
    const of = (id: string) => tab.locator(`[data-promise="${id}"]`);
    await of('b1').getByRole('button', { name: 'I’ll call' }).click();
    await of('b0').getByRole('button', { name: /^Open/ }).click();
    await of('b0').getByRole('button', { name: 'Take over' }).click();
    const claims = await said(server, 'claim', 2);
    expect(claims).toEqual([
      { callback: 'b1', once: expect.any(String) as string },
      { callback: 'b0', from: 'a3', once: expect.any(String) as string },
    ]);
    expect(claims[0]?.once).not.toBe(claims[1]?.once);
    const mine = floor.tables.callbacks.get('b0');
    if (mine) server.change({ put: { callbacks: { b0: { ...mine, owner: ME } } }, gone: {} });
    await of('b0').getByText('you call').waitFor();
    await of('b0').getByRole('button', { name: 'I won’t call' }).click();
    await said(server, 'unclaim');
    await of('b0').getByRole('button', { name: 'Note a try' }).click();
    await of('b0').getByRole('button', { name: 'voicemail' }).click();
    expect(await said(server, 'attempt')).toMatchObject([{ callback: 'b0', result: 'voicemail' }]);
    await of('b0').getByRole('button', { name: 'Done', exact: true }).click();
    await of('b0').getByText('counts as unproved').waitFor();
    await of('b0').getByRole('textbox').fill('spoke in the shop');
    await tab.keyboard.press('Enter');
    expect(await said(server, 'complete')).toMatchObject([
      { callback: 'b0', why: 'spoke in the shop' },
    ]);
    await of('b0').getByRole('button', { name: 'Cancel promise' }).click();
    await of('b0').locator('form .main').click();
    expect(Object.keys((await said(server, 'cancel'))[0] ?? {}).sort()).toEqual([
      'callback',
      'once',
    ]);
  });

  it('[DSK-26] is made with a name and a time; said again it bears the same once', async () => {
    const { server, tab } = await open();
    server.answer = () => ({ refused: 'log' });
    await tab.getByRole('button', { name: 'New promise' }).click();
    const form = tab.locator('[data-new-promise]');
    await form.getByRole('button', { name: 'Promise it' }).click();
    await form.getByText('A name or a number is needed.').waitFor();
    await form.getByLabel('Customer’s name').fill('Mrs Cruncher');
    await form.getByLabel('Number or address').fill('+371 2000 0417');
    await form.getByLabel('time').fill('16:30');
    await form.getByRole('button', { name: 'Promise it' }).click();
    const note = tab.locator('[data-not-done]');
    await note.waitFor();
    expect(await note.innerText()).toContain('nothing was done');
    server.answer = () => ({ ok: true, id: 'cb-1' });
    await note.getByRole('button', { name: 'Try again' }).click();
    await tab.getByText('New promise · Mrs Cruncher – done').waitFor();
    const [first, again] = await said(server, 'promise', 2);
    expect(first).toEqual(again);
    expect(first).toMatchObject({
      customer: { name: 'Mrs Cruncher', address: '+371 2000 0417' },
      dueAt: Date.UTC(2026, 10, 21, 14, 30, 0),
      team: 't1',
    });
  });
});

describe('what did we miss', () => {
  it('[DSK-27] shows first what nobody saw, and how soon the rest was taken', async () => {
    const { server, tab, floor } = await open({ path: '/desk/today' });
    const part = (kind: string) => tab.locator(`[data-part="${kind}"] [data-reported]`);
    await expect.poll(() => part('unseen').count()).toBe(2);
    expect(await tab.locator('[data-summary]').innerText()).toMatch(
      /11 episodes · 5 taken, half of them within \d+:\d\d · 2 that nobody saw/,
    );
    expect(await tab.locator('[data-slowest]').innerText()).toMatch(
      /slowest 2:25, Jarvis Lorry: Long hold/,
    );
    expect(await tab.locator('[data-promises-of-day]').innerText()).toMatch(
      /promises of the day: 41 kept, \d+ broken, \d+ open/,
    );
    expect(await tab.locator('[data-reported="old1"]').innerText()).toMatch(/0:55\s+Jarvis Lorry/);
    server.episodes = floor.episodes.map((one) =>
      one.id === 'old0' ? { ...one, isSeen: true } : one,
    );
    await tab.locator('[data-reported="old0"] button').click();
    expect(await said(server, 'see')).toEqual([{ episode: 'old0' }]);
    await expect.poll(() => part('unseen').count()).toBe(1);
    await tab.locator('[data-reported="old1"] a').click();
    await tab.locator('[data-over]').waitFor();
    await tab.goBack();
    await tab.locator('[data-missed]').waitFor();
  });
});

describe('who was told', () => {
  it('[DSK-36] changes while one looks: on its way, tried again, in a digest, arrived, given up', async () => {
    const { server, tab, floor } = await open({ path: '/desk/episode/e1' });
    const at = Date.UTC(2026, 10, 21, 13, 40, 0);
    const whom = { owner: 'person', of: 'jarvis' };
    const told = [{ ...whom, level: 1, channel: 'm', via: 'email', notification: 'x1', why: null }];
    const tell = (...deliveries: readonly object[]): void => {
      server.episodes = floor.episodes.map((one) =>
        one.id === 'e1' ? { ...one, moves: [{ ...one.moves[0], told }], deliveries } : one,
      );
    };
    const line = tab.locator('[data-told] li');
    const says = (words: RegExp): Promise<unknown> =>
      expect
        .poll(async () => (await line.allInnerTexts()).join(' '), { timeout: 20_000 })
        .toMatch(words);
    const try1 = { ...whom, via: 'email', notification: 'x1', kind: 'fire', attempt: 1, at };
    tell();
    await says(/Jarvis Lorry\s+e-mail · on its way/);
    tell({ ...try1, outcome: 'failed', attempt: 3, nextAt: at + 30_000, why: 'no answer' });
    await says(/tried 3 times, next try \d\d:40:30: no answer/);
    tell({ ...try1, outcome: 'held', nextAt: at + 60_000, why: null });
    await says(/waits for a digest at \d\d:41:00/);
    tell({ ...try1, outcome: 'sent', why: null, isDigest: true });
    await says(/arrived \d\d:40:00, together with others/);
    tell({ ...try1, at: at - 86_400_000, outcome: 'sent', why: null, attempt: 1 });
    await says(/arrived Fri \d\d:40:00/);
    expect(await line.count()).toBe(1);
  });

  it('[DSK-37] says what was given up, with why and how often, and leads to its episode', async () => {
    const { server, tab } = await open({
      path: '/desk/undelivered',
      prepare: (made) => {
        const letter = { owner: 'person', of: 'miss', channel: 'm', via: 'email', tries: 12 };
        const why = 'not taken within an hour';
        const of = { notification: 'n1', episode: 'e1', rule: 'hold.long', severity: 'P1' };
        made.letters = [
          { at: Date.UTC(2026, 10, 20, 13, 0, 0), ...letter, why, ...of, kind: 'fire' },
        ];
      },
    });
    const line = tab.locator('[data-undelivered] li');
    await line.waitFor();
    expect((await line.innerText()).replace(/\s+/g, ' ')).toMatch(
      /Miss Pross e-mail · tried 12 times urgent: Long hold not taken within an hour$/,
    );
    await line.getByRole('link').click();
    await tab.locator('[data-detail="e1"]').waitFor();
    server.letters = [];
    await tab.goto(`${server.origin}/desk/undelivered?language=en`);
    await tab.getByText('Everything arrived').waitFor();
  });
});

describe('a thing of its own', () => {
  it('[DSK-38] has a page: an agent, their contact and what is open about each, from name to name', async () => {
    const { server, tab } = await open();
    await tab.locator('[data-assist="h1"] a').click();
    const page = tab.locator('[data-thing="agent"]');
    await page.waitFor();
    expect(new URL(tab.url()).pathname).toBe('/desk/agent/a0');
    expect(await page.innerText()).toMatch(
      /Charles D\.[^]*holding · 2:\d\d[^]*nobody is coming yet/,
    );
    await expect.poll(() => page.locator('[data-about] [data-episode]').count()).toBe(2);
    await button(tab, '[data-thing] .box', 'I’m coming').click();
    expect(await said(server, 'come')).toMatchObject([{ assist: 'h1' }]);
    await page.getByRole('link', { name: 'Ernest Defarge' }).click();
    const contact = tab.locator('[data-thing="contact"]');
    await contact.waitFor();
    expect(await contact.innerText()).toMatch(/on hold · 2:\d\d[^]*2 · 3:\d\d on hold in all/);
    server.change({ put: {}, gone: { contacts: ['c1'] } });
    await contact.locator('[data-gone]').getByText('This contact is over').waitFor();
    for (const [path, words] of [
      ['/desk/agent/nobody', 'No such agent'],
      ['/desk/callback/none', 'This promise was closed before today'],
    ] as const) {
      await tab.goto(`${server.origin}${path}?language=en`);
      await tab.locator('[data-gone]').getByText(words).waitFor();
    }
  });

  it('[DSK-41] of a promise takes back a proof that reached a machine', async () => {
    const { server, tab, floor } = await open({ path: '/desk/callback/b0' });
    const promise = floor.tables.callbacks.get('b0');
    if (!promise) throw new Error('Expected promise b0 on the floor.');
    const proof = { contact: 'out-7', talkMs: 42_000, at: NOW - 60_000 };
    const proved = { ...promise, state: 'proved', kept: true, proof } as const;
    server.change({ put: { callbacks: { b0: proved } }, gone: {} });
    await tab.getByRole('button', { name: 'It was a machine' }).click();
    await tab.getByText('the promise is open again').waitFor();
    expect(server.commands.filter(({ name }) => name === 'attempt')).toEqual([]);
    await tab.getByRole('button', { name: 'Yes, open it again' }).click();
    expect(await said(server, 'attempt')).toEqual([
      {
        ...{ callback: 'b0', contact: 'out-7', result: 'voicemail' },
        once: expect.any(String) as string,
      },
    ]);
    server.change({ put: { callbacks: { b0: { ...promise, state: 'attempted' } } }, gone: {} });
    await tab.locator('[data-thing] [data-promise="b0"]').waitFor();
    expect(await tab.getByRole('button', { name: 'It was a machine' }).count()).toBe(0);
  });

  it('[DSK-38] of a promise says how it came to be so, and lets one act', async () => {
    const { server, tab, floor } = await open();
    const row = [...floor.tables.callbacks.values()].find(
      ({ state, owner }) => state === 'open' && owner === null,
    );
    const id = row?.id ?? '';
    const at = Date.UTC(2026, 10, 20, 12, 0, 0);
    server.callbacks = [
      {
        id,
        customer: { name: null, address: '+371 6123 4567' },
        ...{ note: 'the parcel', closedAt: null, closedBy: null, why: null },
        tries: [{ at: at + 60_000, by: 'jarvis', how: 'said', result: 'busy', talkMs: null }],
        steps: [{ at, what: 'promised', by: 'a0' }],
      },
    ];
    await tab.locator(`[data-promise="${id}"] a`).click();
    const page = tab.locator('[data-thing="callback"]');
    await expect.poll(() => page.locator('[data-history] li').count()).toBe(2);
    expect((await page.locator('[data-history]').innerText()).replace(/\s+/g, ' ')).toMatch(
      /Jarvis Lorry tried: busy not verified .*Charles D\. promised it$/,
    );
    expect(await page.locator('a[href^="tel:"]').getAttribute('href')).toBe('tel:+37161234567');
    await button(tab, '[data-thing] [data-promise]', 'I’ll call').first().click();
    expect(await said(server, 'claim')).toMatchObject([{ callback: id }]);
  });
});

describe('keys', () => {
  it('[DSK-28] choose, open, take, put off and go back; the focus is seen', async () => {
    const { server, tab } = await open();
    const chosen = () => tab.evaluate(() => document.activeElement?.getAttribute('data-episode'));
    await tab.keyboard.press('j');
    expect(await chosen()).toBe('e0');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('j');
    expect(await chosen()).toBe('e1');
    await tab.keyboard.press('k');
    expect(await chosen()).toBe('e20');
    const outline = await tab.evaluate(() => {
      const at = document.activeElement;
      return at === null ? '' : getComputedStyle(at).outlineStyle;
    });
    expect(outline).toBe('solid');
    await tab.keyboard.press('t');
    expect(await said(server, 'acknowledge')).toEqual([{ episode: 'e20', expectedVersion: 1 }]);
    await tab.keyboard.press('Enter');
    await tab.locator('[data-detail="e20"]').waitFor();
    await tab.keyboard.press('s');
    await tab.locator('fieldset').waitFor();
    await tab.keyboard.press('Escape');
    await expect.poll(() => tab.locator('fieldset').count()).toBe(0);
    await tab.keyboard.press('Escape');
    await expect.poll(() => tab.locator('[data-detail]').count()).toBe(0);
    await tab.keyboard.press('?');
    await tab.locator('[data-keys]').waitFor();
    await tab.keyboard.press('Escape');
    await expect.poll(() => tab.locator('[data-keys]').count()).toBe(0);
    await tab.getByRole('button', { name: 'New promise' }).click();
    await tab.getByLabel('Customer’s name').fill('t s j');
    await said(server, 'acknowledge', 1);
  });
});

describe('a new alarm', () => {
  it('[DSK-29] is told to a screen reader, and rings after one click until it is taken', async () => {
    const { server, tab } = await open({
      floor: 'calm',
      async prepare(_server, page) {
        await page.addInitScript(() => {
          const told = window as unknown as { tones: number };
          told.tones = 0;
          const start = Object.getOwnPropertyDescriptor(AudioScheduledSourceNode.prototype, 'start')
            ?.value as (at: number) => void;
          AudioScheduledSourceNode.prototype.start = function (at = 0) {
            told.tones += 1;
            start.call(this, at);
          };
        });
      },
    });
    const tones = () => tab.evaluate(() => (window as unknown as { tones: number }).tones);
    expect(await tab.locator('[data-needs="now"]').innerText()).toContain('Nothing needs you now');
    expect(await tones()).toBe(0);
    await tab.locator('[data-sound]').click();
    await tab.locator('[data-sound]').getByText('Sound on').waitFor();
    const proof = await tones();
    expect(proof).toBeGreaterThan(0);
    put(server, alertRow('n2', { severity: 'P2' }, NOW));
    await expect.poll(() => tab.locator('[data-polite]').textContent()).toMatch(/soon: Long hold/);
    expect(await tab.locator('[data-urgent]').textContent()).toBe('');
    expect(await tones()).toBe(proof);
    // Another team's, which has not come up to me.
    put(server, alertRow('n0', { team: 't2' }, NOW));
    await expect
      .poll(() => tab.locator('[data-polite]').textContent())
      .toMatch(/urgent: Long hold/);
    expect(await tab.locator('[data-urgent]').textContent()).toBe('');
    expect(await tones()).toBe(proof);
    put(server, alertRow('n1', { team: 't1' }, NOW));
    await expect
      .poll(() => tab.locator('[data-urgent]').textContent())
      .toMatch(/urgent: Long hold/);
    await expect.poll(() => tones()).toBe(proof + 2);
    expect(await tab.title()).toMatch(/^\(2\)/);
    expect(await tab.locator('[data-urgent]').getAttribute('aria-live')).toBe('assertive');
    expect(await tab.locator('[data-polite]').getAttribute('aria-live')).toBe('polite');
    await tab.locator('[data-sound]').click();
    await tab.locator('[data-sound]').getByText('Sound off').waitFor();
  });
});

describe('the sound that was on when the page was left', () => {
  it('[DSK-50] is on again by one press of the mouse, which takes its time', async () => {
    const { tab } = await open({
      floor: 'calm',
      async prepare(_server, page) {
        await page.addInitScript(() => localStorage.setItem('pharos.desk.sound', 'on'));
      },
    });
    const button = tab.locator('[data-sound]');
    await button.getByText('Click for sound').waitFor();
    await button.hover();
    await tab.mouse.down();
    await button.getByText('Sound on').waitFor();
    await tab.mouse.up();
    await tab.waitForTimeout(200);
    expect(await button.innerText()).toBe('Sound on');
    await button.click();
    await button.getByText('Sound off').waitFor();
  });
});

describe('the title', () => {
  it('[DSK-52] says how much is urgent, in whatever language, and so does each page of it', async () => {
    const { tab } = await open();
    expect(await tab.title()).toMatch(/^\(\d+\) Pharos · Desk$/);
    await tab.getByLabel('Language').selectOption('lv');
    await expect.poll(() => tab.title()).toMatch(/^\(\d+\) Pharos · Galds$/);
  });
});

describe('what is not live', () => {
  it('[DSK-30] is said with its instant and its cause, and a silent source by name', async () => {
    const { server, tab } = await open();
    server.sources = {
      crm: { state: 'stale', ageMs: 48_000 },
      pbx1: { state: 'live', ageMs: 300 },
    };
    server.tick();
    await tab.locator('[data-silent="crm"]').waitFor();
    server.log = { state: 'lost', reason: 'frozen', asOf: server.now };
    server.tick();
    const bar = tab.locator('[data-not-live="log"]');
    await bar.waitFor();
    expect(await bar.innerText()).toMatch(
      /Not live since 15:42:\d\d\s+Redis does not answer the server/,
    );
    server.tick(301_500);
    await bar.getByText('older than five minutes').waitFor();
    await expect.poll(() => card(tab, 'e1').locator('[data-clock]').innerText()).toBe('–');
  });
});

describe('on a phone', () => {
  it('[DSK-31] a push opens the one episode, with large buttons', async () => {
    const { server, tab } = await open({ path: '/desk/episode/e1', viewport: PHONE });
    expect(await tab.locator('[data-episode]').first().isVisible()).toBe(false);
    const boxes = await tab
      .locator('[data-detail] [data-buttons] button')
      .evaluateAll((all) =>
        all
          .map((one) => one.getBoundingClientRect())
          .map(({ width, height, bottom }) => ({ width, height, bottom })),
      );
    expect(boxes.length).toBe(3);
    for (const { width, height, bottom } of boxes) {
      expect(height).toBeGreaterThanOrEqual(44);
      expect(width).toBeGreaterThanOrEqual(120);
      expect(bottom).toBeLessThan(PHONE.height);
    }
    await tab.locator('[data-detail] [data-take]').click();
    expect(await said(server, 'acknowledge')).toEqual([{ episode: 'e1', expectedVersion: 1 }]);
    // Who follows a push may be anywhere: the page does not say that they are at the desk.
    expect(server.commands.filter(({ name }) => name === 'presence')).toEqual([]);
    await tab.getByRole('button', { name: 'Back to the list' }).click();
    await card(tab, 'e0').waitFor();
  });
});

describe('the policy', () => {
  it('[DSK-31] is kept, and nothing is printed as an error', () => {
    expect(complaints).toEqual([]);
  });
});

function row(id: string): AlertRow {
  const { tables } = scenes[scenes.length - 1]?.floor ?? {};
  const found = tables?.alerts.get(id);
  if (!found) throw new Error(`Expected episode ${id}.`);
  return found;
}
