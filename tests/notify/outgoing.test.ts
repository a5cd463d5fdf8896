// Outgoing requests: no way of writing a private address comes to a connection, a name is looked up once, nothing is followed, nothing hangs.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { isPublic, NOTHING_ELSE, parseAllowedOut } from '../../server/notify/addresses.ts';
import { createPost, SEND_MS } from '../../server/notify/outgoing.ts';
import type { Reply, Resolve } from '../../server/notify/outgoing.ts';
import { openHttpSink } from '../support/http-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { createManualClock } from '../support/manual-clock.ts';

let sink: HttpSink;
beforeAll(async () => {
  sink = await openHttpSink();
});
afterAll(() => sink.close());
afterEach(() => sink.answer(200));

const LOOPBACK = parseAllowedOut('127.0.0.0/8')!;
/** Names as a hostile owner of a domain would have them; every other one is looked up in earnest. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'inside.example': ['10.0.0.5'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'six.example': ['2606:4700::1111', '::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'nowhere.example': [],
  'localhost.': ['127.0.0.1'],
  'odd.example': ['fe80::1%eth0'],
  // Nobody listens at the first.
  'two.example': ['127.0.0.2', '127.0.0.1'],
};
const resolve: Resolve = (host) => {
  const found = NAMES[host];
  return found ? Promise.resolve(found) : Promise.reject(new Error(`${host} is not known here`));
};

function post(url: string, allowed = NOTHING_ELSE, by: Resolve = resolve): Promise<Reply> {
  const send = createPost({ allowed, clock: systemClock, resolve: by });
  return send({ url, headers: {}, body: '{}' });
}

/** HOST stands where an address goes; the port is the sink's. */
const PRIVATE: readonly string[] = [
  // Loopback, as browsers and libraries read it.
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.0.0.1'],
  ...[
    '0177.0.0.1',
    '017700000001',
    '0x7f.1',
    '127.0.0.1.',
    '127.00.00.01',
    '１２７.0.0.1',
    '①②⑦.0.0.1',
  ],
  ...['127%2E0%2E0%2E1', '0', '0.0.0.0', '0x0', '00000', '0.1.2.3'],
  ...[
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
  ],
  ...[
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
  ],
  ...['[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:7f00:0001::1]', '[2001:0:7f00:1::1]'],
  // Private, shared, local to the link or the site.
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.254',
    '192.168.0.1',
    '192.168.255.255',
  ],
  ...[
    '100.64.0.1',
    '100.127.255.254',
    '169.254.169.254',
    '169.254.0.1',
    '0xa9fea9fe',
    '2852039166',
    '168.63.129.16',
    '0xa83f8110',
    '[::ffff:168.63.129.16]',
  ],
  ...[
    '[fe80::1]',
    '[febf::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd00::1]',
    '[fd12:3456:789a::1]',
    '[fd00:ec2::254]',
  ],
  ...['[::ffff:10.0.0.1]', '[::ffff:169.254.169.254]', '[64:ff9b::10.0.0.1]', '[2002:a00:1::1]'],
  // Many, none, or kept for something else.
  ...['224.0.0.1', '239.255.255.255', '[ff02::1]', '[ff0e::1]', '255.255.255.255', '240.0.0.1'],
  ...['192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.88.99.1'],
  ...['[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]', '[4000::1]', '[2001:20::1]'],
  // Names that lead there.
  ...[
    'inside.example',
    'mixed.example',
    'six.example',
    'mapped.example',
    'metadata.example',
    'localhost.',
    'odd.example',
  ],
];

describe('an outgoing address', () => {
  it('[NOT-30] that is private comes to no connection, in whatever way it is written', async () => {
    expect(new Set(PRIVATE).size).toBeGreaterThanOrEqual(60);
    for (const host of PRIVATE)
      for (const scheme of ['http', 'https']) {
        const reply = await post(`${scheme}://${host}:${sink.port}/x`);
        expect([host, reply.kind]).toEqual([host, 'refused']);
      }
    expect(sink.connections()).toBe(0);
  });

  it.each([
    ['file:///etc/passwd', 'expected https:, got file:'],
    ['gopher://127.0.0.1/', 'expected https:, got gopher:'],
    ['unix:/tmp/socket', 'expected https:, got unix:'],
    ['https://user:password@hooks.example/', 'an address with a user or password in it'],
    ['//hooks.example', 'it is no address'],
    ['https://[::1', 'it is no address'],
  ])('[NOT-30] is refused as %s', async (url, why) => {
    expect(await post(url)).toEqual({ kind: 'refused', why });
  });

  it('[NOT-30] of the public internet is taken over https only', async () => {
    const asPublic: Resolve = () => Promise.resolve(['93.184.216.34']);
    const reply = await post('http://hooks.example/', NOTHING_ELSE, asPublic);
    expect(reply).toMatchObject({ kind: 'refused' });
    for (const address of [
      '93.184.216.34',
      '1.1.1.1',
      '168.63.129.17',
      '2606:4700::1111',
      '2a00:1450:4001::200e',
    ])
      expect(isPublic(address), address).toBe(true);
    for (const odd of ['', 'x', '1.2.3.4.5', '1.2.3.4/8', 'fe80::1%eth0'])
      expect(isPublic(odd)).toBe(false);
  });

  it('[NOT-31] may be one that the operator named: a host, an address, a network', async () => {
    const before = sink.received.length;
    const byName: Resolve = () => Promise.resolve(['127.0.0.1']);
    const chat = `http://Chat.local:${sink.port}/a?b=c`;
    expect(await post(chat, parseAllowedOut('chat.local'), byName)).toEqual({
      kind: 'answered',
      status: 200,
    });
    for (const allowed of ['127.0.0.1', '127.0.0.0/8'])
      expect(await post(chat, parseAllowedOut(allowed), byName)).toMatchObject({
        kind: 'answered',
      });
    expect(await post(chat, parseAllowedOut('10.0.0.0/8, other.local'), byName)).toMatchObject({
      kind: 'refused',
    });
    expect(sink.received.length - before).toBe(3);
    expect(sink.received.at(-1)).toMatchObject({
      path: '/a?b=c',
      headers: { host: `chat.local:${sink.port}` },
    });
    for (const odd of ['10.0.0.0/33', 'a b/c', 'http://x'])
      expect(parseAllowedOut(odd), odd).toBeUndefined();
  });

  it('[NOT-32] is looked up once: a name that is another place a moment later is not gone after', async () => {
    let asked = 0;
    const turning: Resolve = () => Promise.resolve([asked++ === 0 ? '127.0.0.1' : '10.0.0.1']);
    const reply = await post(`http://turning.example:${sink.port}/`, LOOPBACK, turning);
    expect([reply, asked]).toEqual([{ kind: 'answered', status: 200 }, 1]);
  });

  it('[NOT-32] of a redirect is not followed', async () => {
    const other = await openHttpSink();
    sink.answer((response) => void response.writeHead(302, { location: other.url }).end());
    expect(await post(sink.url, LOOPBACK)).toEqual({ kind: 'answered', status: 302 });
    expect(other.connections()).toBe(0);
    await other.close();
  });
});

describe('a receiver', () => {
  it('[NOT-33] that does not answer is given up after seven seconds', async () => {
    sink.answer('hang');
    const clock = createManualClock();
    const before = sink.received.length;
    const send = createPost({ allowed: LOOPBACK, clock });
    const reply = send({ url: sink.url, headers: {}, body: '{}' });
    await expect.poll(() => sink.received.length).toBe(before + 1);
    await clock.advance(SEND_MS);
    expect(await reply).toEqual({ kind: 'failed', why: 'no answer within 7 s' });
  });

  it('[NOT-33] that never ends its answer, or sends no end of it, holds nothing up', async () => {
    sink.answer((response) => {
      response.writeHead(200);
      response.write(Buffer.alloc(1_000_000));
    });
    expect(await post(sink.url, LOOPBACK)).toEqual({ kind: 'answered', status: 200 });
  });

  it('[NOT-82] is reached at the next of its addresses where the first does not answer', async () => {
    const { port } = new URL(sink.url);
    expect(await post(`http://two.example:${port}/`, LOOPBACK)).toEqual({
      kind: 'answered',
      status: 200,
    });
  });

  it('[NOT-33] that cuts the line, or whose name is not known, has failed', async () => {
    sink.answer('cut');
    expect(await post(sink.url, LOOPBACK)).toMatchObject({ kind: 'failed' });
    expect(await post('https://unknown.example/')).toMatchObject({ kind: 'failed' });
    expect(await post('https://nowhere.example/')).toMatchObject({ kind: 'failed' });
  });

  it('[NOT-33] is handed no more than 64 KB', async () => {
    const send = createPost({ allowed: LOOPBACK, clock: systemClock });
    const body = Buffer.alloc(64 * 1024 + 1);
    expect(await send({ url: sink.url, headers: {}, body })).toMatchObject({ kind: 'refused' });
  });
});
