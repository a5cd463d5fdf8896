// Codes of televisions and what becomes of them, on shelves in memory and in a real Redis.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAccess } from '../../server/access/access.ts';
import type { Access } from '../../server/access/access.ts';
import { newCode, readCode, shownCode } from '../../server/access/codes.ts';
import { PAIRING_MS, PAIRINGS_MOST } from '../../server/access/pairings.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import { openLink } from '../../server/log/redis-link.ts';
import { redisShelves } from '../../server/log/redis-shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

const LETTERS = Array.from('BCDFGHJKLMNPQRSTVWXZ');
const ASKED = { from: '192.0.2.7', browser: 'Tizen', width: 1_920, height: 1_080 } as const;
const NO_SIGN = '{"seenAt":null,"paintedAt":null,"build":null}';
const GIVEN = { name: 'Hall', board: 'main', inches: null, seatMetres: null, language: null };
const ofLetters = fc
  .array(fc.constantFrom(...LETTERS), { minLength: 8, maxLength: 8 })
  .map((letters) => letters.join(''));

describe('a code', () => {
  it('[SCR-1] is eight of twenty letters, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(255)), (bytes) => {
        const code = newCode((count) => Buffer.from([...bytes.take(count)]));
        expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
        expect(shownCode(code)).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
      }),
    );
  });

  it('[SCR-1] has each letter as likely as any: bytes that would favour one are passed over', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const counts = new Map<string, number>();
    let at = 0;
    const random = (count: number): Buffer => {
      const taken = all.subarray(at % 256, (at % 256) + count);
      at += taken.length;
      return taken;
    };
    // 240 bytes of 256 count: 30 codes of a whole round.
    for (let made = 0; made < 30; made += 1)
      for (const letter of newCode(random)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect([...counts.values()]).toEqual(LETTERS.map(() => 12));
  });

  it('[SCR-1] is read as it is typed: in any case, of full width, with dashes and spaces anywhere', () => {
    fc.assert(
      fc.property(
        ofLetters,
        fc.array(fc.constantFrom('-', ' ', '–', '－', '\t'), { minLength: 8, maxLength: 8 }),
        fc.constantFrom<(code: string) => string>(
          (code) => code.toLowerCase(),
          (code) => code,
          (code) =>
            Array.from(code)
              .map((letter) => fullWidth(letter))
              .join(''),
        ),
        (code, between, written) => {
          const typed = Array.from(code)
            .map((letter, at) => letter + (between[at] ?? ''))
            .join('');
          expect(readCode(written(typed))).toBe(code);
        },
      ),
    );
    expect(readCode('wdjb-mjht')).toBe('WDJBMJHT');
  });

  it('[SCR-1] is none where it has another letter or length', () => {
    for (const odd of ['', 'WDJB-MJH', 'WDJB-MJHTX', 'WDJA-MJHT', 'WDJ8-MJHT', 'ß'.repeat(8)])
      expect(readCode(odd)).toBeNull();
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const read = readCode(typed);
        if (read !== null) expect(read).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
      }),
    );
  });
});

function fullWidth(letter: string): string {
  return /[A-Z]/.test(letter) ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0) : letter;
}

describe.each(['memory', 'Redis'] as const)('a pairing in %s', (where) => {
  let redis: RedisServer | null = null;
  let link: ReturnType<typeof openLink> | null = null;
  let sites = 0;
  let now: number;
  let shelves: Shelves;
  let access: Access;

  beforeAll(async () => {
    if (where === 'memory') return;
    redis = await startRedis();
    link = openLink({ url: redis.url, name: 'test', socketTimeoutMs: 3_000 });
  });
  afterAll(async () => {
    link?.close();
    await redis?.close();
  });
  beforeEach(async () => {
    now = 1_000_000;
    sites += 1;
    shelves = link === null ? memoryShelves() : redisShelves(`site${sites}`, link);
    // A connection takes a moment.
    await vi.waitFor(() => shelves.shelf('screens').all());
    access = openAccess({ shelves, now: () => now, random: randomBytes });
  });

  async function begin() {
    const begun = await access.pairings.begin(ASKED);
    if (begun === 'full') throw new Error('Expected a code.');
    return begun;
  }
  async function found(code: string) {
    const pairing = await access.pairings.find(code);
    if (pairing === null) throw new Error('Expected a pairing.');
    return pairing;
  }
  async function kept(): Promise<string> {
    const texts = await Promise.all(
      (['pairings', 'screens', 'screen-signs'] as const).map((name) => shelves.shelf(name).all()),
    );
    return JSON.stringify(texts.map((shelf) => [...shelf]));
  }

  it('[SCR-2] is found by its code for ten minutes, and its shelf tells nobody the code', async () => {
    const { code, ticket, endsAt } = await begin();
    expect(endsAt).toBe(now + PAIRING_MS);
    expect((await found(code.toLowerCase())).pairing).toMatchObject(ASKED);
    expect(await access.pairings.find('WDJB-MJHT')).toBeNull();
    const [letters = '', secret = ''] = ticket.split('.');
    for (const told of [code, letters, secret]) expect(await kept()).not.toContain(told);
    now = endsAt - 1;
    expect(await access.pairings.find(code)).not.toBeNull();
    now = endsAt;
    expect(await access.pairings.find(code)).toBeNull();
  });

  it('[SCR-2] works once, of two who approve it at the same moment for one alone', async () => {
    const { code } = await begin();
    const pairing = await found(code);
    const made = await Promise.all(
      ['anna', 'nora'].map((by) => access.screens.pair(pairing, GIVEN, by)),
    );
    expect(made.filter((screen) => screen !== null)).toHaveLength(1);
    expect(await access.screens.list()).toHaveLength(1);
    expect(await access.pairings.find(code)).toBeNull();
    // Whoever held it before, and after it was revoked.
    await access.screens.revoke((await access.screens.list())[0]?.id ?? '');
    expect(await access.pairings.find(code)).toBeNull();
  });

  it('[SCR-3] tells whoever has the ticket, and nobody else, what became of it', async () => {
    const { code, ticket, endsAt } = await begin();
    const other = await begin();
    const [letters = ''] = ticket.split('.');
    const [, strange = ''] = other.ticket.split('.');
    expect(await access.pairings.became(ticket)).toEqual({ kind: 'open', endsAt });
    const screen = await access.screens.pair(await found(code), GIVEN, 'anna');
    for (const odd of ['', '.', code, letters, `${letters}.`, `${letters}.${strange}`])
      expect(await access.pairings.became(odd)).toEqual({ kind: 'over' });
    now = endsAt + 59_999;
    const became = await access.pairings.became(ticket);
    expect(became).toMatchObject({ kind: 'paired', screen: screen?.id });
    expect(await access.pairings.became(ticket)).toEqual(became);
    const { cookie } = became as { readonly cookie: string };
    expect(await access.screens.read(cookie)).toMatchObject({ id: screen?.id });
    expect(await kept()).not.toContain(cookie);
    // What the page has in its memory is no cookie.
    expect(await access.screens.read(ticket.split('.')[1] ?? '')).toBeNull();
    now = endsAt + 60_000;
    expect(await access.pairings.became(ticket)).toEqual({ kind: 'over' });
    expect(await access.screens.read(cookie)).not.toBeNull();
    await access.screens.revoke(screen?.id ?? '');
    expect(await access.screens.read(cookie)).toBeNull();
  });

  it('[SCR-4] is one of 200 at most; what is over takes no place', async () => {
    const begun = await Promise.all(
      Array.from({ length: PAIRINGS_MOST }, () => access.pairings.begin(ASKED)),
    );
    expect(begun).not.toContain('full');
    expect(await access.pairings.begin(ASKED)).toBe('full');
    expect((await shelves.shelf('pairings').all()).size).toBe(PAIRINGS_MOST);
    now += PAIRING_MS;
    expect(await access.pairings.begin(ASKED)).not.toBe('full');
    now += 60_000;
    expect(await access.pairings.begin(ASKED)).not.toBe('full');
    expect((await shelves.shelf('pairings').all()).size).toBe(2);
  });

  it('[SCR-5] leaves signs of life, which come together, and none of what was revoked', async () => {
    const pair = async (name: string) =>
      (await access.screens.pair(await found((await begin()).code), { ...GIVEN, name }, 'anna'))
        ?.id ?? '';
    const [hall, shop, silent] = [await pair('Hall'), await pair('Shop'), await pair('Silent')];
    access.screenSigns.note(hall, { painted: now - 700, build: 'abc' });
    access.screenSigns.note(shop, { painted: now + 9_000 });
    expect((await access.screens.list()).map(({ seenAt }) => seenAt)).toEqual([null, null, null]);
    await access.screens.revoke(shop);
    await access.screenSigns.write();
    expect(await access.screens.list()).toMatchObject([
      { id: hall, seenAt: now, paintedAt: now - 700, build: 'abc' },
      { id: silent, seenAt: null, paintedAt: null, build: null },
    ]);
    expect((await shelves.shelf('screen-signs').all()).has(shop)).toBe(false);
    now += 5_000;
    access.screenSigns.note(hall, { painted: now + 9_000 });
    await access.screenSigns.write();
    expect((await access.screens.list())[0]).toMatchObject({ seenAt: now, paintedAt: now });
  });
});

describe('signs of life', () => {
  it('[SCR-5] that Redis does not take are written the next time, unless a younger one came', async () => {
    const shelves = memoryShelves();
    const written: string[] = [];
    let isAway = true;
    const away: Shelves = {
      ...shelves,
      shelf: (name) => ({
        ...shelves.shelf(name),
        swap(_id, _before, text) {
          if (isAway) return Promise.reject(new LogTrouble('unreachable', 'away'));
          written.push(text);
          return Promise.resolve(true);
        },
      }),
    };
    let now = 1_000;
    const { screenSigns } = openAccess({ shelves: away, now: () => now, random: randomBytes });
    await shelves.shelf('screen-signs').put('hall', NO_SIGN);
    screenSigns.note('hall', { painted: 900 });
    await screenSigns.write();
    isAway = false;
    await screenSigns.write();
    await screenSigns.write();
    expect(written.map((text) => JSON.parse(text) as unknown)).toEqual([
      { seenAt: 1_000, paintedAt: 900, build: null },
    ]);
    now = 2_000;
    isAway = true;
    screenSigns.note('hall', { painted: 1_900 });
    const writing = screenSigns.write();
    now = 3_000;
    screenSigns.note('hall', { painted: 2_900 });
    await writing;
    isAway = false;
    await screenSigns.write();
    expect(JSON.parse(written[1] ?? '')).toMatchObject({ seenAt: 3_000 });
    expect(written).toHaveLength(2);
  });
});
