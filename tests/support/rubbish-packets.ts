// What a hostile client sends down a websocket or posts to the polling transport, the published proofs of concept among it.
import { randomBytes } from 'node:crypto';
import type { Chance } from './chance.ts';

const VALUES = [
  'null',
  '[]',
  '"x"',
  '1e999',
  '-1',
  '{"epoch":7,"seq":1}',
  '{"epoch":"e","seq":-1}',
  '{"epoch":"e","seq":1.5}',
  '{"epoch":"e","seq":1e400}',
  '{"__proto__":{"epoch":"e","seq":1}}',
  '{"constructor":{"prototype":{"polluted":true}},"epoch":"e","seq":{}}',
  '{"epoch":"e"',
  `{"epoch":"${'e'.repeat(300)}","seq":1}`,
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
];
const NAMES = [
  'have',
  'resync',
  'snapshot',
  'acknowledge',
  '__proto__',
  'constructor',
  'toString',
  'disconnect',
  'disconnecting',
  'connect',
  'connect_error',
  'newListener',
  'removeListener',
  '',
];

/** A packet of engine.io as text. Some are only odd: a flood of `resync`, an acknowledgement of what was never asked. */
export function rubbishPacket(chance: Chance): string {
  const value = chance.of(VALUES);
  const name = chance.of(NAMES);
  return chance.of<() => string>([
    () => `42["${name}",${value}]`,
    () => `42${chance.below(1e6)}["${name}",${value},${value}]`,
    () => `42${value}`,
    () => '42["resync",{}]',
    () => `42["have",{"epoch":"${'e'.repeat(chance.below(60))}","seq":${chance.below(9)}}]`,
    () => `43${chance.below(100)}[${value}]`,
    () => `40/other,${value}`,
    () => `40${value}`,
    () => `4${chance.below(10)}/odd,,,${value}`,
    () => `${chance.below(10)}${value}`,
    () => '2probe',
    () => '3probe',
    () => '5',
    () => '1',
    () => 'b' + 'A'.repeat(chance.below(500)),
    () => String.fromCharCode(...Array.from({ length: 40 }, () => chance.below(0xd7ff))),
    // CVE-2024-38355: an event called `error` that nobody listens to.
    () => '42["error",{"message":"x"}]',
    // CVE-2023-32695: the name of an event is an object that has no text.
    () => '42[{"toString":"foo"}]',
    () => '42[{"toString":null,"valueOf":null},1]',
    // CVE-2022-2421: a placeholder whose number is the name of a method.
    () => `451-["${name}",{"_placeholder":true,"num":"splice"}]`,
    () => `451-["${name}",{"_placeholder":true,"num":${chance.of(['-1', '7', '1e9', 'null'])}}]`,
    // CVE-2026-33151: attachments are promised without end.
    () => `45${chance.of(['9'.repeat(9), '1e9', '-1', '99', '4294967296'])}-["${name}",{}]`,
    () => `46${chance.below(100)}-${chance.below(9)}[{"_placeholder":true,"num":0}]`,
    // CVE-2020-36049: a long packet that is taken apart character by character.
    () => `4${'9'.repeat(chance.of([1_000, 60_000]))}`,
    () => `42["${name}","${'x'.repeat(60_000)}"]`,
  ])();
}

/** One frame of RFC 6455, right or wrong; some end what a peer can understand. */
export function rubbishFrame(chance: Chance): Buffer {
  const text = (): Buffer => Buffer.from(rubbishPacket(chance));
  return chance.of<() => Buffer>([
    () => frame({ payload: text() }),
    () => frame({ payload: text() }),
    () => frame({ payload: text() }),
    // A message in three pieces, a ping between them.
    () => {
      const whole = Buffer.from('42["resync",{}]');
      return Buffer.concat([
        frame({ payload: whole.subarray(0, 5), isLast: false }),
        frame({ opcode: 9, payload: Buffer.from('x') }),
        frame({ opcode: 0, payload: whole.subarray(5) }),
      ]);
    },
    () => frame({ opcode: 2, payload: randomBytes(chance.below(300)) }),
    () => frame({ opcode: 9, payload: randomBytes(125) }),
    () => frame({ opcode: 10, payload: randomBytes(chance.below(125)) }),
    () => frame({ opcode: 8, payload: Buffer.from([0x03, 0xe8]) }),
    () => frame({ opcode: 8, payload: Buffer.from([0x00, 0x01, 0xff]) }),
    () => frame({ opcode: 3 + chance.below(5), payload: Buffer.from('x') }),
    () => frame({ opcode: 9, payload: Buffer.from('x'), isLast: false }),
    () => frame({ opcode: 0, payload: Buffer.from('4') }),
    () => frame({ payload: Buffer.from('2'), reserved: 0x40 }),
    () => frame({ payload: Buffer.from('42["have"]'), isMasked: false }),
    () => frame({ payload: Buffer.from([0x34, 0x32, 0xff, 0xfe, 0xc0, 0x80]) }),
    () => frame({ payload: Buffer.alloc(70_000, 0x34) }),
    // CVE-2026-48779: a message in very many pieces of nothing.
    () =>
      Buffer.concat([
        frame({ payload: Buffer.from('4'), isLast: false }),
        ...Array.from({ length: 3_000 }, () =>
          frame({ opcode: 0, payload: Buffer.alloc(chance.below(2), 0x39), isLast: false }),
        ),
      ]),
    // A length that nobody could keep.
    () => Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]),
    () => Buffer.from([0x81, 0xff, 0x00, 0x00, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 1, 2, 3, 4]),
    () => randomBytes(chance.below(60)),
  ])();
}

/** Bodies of one post to the polling transport, with how many packets each is. */
export function rubbishBody(chance: Chance): { readonly body: string; readonly packets: number } {
  const packets = 1 + chance.below(12);
  const said = Array.from({ length: packets }, () => rubbishPacket(chance));
  return { body: said.join(chance.of(['\u001e', '\u001e', '\u001e\u001e', '\n'])), packets };
}

const KEY = (): string => `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`;
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13';

/** First words of a connection that no client says; `host` as the server is called. */
export function rubbishRequest(host: string, chance: Chance): string {
  const open = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\n${UPGRADE}\r\n`;
  const poll = (query: string, more = ''): string =>
    `GET /socket.io/?${query} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
  return chance.of<() => string>([
    // CVE-2021-32640: a list of protocols that takes long to read.
    () => `${open}${KEY()}\r\nSec-WebSocket-Protocol: a${' '.repeat(10_000)}b\r\n\r\n`,
    // CVE-2024-37890: more headers than are kept.
    () =>
      `${open}${Array.from({ length: 1_500 }, (_, n) => `x${n}: 1`).join('\r\n')}\r\n${KEY()}\r\n\r\n`,
    () => `${open}Sec-WebSocket-Key: x\r\n\r\n`,
    () => `${open}\r\n`,
    () =>
      `${open}${KEY()}\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99; __proto__=1\r\n\r\n`,
    () => poll('EIO=4&transport=websocket'),
    () => poll('EIO=4&transport=__proto__'),
    () => poll('EIO=4&transport=constructor'),
    () => poll('EIO=3&transport=polling'),
    () => poll('EIO=4&EIO=4&transport=polling&transport=polling'),
    () => poll('EIO=4&transport=polling&sid=__proto__'),
    // CVE-2023-31125 and CVE-2022-41940: an upgrade to what is there by no name, and one that breaks off.
    () => poll('EIO=4&transport=websocket&sid=x', `${UPGRADE}\r\n${KEY()}\r\n`),
    () => poll('EIO=4&transport=polling', `${UPGRADE}\r\n${KEY()}\r\n`),
    () => 'POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nContent-Length: 99999999\r\n\r\nx',
    () => 'GET /socket.io/ HTTP/9.9\r\n\r\n',
    () => randomBytes(40).toString('latin1'),
  ])();
}

interface Framed {
  readonly payload: Buffer;
  /** 1 is text. */
  readonly opcode?: number;
  readonly isLast?: boolean;
  readonly isMasked?: boolean;
  readonly reserved?: number;
}

/** RFC 6455, 5.2. */
export function frame(framed: Framed): Buffer {
  const { payload, opcode = 1, isLast = true, isMasked = true, reserved = 0 } = framed;
  const { length } = payload;
  const first = (isLast ? 0x80 : 0) | reserved | opcode;
  const mask = isMasked ? randomBytes(4) : Buffer.alloc(0);
  const bit = isMasked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([first, bit | length])
      : length < 65_536
        ? Buffer.from([first, bit | 126, length >> 8, length & 0xff])
        : Buffer.from([
            first,
            bit | 127,
            0,
            0,
            0,
            0,
            0,
            length >> 16,
            (length >> 8) & 0xff,
            length & 0xff,
          ]);
  const body = isMasked ? payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)) : payload;
  return Buffer.concat([head, mask, body]);
}
