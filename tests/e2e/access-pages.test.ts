// The pages of access in a real browser on a real gateway: from the first installer's link to a lead who is switched off.
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { AlertMove } from '../../server/floor/rows.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { call } from '../support/call.ts';
import { openChromium } from '../support/chromium.ts';
import { axe, cutOff, LAPTOP, PHONE } from '../support/desk-page.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { agentRow, alertRow, NOON, teamRow } from '../support/paper-rows.ts';
import { asPerson, PASSWORD } from '../support/signed-in.ts';

let client: BuiltClient;
let browser: Browser;
let bench: Bench | null = null;

beforeAll(async () => {
  client = await buildClient();
  browser = await openChromium();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await bench?.close();
  bench = null;
});
afterAll(async () => {
  await browser.close();
  client.remove();
});

const MOVE: AlertMove = {
  ...{ at: NOON + 120_000, from: null, to: 'firing', reason: 'began', by: null, why: null },
  ...{ version: 3, severity: 'P2', level: 1, told: [] },
};

/** A floor on which Lea leads Billing, without an account, and one hold alarms. */
async function serve() {
  const opened = await openBench({
    staticDir: client.folder,
    settings: { demo: false, bootstrapToken: TOKEN },
  });
  bench = opened;
  const { floor } = opened;
  floor.put('teams', teamRow('billing', { name: 'Billing', leads: ['lea'] }));
  floor.put('teams', teamRow('support', { name: 'Support' }));
  floor.put('agents', agentRow('lea', { name: 'Lea Manette', role: 'lead', team: 'billing' }));
  floor.put('agents', agentRow('charles', { name: 'Charles Darnay', team: 'billing' }));
  const hold = alertRow('main hold.long c/1:7', {
    ...{ rule: 'hold.long', team: 'billing', state: 'firing', version: 3, moves: [MOVE] },
  });
  floor.put('alerts', hold);
  opened.tell();
  return { real: opened, hold };
}

/** A new browser, in which somebody is signed in by `cookie`, if any. */
async function open(
  real: Bench,
  path: string,
  { cookie = '', viewport = LAPTOP, locale = 'en-GB' }: Opening = {},
): Promise<Tab> {
  const context = await browser.newContext({ viewport, locale });
  const [name = '', value = ''] = cookie.split('=');
  if (cookie !== '') await context.addCookies([{ name, value, url: real.url }]);
  const tab = await context.newPage();
  await tab.goto(`${real.url}${path}`);
  return tab;
}

interface Opening {
  readonly cookie?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly locale?: string;
}

async function choosePassword(tab: Tab): Promise<void> {
  await tab.locator('#password').fill(PASSWORD);
  await tab.locator('#again').fill(PASSWORD);
  await tab.locator('form button').click();
}

describe('people', () => {
  it('[PPL-1, PPL-2, PPL-3] from the first installer’s link to a lead who takes an alarm and is switched off', async () => {
    const { real, hold } = await serve();
    const boss = await open(real, (await real.gateway.firstInvitation()) ?? '');
    await boss.locator('#name').fill('Sydney Carton');
    await boss.locator('#login').fill('sydney');
    await choosePassword(boss);
    await boss.locator('[data-me="sydney"]').waitFor();

    await boss.goto(`${real.url}/desk/people`);
    await boss.getByRole('button', { name: 'Invite somebody' }).click();
    await boss.getByLabel('Known on the floor already?').selectOption('lea');
    expect(await boss.getByLabel('Name to sign in with').inputValue()).toBe('lea.manette');
    expect(await boss.getByRole('radio', { name: 'Team lead' }).isChecked()).toBe(true);
    expect(await boss.getByRole('checkbox', { name: 'Billing' }).isChecked()).toBe(true);
    await boss.getByRole('button', { name: 'Make the link' }).click();
    const link = await boss
      .getByRole('textbox', { name: 'One-time link for Lea Manette' })
      .inputValue();
    expect(link).toMatch(new RegExp(`^${real.url}/welcome/[\\w-]{43}$`));
    await boss.getByRole('button', { name: 'I have it – hide it' }).click();
    expect(await boss.content()).not.toContain(link);
    await boss.locator('[data-person-line="lea"]').getByText('invited, no password yet').waitFor();

    const lead = await open(real, new URL(link).pathname);
    await choosePassword(lead);
    await lead.locator('[data-me="lea"]').waitFor();
    expect(await lead.locator('[data-who]').count()).toBe(0);
    expect(await lead.getByText('not verified').count()).toBe(0);
    expect(await lead.getByRole('button', { name: 'Not you?' }).count()).toBe(0);
    expect(await lead.locator('a[href="/desk/manage"]').count()).toBe(0);
    expect(await boss.locator('a[href="/desk"]').count()).toBe(1);

    await lead.locator(`[data-episode="${hold.id}"] [data-take]`).click();
    await expect
      .poll(() =>
        real.obeyed.filter(({ heard }) => heard.name === 'acknowledge').map(({ by }) => by),
      )
      .toEqual([expect.objectContaining({ id: 'lea', how: 'account' })]);
    real.floor.put('alerts', {
      ...hold,
      ...{ version: 4, state: 'acknowledged', takenBy: 'lea' },
      moves: [
        MOVE,
        {
          ...{ ...MOVE, at: NOON + 130_000, from: 'firing', to: 'acknowledged', version: 4 },
          ...{ reason: 'acknowledged', by: 'lea', how: 'account' },
        },
      ],
    });
    real.tell();
    await lead.locator(`[data-episode="${hold.id}"]`).getByRole('button', { name: 'Open' }).click();
    const history = lead.locator('[data-history]');
    await history.getByText('signed in').waitFor();
    const place = new URL(lead.url()).pathname;
    await lead.getByRole('button', { name: 'Comment' }).click();
    await lead.locator('[data-detail] form input').fill('She promised to call at five');

    await boss.locator('[data-person-line="lea"] > button').click();
    await boss.getByRole('button', { name: 'Switch off…' }).click();
    await boss.getByRole('button', { name: 'Switch off', exact: true }).click();
    await lead.locator('[data-notice="session"]').waitFor({ timeout: 2_000 });
    await lead.getByText('You are not signed in any more').waitFor();
    await lead.locator('[data-unsent]').getByText('She promised to call at five').waitFor();
    expect(await lead.locator('[data-episode]').count()).toBe(0);
    expect(await lead.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe(
      `/sign-in?next=${encodeURIComponent(place)}`,
    );

    // On again, they come back to the very place, by name and password.
    await boss.getByRole('button', { name: 'Switch on' }).click();
    await boss.getByText('Lea Manette may sign in again.').waitFor();
    await lead.goto(`${real.url}/sign-in?next=${encodeURIComponent(place)}`);
    await lead.locator('#login').fill('lea.manette');
    await lead.locator('#password').fill(PASSWORD);
    await lead.keyboard.press('Enter');
    await lead.locator(`[data-detail="${hold.id}"]`).waitFor();
    expect(new URL(lead.url()).pathname).toBe(place);
    await lead.locator('[data-sign-out]').click();
    await lead.locator('#login').waitFor();
  });

  it('[PPL-3] another tab that signs in brings the desk back, with what was typed', async () => {
    const { real } = await serve();
    const cookie = await asPerson(real, 'lea', { role: 'lead', teams: ['billing'] });
    const tab = await open(real, '/desk', { cookie });
    await tab.getByRole('button', { name: 'New promise' }).click();
    await tab.getByLabel('Note').fill('about the bill');
    await real.access.sessions.endAll('lea');
    real.gateway.accessChanged({ what: 'person', of: 'lea' });
    await tab
      .locator('[data-notice="session"] [data-unsent]')
      .getByText('about the bill')
      .waitFor();
    const [other] = await Promise.all([
      tab.context().waitForEvent('page'),
      tab.getByRole('link', { name: 'Sign in' }).click(),
    ]);
    await other.locator('#login').fill('lea');
    await other.locator('#password').fill(PASSWORD);
    await other.keyboard.press('Enter');
    await other.locator('[data-me="lea"]').waitFor();
    await tab.bringToFront();
    await tab.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await tab.locator('[data-me="lea"]').waitFor();
    await tab.locator('[data-unsent]').getByText('about the bill').waitFor();
  });

  it('[PPL-4] refusals are said in words, and what was typed stays', async () => {
    const { real } = await serve();
    const cookie = await asPerson(real, 'sydney', { role: 'installer' });
    const tab = await open(real, '/desk/people', { cookie });
    await tab.getByRole('button', { name: 'Invite somebody' }).click();
    await tab.getByLabel('Name, as others know them').fill('Sydney');
    expect(await tab.getByLabel('Name to sign in with').inputValue()).toBe('sydney2');
    await tab.getByRole('radio', { name: 'Supervisor' }).check();
    const login = tab.getByLabel('Name to sign in with');
    const make = tab.getByRole('button', { name: 'Make the link' });
    await login.fill('two words');
    await make.click();
    await tab.getByText('given: “two words”').waitFor();
    await login.fill('sydney');
    await make.click();
    await tab.getByText('Somebody else signs in with this name.').waitFor();
    expect(await login.inputValue()).toBe('sydney');
    await tab.getByRole('button', { name: 'Cancel' }).click();

    const line = tab.locator('[data-person-line="sydney"]');
    await line.locator(':scope > button').click();
    await line.getByRole('button', { name: 'Remove…' }).click();
    await line.getByRole('button', { name: 'Remove', exact: true }).click();
    await line.getByText('Nobody would be left who may make accounts.').waitFor();
  });
});

describe('one’s own account', () => {
  it('[PPL-6] has another password by its rules, and ends other browsers', async () => {
    const { real } = await serve();
    const cookie = await asPerson(real, 'charles', { role: 'agent', teams: ['billing'] });
    const { stamp } = (await real.access.accounts.read('charles'))!;
    await real.access.sessions.begin(
      { person: 'charles', said: null, by: 'password', stamp },
      { from: '192.0.2.7', browser: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
    );
    const tab = await open(real, '/desk/account', { cookie });
    await tab.locator('[data-account="charles"]').getByText('Agent').waitFor();
    await tab.getByText('At least 12 characters').waitFor();
    await tab.getByRole('button', { name: 'End: Firefox on Linux' }).click();
    await expect.poll(() => tab.locator('[data-session]').count()).toBe(1);

    const set = async (old: string, password: string, again = password): Promise<void> => {
      await tab.getByLabel('Present password').fill(old);
      await tab.getByLabel('New password', { exact: true }).fill(password);
      await tab.getByLabel('New password again').fill(again);
      await tab.getByRole('button', { name: 'Set the new password' }).click();
    };
    await set(PASSWORD, 'short');
    await tab.getByText('too short: expected at least 12').waitFor();
    await set(PASSWORD, 'another four words here', 'another four words hear');
    await tab.getByText('The two new passwords are not the same.').waitFor();
    await set('not the old one', 'another four words here');
    await tab.getByText('That is not your present password.').waitFor();
    await set(PASSWORD, 'charlescharles');
    await tab.getByText('too easy to guess').waitFor();
    await set(PASSWORD, 'another four words here');
    await tab.getByText('Your new password holds from now on').waitFor();
    expect(await real.access.accounts.signIn('charles', 'another four words here')).not.toBeNull();
    await tab.locator('[data-sign-out]').click();
    await tab.locator('#login').waitFor();
  });

  it('[PPL-6] is nobody’s at the demo, and the page says so', async () => {
    bench = await openBench({ staticDir: client.folder });
    bench.tell();
    const tab = await open(bench, '/desk/account');
    await tab.locator('[data-nobody]').getByText('Nobody is signed in here').waitFor();
  });
});

describe('sources', () => {
  it('[PPL-7, PPL-8] a novice makes a token and posts with it; the trail says who made it', async () => {
    const { real } = await serve();
    const cookie = await asPerson(real, 'sydney', { role: 'installer' });
    const tab = await open(real, '/desk/sources', { cookie });
    await tab.getByRole('button', { name: 'New source' }).click();
    await tab.getByLabel('Name of the program').fill('demo');
    await tab.getByRole('button', { name: 'Make the token' }).click();
    await tab.getByText('given: “demo”').waitFor();
    await tab.getByLabel('Name of the program').fill('crm');
    await tab.getByRole('checkbox', { name: 'Calls for help' }).uncheck();
    await tab.getByRole('button', { name: 'Make the token' }).click();
    const token = await tab.getByRole('textbox', { name: 'Token of crm' }).inputValue();
    const curl = await tab.getByRole('textbox', { name: 'Try it by HTTP' }).inputValue();
    expect(await tab.getByRole('textbox', { name: 'and write' }).inputValue()).toContain(
      "'pharos:{main}:in:crm'",
    );
    // The very line that is shown, as a shell would send it.
    const [, body = ''] = /-d '(.*)'$/.exec(curl) ?? [];
    const told = await call({
      port: real.port,
      method: 'POST',
      path: '/api/v1/events',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/cloudevents+json',
      },
      body,
    });
    expect(told.status).toBe(202);
    expect(real.appended.flat()).toContainEqual(
      expect.objectContaining({ type: 'contact.ended', source: 'crm' }),
    );
    expect((await real.access.sources.list())[0]?.grant).not.toContain('assist.*');
    await tab.getByRole('button', { name: 'I have it – hide it' }).click();
    expect(await tab.content()).not.toContain(token);

    const line = tab.locator('[data-source="crm"]');
    await line.getByRole('button', { name: 'Change' }).click();
    await line.getByRole('checkbox', { name: 'Promised callbacks' }).uncheck();
    await line.getByLabel('Further types').fill('board');
    await line.getByRole('button', { name: 'Save' }).click();
    await line.getByText('given: “board”').waitFor();
    await line.getByLabel('Further types').fill('board.saved');
    await line.getByRole('button', { name: 'Save' }).click();
    await tab.getByText('Saved: what crm may send.').waitFor();
    const [kept] = await real.access.sources.list();
    expect(kept?.grant).toContain('board.saved');
    expect(kept?.grant).not.toContain('callback.*');
    await line.getByRole('button', { name: 'Take it back…' }).click();
    await line.getByRole('button', { name: 'Take it back', exact: true }).click();
    await tab.getByText('crm may send nothing any more.').waitFor();
    expect(await real.access.sources.list()).toEqual([]);

    await tab.goto(`${real.url}/desk/trail`);
    const trail = tab.locator('[data-trail]');
    await trail.getByText('made a token for the source crm').waitFor();
    expect(await trail.locator('li').first().getAttribute('data-what')).toBe('token-ended');
    await tab.getByLabel('Whose deeds?').fill('nobody by that name');
    await tab.getByText(/nobody is called that/).waitFor();
  });
});

describe('the page of help', () => {
  it('[PPL-9] is an agent’s who signed in, without a personal link', async () => {
    const { real } = await serve();
    const cookie = await asPerson(real, 'charles', { role: 'agent', teams: ['billing'] });
    const tab = await open(real, '/help', { cookie, viewport: PHONE });
    await tab.getByRole('button', { name: 'I need help' }).click();
    await expect
      .poll(() => real.obeyed.filter(({ heard }) => heard.name === 'assist').map(({ by }) => by))
      .toEqual([expect.objectContaining({ id: 'charles', how: 'account' })]);
    await tab.getByRole('button', { name: 'Sign out' }).click();
    await tab.locator('#login').waitFor();
    await tab.goto(`${real.url}/help`);
    await tab.getByRole('link', { name: 'Or sign in with your account' }).waitFor();
  });
});

describe('the pages of access', () => {
  const LOCALES = { en: 'en-GB', zh: 'zh-CN', lv: 'lv-LV' } as const;
  it.each(
    LANGUAGES.flatMap((language) =>
      ([LAPTOP, PHONE] as const).map((viewport) => [language, viewport] as const),
    ),
  )('[PPL-10] pass axe and cut nothing off in %s at %j', async (language, viewport) => {
    const { real } = await serve();
    const cookie = await asPerson(real, 'sydney', { role: 'installer' });
    await real.access.sources.make('crm', ['contact.*', 'board.saved'], 'sydney');
    await real.access.accounts.make({
      ...{ id: 'lea', name: 'Lea Manette', login: 'lea', role: 'lead', teams: ['billing'] },
    });
    const tab = await open(real, '/desk/people', { cookie, viewport, locale: LOCALES[language] });

    const looks = async (): Promise<void> => {
      expect([tab.url(), await axe(tab)]).toEqual([tab.url(), []]);
      expect([tab.url(), await cutOff(tab)]).toEqual([tab.url(), { cut: [], wider: 0 }]);
    };
    await tab.locator('[data-person-line="lea"] > button').click();
    await tab.locator('[data-person-line="lea"] .buttons button').nth(1).click();
    await tab.locator('[data-person-line="lea"] .sure button').first().click();
    const invited = await tab.locator('[data-once] textarea').inputValue();
    await looks();
    await tab.locator('.head button.main').click();
    await tab.locator('[data-person-form]').waitFor();
    await looks();
    await tab.goto(`${real.url}/desk/sources`);
    await tab.locator('[data-source="crm"] .buttons button').first().click();
    await tab.locator('[data-source-form]').waitFor();
    await looks();
    for (const [path, seen] of [
      ['/desk/account', '[data-session]'],
      ['/desk/trail', '[data-trail]'],
      ['/help', '.need'],
      ['/sign-in', '#password'],
      [new URL(invited).pathname, '#password'],
    ] as const) {
      await tab.goto(`${real.url}${path}`);
      await tab.locator(seen).first().waitFor();
      await looks();
    }
    expect(
      await tab
        .locator('input')
        .evaluateAll((fields) => fields.map((one) => one.getAttribute('autocomplete'))),
    ).toEqual(['username', 'new-password', 'new-password']);
    await tab.locator('#password').fill('short');
    await tab.locator('#again').fill('short');
    await tab.locator('form button').click();
    await expect.poll(() => tab.locator('.trouble').innerText()).toContain('12');
    await looks();
  });
});
