// The worker's side of push without a browser: what a push becomes on the screen, where a click leads, and why a browser cannot be pushed to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cannot } from '../../client/desk/push-can.ts';
import type { BrowserSigns } from '../../client/desk/push-can.ts';
import { browserId, browserName, keyBytes } from '../../client/lib/push-channel.ts';
import { noticeOf, oddNotice, pagesOf, readPushed, tookNotice } from '../../client/sw/notice.ts';
import type { Pushed, Took } from '../../client/sw/notice.ts';
import { wordsFor } from '../../client/sw/words.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { call } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';

const pushed = (change: Partial<Pushed> = {}): Pushed => ({
  ...{ id: 'n1', tag: 'ep/1', kind: 'fire', severity: 'P2', language: 'en' },
  ...{ title: 'Long hold', body: 'soon · anna', page: '/a/abc.def', take: 'abc.def' },
  ...{ isSilent: false, at: 1_000, actions: [{ action: 'take', title: 'I have it' }] },
  ...change,
});
const OUTCOMES: readonly Took[] = [
  { outcome: 'yours' },
  { outcome: 'taken', by: 'Nora Vale' },
  { outcome: 'ended' },
  { outcome: 'gone' },
  { outcome: 'not-allowed' },
  { outcome: 'later' },
  { outcome: 'lost' },
];

describe('a push', () => {
  it('[CHN-23] stands in the place of the one before of its episode, and only what is news makes a sound', () => {
    const { title, options } = noticeOf(pushed(), null);
    expect([title, options.tag, options.silent, options.renotify]).toEqual([
      ...['Long hold', 'ep/1', false, true],
    ]);
    const next = noticeOf(pushed({ id: 'n2', at: 2_000, severity: 'P1' }), pushed()).options;
    expect([next.silent, next.renotify, next.requireInteraction]).toEqual([false, true, true]);
    const end = pushed({ id: 'n3', kind: 'end', severity: 'P1', isSilent: true, at: 3_000 });
    const over = noticeOf(end, pushed()).options;
    expect([over.silent, over.renotify, over.requireInteraction]).toEqual([true, false, false]);
    // The same once more, or one that was overtaken on its way: the younger stays, silently.
    for (const late of [pushed({ id: 'n3', body: 'x' }), pushed({ id: 'n1', at: 2_999 })]) {
      const kept = noticeOf(late, end).options;
      expect([kept.data, kept.silent, kept.renotify]).toEqual([end, true, false]);
    }
  });

  it('[CHN-23] that nobody understands is shown all the same, and says nothing that it does not know', () => {
    for (const text of [undefined, '', 'x', 'null', '{}', '{"title":7,"tag":"x"}', '{"title":"x"}'])
      expect(readPushed(text)).toBeNull();
    expect(readPushed(JSON.stringify(pushed()))).toEqual(pushed());
    expect(oddNotice('lv').options.body).toContain('Pharos');
  });

  it('[CHN-23] leads to the episode at the desk, or where nobody is signed in to its own link, and nowhere else', () => {
    expect(pagesOf(pushed())).toEqual({ desk: '/desk/episode/ep%2F1', link: '/a/abc.def' });
    const far = pushed({ page: 'https://wall.example/a/abc.def' });
    expect(pagesOf(far).link).toBe('/a/abc.def');
    for (const page of ['//evil.example/x', 'https://evil.example', 'javascript:x', ''])
      expect(pagesOf(pushed({ page })).link).toBe('/desk');
    const trial = pushed({ kind: 'trial', tag: 'trial', page: '/desk/channels' });
    expect(pagesOf(trial)).toEqual({ desk: '/desk/channels', link: '/desk/channels' });
  });

  it.each(LANGUAGES)(
    '[CHN-24] says in %s what became of a press, and offers it again where it was not done',
    (language) => {
      const said = OUTCOMES.map((took) => tookNotice(pushed({ language }), took));
      const texts = said.map(({ options }) => options.body ?? '');
      expect(new Set(texts).size).toBe(OUTCOMES.length);
      expect(texts[1]).toContain('Nora Vale');
      for (const { options } of said) expect([options.tag, options.silent]).toEqual(['ep/1', true]);
      const again = said.map(({ options }) => options.actions?.map(({ action }) => action).join());
      expect(again).toEqual([...Array<string>(5).fill('open'), 'take,open', 'take,open']);
      for (const text of Object.values(wordsFor(language)))
        if (typeof text === 'string') expect(text.trim()).not.toBe('');
    },
  );
});

describe('a browser', () => {
  const SIGNS: BrowserSigns = {
    ...{ isSecure: true, hasPush: true, userAgent: 'Mozilla/5.0 (X11; Linux)', touches: 0 },
    permission: 'default',
  };
  it.each<readonly [Partial<BrowserSigns>, ReturnType<typeof cannot>]>([
    [{}, null],
    [{ permission: 'granted' }, null],
    [{ isSecure: false, hasPush: false }, 'insecure'],
    [{ permission: 'denied' }, 'denied'],
    [{ hasPush: false, permission: null }, 'unsupported'],
    [{ hasPush: false, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)' }, 'home'],
    [{ hasPush: false, userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X)', touches: 5 }, 'home'],
    [{ hasPush: false, userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X)' }, 'unsupported'],
    [{ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)' }, null],
  ])('[CHN-25] of %o can be pushed to, or it is known why not: %s', (signs, why) => {
    expect(cannot({ ...SIGNS, ...signs })).toBe(why);
  });

  it('[CHN-25] has a name that its person knows it by, and one that only it can know', async () => {
    const agent = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36';
    expect(browserName(agent)).toBe('Chrome · Windows');
    expect(browserName(`${agent} Edg/126.0.0.0`)).toBe('Edge · Windows');
    expect(
      browserName(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1',
      ),
    ).toBe('Safari · iPhone');
    expect(browserName('odd')).toBe('Browser');
    const one = await browserId('https://push.example/1');
    expect(one).toMatch(/^[\w-]{24}$/);
    expect(await browserId('https://push.example/2')).not.toBe(one);
    expect([...keyBytes('-_8')]).toEqual([251, 255]);
  });
});

describe('the worker’s file', () => {
  let client: BuiltClient;
  beforeAll(async () => {
    client = await buildClient();
  });
  afterAll(() => client.remove());

  it('[CHN-26] is one classic script of a name that stays, and a wall does not ask for it', () => {
    const worker = readFileSync(join(client.folder, 'sw.js'), 'utf8');
    expect(worker).not.toMatch(/\bimport\b|\bexport\b|importScripts/);
    // It answers no request of a page, so that nothing old can come from it.
    expect(worker).not.toMatch(/["'`]fetch["'`]/);
    expect(readFileSync(join(client.folder, 'index.html'), 'utf8')).not.toMatch(/sw\.js|manifest/);
  });

  it('[CHN-26] and what is shown of an installed desk are served without a session, checked at each use, under the policy of all', async () => {
    const settings = { demo: false, bootstrapToken: TOKEN };
    const bench = await openBench({ staticDir: client.folder, settings });
    const get = (path: string) => call({ port: bench.port, path });
    const manifest = JSON.parse((await get('/desk.webmanifest')).body) as {
      readonly icons: readonly { readonly src: string }[];
      readonly display: string;
    };
    expect(manifest.display).toBe('standalone');
    for (const [path, type] of [
      ['/sw.js', /javascript/],
      ['/desk.webmanifest', /manifest\+json/],
      ...['/badge-96.png', '/apple-touch-icon.png', ...manifest.icons.map(({ src }) => src)].map(
        (src) => [src, /^image\/png/] as const,
      ),
    ] as const) {
      const { status, headers } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers['content-type']).toMatch(type);
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-security-policy']).toContain("worker-src 'self'");
    }
    for (const path of ['/assets/index.js', '/sw.js.map', '/icon-192.png/', '/api/v1/session'])
      expect([401, 404], path).toContain((await get(path)).status);
    await bench.close();
  });
});
