// Episodes by HTTP, and by the links of notifications: the same words, the same names, and nothing is taken by looking.
import { afterEach, describe, expect, it } from 'vitest';
import { EPISODE_COMMANDS } from '../../server/contract/commands.ts';
import type { CommandAnswer } from '../../server/contract/commands.ts';
import type { AlertFact, AlertMove } from '../../server/floor/rows.ts';
import { createCapabilities } from '../../server/notify/capability.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openChromium } from '../support/chromium.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { withToken } from '../support/signed-in.ts';
import { agentRow, alertRow, NOON, queueRow } from '../support/paper-rows.ts';

let bench: Bench;
afterEach(() => bench.close());

const BEARER = { authorization: `Bearer ${TOKEN}` };
const SITE = { demo: false, bootstrapToken: TOKEN };
const capabilities = createCapabilities('a key', () => Date.now());

async function open(options: BenchOptions = {}): Promise<void> {
  const { readCapability } = capabilities;
  bench = await openBench({ readCapability, limits: { commandsPerSecond: 100 }, ...options });
  bench.floor.put('agents', agentRow('anna', { role: 'lead', name: 'Anna <b>' }));
  bench.floor.put('agents', agentRow('nora', { role: 'supervisor', name: 'Nora' }));
  bench.floor.put('agents', agentRow('charles', { name: 'Charles' }));
  bench.floor.put('queues', queueRow('sales', { name: 'Sales' }));
  bench.tell();
}

function move(at: number, says: Partial<AlertMove> = {}): AlertMove {
  const base = { from: null, to: 'firing', reason: 'began', by: null, why: null } as const;
  return { at, ...base, version: 1, severity: 'P2', level: 1, told: [], ...says };
}

function post(path: string, body: unknown, headers: Called['headers'] = {}): Promise<Called> {
  const sent = { 'content-type': 'application/json', ...(headers as Record<string, string>) };
  return call({
    port: bench.port,
    method: 'POST',
    path,
    headers: sent,
    body: JSON.stringify(body),
  });
}

async function cookieFor(agent: string, headers: Called['headers'] = {}): Promise<string> {
  const sat = await post('/api/v1/session/person', { agent }, headers);
  return (sat.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

describe('GET /api/v1/alerts', () => {
  async function list(query = ''): Promise<readonly AlertFact[]> {
    const { body } = await call({ port: bench.port, path: `/api/v1/alerts${query}` });
    return (JSON.parse(body) as { readonly alerts: readonly AlertFact[] }).alerts;
  }

  it('[CMD-60] gives the open episodes, or all, or those that moved since, each with its history', async () => {
    await open();
    const moves = [
      move(NOON),
      move(NOON + 5_000, { reason: 'acknowledged', by: 'anna', how: 'said' }),
    ];
    const taken = alertRow('e1', { state: 'acknowledged', moves, raisedAt: NOON });
    const over = alertRow('e2', {
      state: 'resolved',
      moves: [move(NOON + 9_000)],
      raisedAt: NOON + 1,
    });
    bench.floor.put('alerts', over);
    bench.floor.put('alerts', taken);
    expect(await list()).toEqual([taken]);
    expect(await list('?state=all')).toEqual([taken, over]);
    // What is open is of today, however long ago it moved.
    expect(await list(`?state=all&since=${NOON + 5_001}`)).toEqual([taken, over]);
    expect(await list(`?state=all&since=${NOON + 9_001}`)).toEqual([taken]);
    expect(await list(`?state=open&since=${NOON + 5_001}`)).toEqual([]);
    const one = await call({ port: bench.port, path: '/api/v1/alerts/e2' });
    expect(JSON.parse(one.body)).toEqual({ alert: over });
    expect((await call({ port: bench.port, path: '/api/v1/alerts/none' })).status).toBe(404);
    expect(await list(`?state=all&since=${new Date(NOON + 5_000).toISOString()}`)).toHaveLength(2);
  });

  it('[CMD-60] says what of a question it does not understand, and to nobody who is not let in', async () => {
    await open({ settings: SITE });
    const headers = BEARER;
    const bad = await call({
      port: bench.port,
      path: '/api/v1/alerts?state=some&since=noon&x=1',
      headers,
    });
    expect(bad.status).toBe(400);
    const problems = JSON.parse(bad.body) as readonly { readonly field: string }[];
    expect(problems.map(({ field }) => field).sort()).toEqual(['since', 'state', 'x']);
    expect((await call({ port: bench.port, path: '/api/v1/alerts' })).status).toBe(401);
    expect((await post('/api/v1/alerts/e1/acknowledge', {})).status).toBe(401);
  });
});

describe('POST /api/v1/alerts/ID/…', () => {
  it('[CMD-61] is the same command, by the person of the session, whatever the body says', async () => {
    await open();
    const cookie = await cookieFor('anna');
    bench.answer = { ok: true, id: 'e1', version: 2 };
    const bodies: Readonly<Record<string, object>> = {
      snooze: { until: NOON, why: 'x' },
      comment: { why: 'x' },
    };
    for (const name of EPISODE_COMMANDS) {
      const body = { expectedVersion: 1, ...bodies[name], by: 'nora', episode: 'e9' };
      const done = await post(`/api/v1/alerts/e1/${name}`, body, { cookie });
      expect([name, done.status, JSON.parse(done.body)]).toEqual([name, 200, bench.answer]);
      expect(bench.obeyed.at(-1)).toMatchObject({
        heard: { name, says: { episode: 'e1' } },
        by: { id: 'anna', how: 'said' },
      });
    }
  });

  it('[CMD-61] by a session is in nobody else’s name, whatever it shows besides', async () => {
    await open({ settings: SITE });
    const cookie = await withToken(bench);
    await cookieFor('anna', { cookie });
    for (const authorization of ['Help x', 'Basic eDp5', 'x', '']) {
      await post('/api/v1/alerts/e1/acknowledge', { by: 'nora' }, { cookie, authorization });
      expect(bench.obeyed.at(-1)?.by).toEqual({ id: 'anna', how: 'said' });
    }
    expect(bench.obeyed).toHaveLength(4);
  });

  it('[CMD-61] by a program says in whose name, and the history says that it was one', async () => {
    await open({ settings: SITE });
    const done = await post('/api/v1/alerts/e1/acknowledge', { by: 'nora' }, BEARER);
    expect(done.status).toBe(200);
    expect(bench.obeyed).toMatchObject([{ by: { id: 'nora', how: 'program' } }]);
    for (const by of ['charles', 'nobody', 7, undefined]) {
      const refused = await post('/api/v1/alerts/e1/acknowledge', { by }, BEARER);
      expect([by, refused.status]).toEqual([by, 422]);
      expect(JSON.parse(refused.body)).toMatchObject({ refused: 'malformed', field: 'by' });
    }
    expect(bench.obeyed).toHaveLength(1);
  });

  it('[CMD-62] says by its status why it was not done', async () => {
    await open();
    const cookie = await cookieFor('anna');
    const statuses: readonly (readonly [CommandAnswer, number])[] = [
      [{ refused: 'stale', version: 4, by: 'nora' }, 409],
      [{ refused: 'over' }, 409],
      [{ refused: 'not-taken' }, 409],
      [{ refused: 'unknown' }, 404],
      [{ refused: 'past' }, 422],
      [{ refused: 'log' }, 503],
    ];
    for (const [answer, status] of statuses) {
      bench.answer = answer;
      const done = await post('/api/v1/alerts/e1/acknowledge', {}, { cookie });
      expect([done.status, JSON.parse(done.body)]).toEqual([status, answer]);
    }
    const malformed = await post(
      '/api/v1/alerts/e1/snooze',
      { why: 'x', until: 'soon' },
      { cookie },
    );
    expect(malformed.status).toBe(422);
    expect(JSON.parse(malformed.body)).toMatchObject({ field: 'until', given: '"soon"' });
    bench.answer = { ok: true };
    bench.floor.put('agents', agentRow('anna', { role: 'agent' }));
    expect((await post('/api/v1/alerts/e1/acknowledge', {}, { cookie })).status).toBe(403);
  });
});

describe('a link of a notification', () => {
  const episode = (says: Partial<AlertFact> = {}) =>
    bench.floor.put('alerts', alertRow('e1', says));
  const link = (person: string, until = Date.now() + 60_000) =>
    `/a/${capabilities.make({ episode: 'e1', person, until })}`;
  const look = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    call({ port: bench.port, path, headers });
  function press(path: string, form: Readonly<Record<string, string>>): Promise<Called> {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: bench.url,
      host: `127.0.0.1:${bench.port}`,
    };
    const body = new URLSearchParams(form).toString();
    return call({ port: bench.port, method: 'POST', path, headers, body });
  }
  const take = { do: 'acknowledge', version: '1' };

  it('[CMD-70] shows its one episode without a sign-in, with no word of a customer, and takes nothing by being looked at', async () => {
    await open({ settings: SITE });
    episode({
      text: { key: 'k', params: { agent: 'charles', customer: '…417', contact: 'call-1' } },
    });
    for (const agent of ['a browser', 'a mail scanner']) {
      const headers = { 'user-agent': agent };
      const page = await look(link('anna'), headers);
      expect(page.status).toBe(200);
      expect(page.body).toContain('Long hold');
      expect(page.body).toContain('Charles · Sales · since 14:24:00');
      expect(page.body).toContain('I have it');
      expect(page.body).not.toContain('…417');
      expect(page.body).not.toContain('call-1');
      expect(page.headers['cache-control']).toBe('no-store');
      expect(page.headers['referrer-policy']).toBe('same-origin');
    }
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE'])
      await call({ port: bench.port, method, path: link('anna') });
    expect(bench.obeyed).toEqual([]);
    const chinese = await look(link('anna'), { 'accept-language': 'zh-CN' });
    expect(chinese.body).toContain('保持过久');
    expect(chinese.body).toContain('<html lang="zh-Hans">');
    expect((await look(link('anna'), { 'accept-language': 'lv' })).body).toContain(
      'Ilga aizturēšana',
    );
  });

  it('[CMD-70] says who has said that they call, before somebody else takes that over', async () => {
    await open({ settings: SITE });
    episode({
      rule: 'callback.overdue',
      text: { key: 'callback.overdue', params: { owner: 'charles' } },
    });
    const { body } = await look(link('anna'));
    expect(body).toContain('Charles has said that they will call. If you take it, it is yours.');
    expect(body).not.toContain('Nobody has it yet');
  });

  it('[CMD-71] takes by a press, in the name of whom it was sent to, with the version that was looked at', async () => {
    await open({ settings: SITE });
    episode();
    const path = link('anna');
    const done = await press(path, { ...take, by: 'nora', episode: 'e9' });
    expect([done.status, done.headers.location]).toEqual([303, path]);
    expect(bench.obeyed).toEqual([
      {
        heard: { name: 'acknowledge', says: { episode: 'e1', expectedVersion: 1 } },
        by: { id: 'anna', how: 'link' },
      },
    ]);
    const taken = { how: 'acknowledged', at: NOON, until: NOON, why: null } as const;
    episode({ state: 'acknowledged', version: 2, taken: { ...taken, by: 'anna' } });
    const own = await look(path);
    expect(own.body).toContain('You have it.');
    expect(own.body).toContain('value="release"');
    expect(own.body).not.toContain('value="acknowledge"');
    const others = await look(link('nora'));
    expect(others.body).toContain('Anna &lt;b&gt; has it.');
    expect(others.body).not.toContain('value="release"');
  });

  it('[CMD-72] lets do nothing else, and nothing at all once it is over, forged or its person has left', async () => {
    await open({ settings: SITE });
    episode();
    for (const name of ['snooze', 'comment', 'see', 'promise', 'presence', 'close', ''])
      expect((await press(link('anna'), { ...take, do: name })).status).toBe(422);
    for (const version of ['', '1.5', 'x', '-1'])
      expect((await press(link('anna'), { ...take, version })).status).toBe(422);
    const over = link('anna', Date.now() - 1);
    const forged = `${link('anna').slice(0, -2)}xx`;
    for (const path of [over, forged, '/a/', '/a/x', `/a/${'x'.repeat(5_000)}`]) {
      expect([path.slice(0, 9), (await look(path)).status]).toEqual([path.slice(0, 9), 410]);
      expect((await press(path, take)).status).toBe(410);
    }
    expect((await press(link('charles'), take)).status).toBe(403);
    bench.floor.remove('agents', 'anna');
    expect((await press(link('anna'), take)).status).toBe(403);
    bench.floor.remove('alerts', 'e1');
    expect((await look(link('nora'))).status).toBe(410);
    const cross = await call({
      port: bench.port,
      method: 'POST',
      path: link('nora'),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://evil.example',
      },
      body: new URLSearchParams(take).toString(),
    });
    expect(cross.status).toBe(403);
    expect(bench.obeyed).toEqual([]);
  });

  it('[CMD-72] says what became of a press that was not done, and how it stands now', async () => {
    await open({ settings: SITE });
    episode({ version: 4 });
    bench.answer = { refused: 'stale', version: 4 };
    const stale = await press(link('anna'), take);
    expect(stale.status).toBe(409);
    expect(stale.body).toContain('It has moved since');
    expect(stale.body).toContain('name="version" value="4"');
    bench.answer = { refused: 'log' };
    const away = await press(link('anna'), take);
    expect(away.status).toBe(503);
    expect(away.body).toContain('could not write it down');
  });

  it('[CMD-73] works on a phone without JavaScript', async () => {
    await open({ settings: SITE });
    episode({ severity: 'P1' });
    const browser = await openChromium();
    try {
      const context = await browser.newContext({
        javaScriptEnabled: false,
        viewport: { width: 360, height: 740 },
        locale: 'en',
      });
      const page = await context.newPage();
      await page.goto(`${bench.url}${link('anna')}`);
      const button = page.getByRole('button', { name: 'I have it' });
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(48);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
      const taken = { how: 'acknowledged', by: 'anna', at: NOON, until: NOON, why: null } as const;
      episode({ severity: 'P1', state: 'acknowledged', version: 2, taken });
      await button.click();
      await page.getByText('You have it.').waitFor();
      expect(bench.obeyed).toMatchObject([{ by: { id: 'anna', how: 'link' } }]);
    } finally {
      await browser.close();
    }
  });
});
