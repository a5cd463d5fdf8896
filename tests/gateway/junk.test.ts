// Clients that say anything at all: they are shown the door, and nobody else notices.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createChance, seedFor } from '../support/chance.ts';
import type { Chance } from '../support/chance.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { agentRow } from '../support/paper-rows.ts';
import { isLive } from '../support/wire-client.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

interface Peer {
  readonly heard: string[];
  readonly opened: Promise<void>;
  /** Resolves with the first tick. */
  readonly live: Promise<void>;
  readonly closed: Promise<void>;
  send(what: string | Buffer): void;
}

function openPeer(): Peer {
  const socket = new WebSocket(`ws://127.0.0.1:${bench.port}/socket.io/?EIO=4&transport=websocket`);
  const heard: string[] = [];
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  return {
    heard,
    opened: new Promise((resolve) => socket.once('message', () => resolve())),
    live: new Promise((resolve) =>
      socket.on('message', (data: Buffer) => {
        if (data.toString().startsWith('42["tick"')) resolve();
      }),
    ),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
    send: (what) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(what);
    },
  };
}

const ODD_VALUES = [
  'null',
  '{}',
  '[]',
  '"x"',
  '1e999',
  '-1',
  'true',
  '{"epoch":7,"seq":1}',
  '{"epoch":"e","seq":-1}',
  '{"epoch":"e","seq":1.5}',
  '{"__proto__":{"a":1}}',
  '{"constructor":1,"epoch":"e","seq":{}}',
  '{"epoch":"e"',
  `{"epoch":"${'e'.repeat(300)}","seq":1}`,
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
];
const ODD_NAMES = [
  'have',
  'resync',
  'snapshot',
  '__proto__',
  'constructor',
  'disconnect',
  'disconnecting',
  'error',
  'connect',
  'connect_error',
  'newListener',
  'removeListener',
  'toString',
  '',
  'claim',
];

/** One packet that a careful client would never send. */
function junk(chance: Chance): string | Buffer {
  const value = chance.of(ODD_VALUES);
  const name = chance.of(ODD_NAMES);
  switch (chance.below(14)) {
    case 0:
      return `42["${name}",${value}]`;
    case 1:
      return `42["${name}"]`;
    case 2:
      return `42${value}`;
    case 3:
      return `42${chance.below(1e6)}["${name}",${value},${value}]`;
    case 4:
      return `43${chance.below(100)}[${value}]`;
    case 5:
      return `451-["${name}",{"_placeholder":true,"num":${chance.below(3)}}]`;
    case 6:
      return `45${chance.below(1e9)}-["x"]`;
    case 7:
      return `40/other,${value}`;
    case 8:
      return `4${chance.below(10)}/odd,,,${value}`;
    case 9:
      return `${chance.below(10)}${value}`;
    case 10:
      return Buffer.from(Array.from({ length: chance.below(200) }, () => chance.below(256)));
    case 11:
      return `41`;
    case 12:
      return 'b' + 'A'.repeat(chance.below(500));
    default:
      return String.fromCharCode(
        ...Array.from({ length: chance.below(60) }, () => chance.below(0xd7ff)),
      );
  }
}

describe('the gateway', () => {
  it.each([
    ['a have that is none', '42["have",{"epoch":7}]'],
    ['a have of nothing', '42["have"]'],
    ['a message that nobody knows', '42["drop",{}]'],
    ['a packet that is no packet', '42["have",{"epoch"'],
    ['a binary message', '451-["have",{"_placeholder":true,"num":7}]'],
  ])('[GTW-16] refuses %s as malformed, and closes', async (_what, said) => {
    const peer = openPeer();
    await peer.opened;
    peer.send('40{"protocol":1}');
    await peer.live;
    peer.send(said);
    if (said.startsWith('451')) peer.send(Buffer.from([1, 2, 3]));
    await peer.closed;
    expect(peer.heard.at(-1)).toBe('42["refused",{"reason":"malformed"}]');
  });

  it('[GTW-17] refuses who speaks more than 20 times in a second', async () => {
    const peer = openPeer();
    await peer.opened;
    peer.send('40{"protocol":1}');
    await peer.live;
    for (let n = 0; n < 40; n++) peer.send('42["have",{"epoch":"e","seq":0}]');
    await peer.closed;
    expect(peer.heard.at(-1)).toBe('42["refused",{"reason":"rate"}]');
  });

  it('[GTW-16] closes a message of more than 64 KB', async () => {
    const peer = openPeer();
    await peer.opened;
    peer.send('40{"protocol":1}');
    await peer.live;
    peer.send(`42["have",{"epoch":"${'e'.repeat(70_000)}","seq":0}]`);
    await peer.closed;
  });

  it('[GTW-18] survives 10,000 packets of junk, and serves the others beside them', async () => {
    const chance = createChance(seedFor('junk'));
    const healthy = bench.open();
    await healthy.until(isLive);
    let sent = 0;
    while (sent < 10_000) {
      const peers = Array.from({ length: 20 }, () => openPeer());
      await Promise.all(peers.map(({ opened }) => opened));
      for (const peer of peers) {
        if (chance.below(4) > 0) {
          peer.send('40{"protocol":1}');
          await peer.live;
        }
        for (let n = 0; n < 50; n++) {
          peer.send(junk(chance));
          sent += 1;
        }
      }
      await Promise.all(peers.map(({ closed }) => closed));
    }
    bench.floor.put('agents', agentRow('charles'));
    bench.tell();
    await healthy.until(({ tables }) => tables.agents.has('charles'));
    expect(healthy.refused).toBeNull();
    expect(healthy.misfits).toBe(0);
  });

  it('[GTW-18] survives junk by polling', async () => {
    const chance = createChance(seedFor('junk by polling'));
    const at = `${bench.url}/socket.io/?EIO=4&transport=polling`;
    for (let n = 0; n < 60; n++) {
      const opened = await fetch(at);
      const { sid } = JSON.parse((await opened.text()).slice(1)) as { readonly sid: string };
      const body = Array.from({ length: 6 }, () => junk(chance).toString()).join('\u001e');
      const posted = await fetch(`${at}&sid=${sid}`, { method: 'POST', body });
      expect([200, 400, 413]).toContain(posted.status);
      await posted.text();
      const odd = await fetch(`${at}&sid=${chance.of(['__proto__', 'x', '%', sid + 'y'])}`);
      expect(odd.status).toBe(400);
    }
    const healthy = bench.open();
    await healthy.until(isLive);
  });
});
