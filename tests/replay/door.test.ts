// `npm run replay` as a process against a small site that speaks the real HTTP interface.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TOKEN = 'a-token-of-more-than-24-characters';
const EVENT = {
  specversion: '1.0',
  source: 'pbx',
  id: 'one',
  type: 'contact.queued',
  subject: 'call-1',
  time: '2026-01-05T09:00:00Z',
  data: { queue: 'billing', customer: { name: 'Žanete' } },
};

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pharos-replay-'));
  file = join(folder, 'events.jsonl');
  const later = {
    ...EVENT,
    id: 'two',
    type: 'contact.ended',
    time: '2026-01-05T09:00:02Z',
    data: {},
  };
  await writeFile(file, `${JSON.stringify(EVENT)}\n${JSON.stringify(later)}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A site whose sources are given, and which is too busy for the first `busy` calls. */
async function site(given: { readonly sources?: object; readonly busy?: number } = {}) {
  const asked: Asked[] = [];
  let busy = given.busy ?? 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const answer = (
        status: number,
        said: unknown,
        headers: Record<string, string> = {},
      ): void => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(said));
      };
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(401, {});
      if (busy > 0) {
        busy -= 1;
        return answer(429, {}, { 'retry-after': '0' });
      }
      asked.push({ path: request.url ?? '', headers: request.headers, body });
      if (request.url === '/api/v1/floor')
        return answer(200, { rows: { sources: given.sources ?? {} } });
      const events = JSON.parse(body) as readonly unknown[];
      answer(202, { ids: events.map((_, place) => `1-${place}`) });
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

async function run(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = { PHAROS_BOOTSTRAP_TOKEN: TOKEN },
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), resolve('server/replay.ts'), ...words],
    { cwd: folder, env: { PATH: process.env.PATH, ...environment } },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((ended) => child.on('close', ended));
  return { code, out, err };
}

// Each case starts processes of its own, which takes seconds on a busy machine.
describe('npm run replay', { timeout: 120_000 }, () => {
  it('[RPL-8] asks who feeds the site, then posts the events as a batch, with the token', async () => {
    const { url, asked, close } = await site({ busy: 2 });
    const { code, out, err } = await run([file, '--speed', '10', '--url', url]);
    await close();
    expect(err).toBe('');
    expect(out).toContain('2 events, 1 s at speed 10.\nDone: 2 events in ');
    expect(code).toBe(0);
    expect(asked.map(({ path }) => path)).toEqual([
      '/api/v1/floor',
      '/api/v1/events',
      '/api/v1/events',
    ]);
    expect(asked[1]?.headers['content-type']).toBe('application/cloudevents-batch+json');
    const [first] = JSON.parse(asked[1]?.body ?? '[]') as readonly Record<string, unknown>[];
    expect(first).toMatchObject({ specversion: '1.0', type: 'contact.queued', data: EVENT.data });
    expect(first?.subject).toMatch(/^replay-[0-9a-f]{8}\.call-1$/);
  });

  it('[RPL-8] refuses a site with another live source, before it posts anything', async () => {
    const { url, asked, close } = await site({
      sources: { 'asterisk/pbx1': { state: 'live' }, old: { state: 'lost' } },
    });
    const { code, err } = await run([file, '--url', url]);
    await close();
    expect(code).toBe(2);
    expect(err).toContain('a live source, asterisk/pbx1,');
    expect(err).not.toContain('old');
    expect(asked.map(({ path }) => path)).toEqual(['/api/v1/floor']);
  });

  it('[RPL-9] says in whole sentences what is missing or wrong', async () => {
    const { url, close } = await site();
    const wrong = join(folder, 'wrong.jsonl');
    await writeFile(wrong, 'nothing of use\n');
    const said = await Promise.all([
      run([]),
      run([file, '--speed', 'fast']),
      run([file, '--sped', '3']),
      run([file, '--url', 'ftp://x']),
      run([join(folder, 'none.jsonl')]),
      run([wrong, '--url', url]),
      run([file, '--url', url], {}),
    ]);
    await close();
    expect(said.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2, 2]);
    const [none, speed, unknown, ftp, missing, malformed, token] = said.map(({ err }) => err);
    expect(none).toContain('Expected one FILE, got 0.');
    expect(speed).toContain('--speed: expected a number over 0 and up to 10000, got "fast".');
    expect(unknown).toContain('--sped');
    expect(ftp).toContain('--url: expected an http:// or https:// address, got "ftp://x".');
    expect(missing).toContain('Expected a file that can be read, got ');
    expect(malformed).toContain('line 1: ');
    expect(malformed).toContain('Nothing was appended.');
    expect(token).toContain('asks for a token (401). Set PHAROS_BOOTSTRAP_TOKEN');
  });
});
