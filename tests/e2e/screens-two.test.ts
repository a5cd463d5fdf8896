// A television between two servers of one site: whichever is asked to, both follow.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PairingBegun, ScreenSaid } from '../../server/contract/access.ts';
import { call } from '../support/call.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { isLive, openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';

const TOKEN = 'a-token-of-the-site-in-full';
const BEARER = { authorization: `Bearer ${TOKEN}` };
let redis: RedisServer;
let servers: readonly Pharos[];

beforeAll(async () => {
  redis = await startRedis();
  const environment = { REDIS_URL: redis.url, PHAROS_BOOTSTRAP_TOKEN: TOKEN };
  servers = await Promise.all([startPharos(environment), startPharos(environment)]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await redis.close();
});

async function ask(at: number, method: string, path: string, body?: object) {
  const to = { port: servers[at]?.port ?? 0, method, path };
  if (body === undefined) return call({ ...to, headers: BEARER });
  const headers = { ...BEARER, 'content-type': 'application/json' };
  return call({ ...to, headers, body: JSON.stringify(body) });
}

describe('a television of two servers', () => {
  it('[SCR-15] [SCR-17] is paired at one, found and revoked at the other, and gone from both within two seconds', async () => {
    const begun = JSON.parse((await ask(0, 'POST', '/api/v1/pairings', {})).body) as PairingBegun;
    const given = { code: begun.code, name: 'Hall', board: 'main' };
    const made = await ask(1, 'POST', '/api/v1/screens', given);
    const { id } = JSON.parse(made.body) as ScreenSaid;
    const became = await call({
      port: servers[0]?.port ?? 0,
      path: '/api/v1/pairings/mine',
      headers: { authorization: `Pairing ${begun.ticket}` },
    });
    const cookie = became.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const told: string[] = [];
    const open = (at: number, transport: 'websocket' | 'polling'): WireClient => {
      const screen = openWireClient({
        ...{ url: servers[at]?.url ?? '', headers: { cookie }, transport },
        auth: { board: 'main' },
      });
      screen.socket.on('told', () => told.push(`${at} ${transport}`));
      return screen;
    };
    const screens = [0, 1].flatMap((at) => [open(at, 'websocket'), open(at, 'polling')]);
    for (const screen of screens) await screen.until(isLive);
    await ask(1, 'POST', `/api/v1/screens/${id}/identify`);
    await expect.poll(() => told.length).toBe(4);
    expect(new Set(told).size).toBe(4);

    const revoked = Date.now();
    await ask(0, 'DELETE', `/api/v1/screens/${id}`);
    for (const screen of screens) await screen.until(({ socket }) => !socket.connected);
    expect(Date.now() - revoked).toBeLessThan(2_000);
    expect(screens.map(({ refused }) => refused)).toEqual(screens.map(() => 'unpaired'));
    for (const at of [0, 1])
      for (const transport of ['websocket', 'polling'] as const) {
        const stolen = open(at, transport);
        await stolen.until(({ refused }) => refused !== null);
        expect([stolen.refused, stolen.said]).toEqual(['unpaired', []]);
        stolen.close();
      }
  });
});
