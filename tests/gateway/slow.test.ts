// Readers that do not keep up: they are sent nothing more, cost little, and come back whole.
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import type { GatewayOptions } from '../../server/gateway/options.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { agentRow } from '../support/paper-rows.ts';
import { openRawWebsocket } from '../support/raw-websocket.ts';
import { isLive } from '../support/wire-client.ts';

const DESK = { ...DEFAULT_BOARD, id: 'desk', audience: 'desk' as const };
const ASKED = { protocol: 1, board: 'desk' };

let bench: Bench;
let clock: ManualClock;
afterEach(() => bench.close());

async function open(limits: GatewayOptions['limits'] = {}): Promise<void> {
  clock = createManualClock();
  bench = await openBench({ clock, limits });
  bench.floor.put('boards', DESK);
  bench.tell();
}

/** One delta of so many rows. */
async function change(rows: number, since: number): Promise<void> {
  for (let n = 0; n < rows; n++) bench.floor.put('agents', agentRow(`agent-${n}`, { since }));
  bench.tell();
  await clock.advance(50);
}

function sent(what: string): number[] {
  return bench.happenings
    .filter(({ name, fields }) => name === 'gateway.sent' && fields?.what === what)
    .map(({ fields }) => Number(fields?.sockets));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a slow reader', () => {
  it('[GTW-13] with two deltas unacknowledged past a tick gets nothing until its next word, then what it missed', async () => {
    await open();
    const client = bench.open({ auth: ASKED, isMute: true });
    const healthy = bench.open({ auth: ASKED });
    await Promise.all([client.until(isLive), healthy.until(isLive)]);
    await change(1, 1);
    await change(1, 2);
    await clock.advance(1_000);
    await Promise.all(
      [client, healthy].map((each) => each.until(({ ticks }) => ticks.length === 2)),
    );
    // The deltas were there before the tick; now a whole tick has passed without an answer.
    await until(() => healthy.ticks.length === 2);
    await clock.advance(1_000);
    await change(1, 3);
    await change(1, 4);
    await healthy.until(({ position }) => position?.seq === 4);
    expect(client.said).toEqual(['snapshot 0', 'tick 0', 'delta 0 1', 'delta 1 2', 'tick 2']);
    expect(sent('delta')).toEqual([2, 2, 1, 1]);
    client.isMute = false;
    client.socket.emit('have', client.position);
    await client.until(({ position }) => position?.seq === 4);
    expect(client.said.slice(5)).toEqual(['delta 2 4', 'tick 4']);
    await change(1, 5);
    await client.until(({ position }) => position?.seq === 5);
    expect(client.tables).toEqual(healthy.tables);
  });

  it('[GTW-13] whose old word comes after it was held is not sent anew what is on its way', async () => {
    await open();
    const client = bench.open({ auth: ASKED, isMute: true });
    await client.until(isLive);
    const had = client.position;
    await change(1, 1);
    await change(1, 2);
    await clock.advance(1_000);
    await client.until(({ ticks }) => ticks.length === 2);
    await clock.advance(1_000);
    await change(1, 3);
    client.socket.emit('have', had);
    await client.until(({ position }) => position?.seq === 3);
    expect(client.misfits).toBe(0);
    expect(client.said.slice(4, 6)).toEqual(['tick 2', 'delta 2 3']);
  });

  it('[GTW-13] with one delta on its way is none', async () => {
    await open();
    const client = bench.open({ auth: ASKED, isMute: true });
    await client.until(isLive);
    await change(1, 1);
    for (let n = 0; n < 5; n++) await clock.advance(1_000);
    await client.until(({ ticks }) => ticks.length === 6);
  });

  it('[GTW-14] without a word for 10 s is closed as slow', async () => {
    await open();
    const client = bench.open({ auth: ASKED, isMute: true });
    const healthy = bench.open({ auth: ASKED });
    await Promise.all([client.until(isLive), healthy.until(isLive)]);
    for (let n = 1; n <= 11; n++) {
      expect(client.refused).toBeNull();
      await clock.advance(1_000);
      await healthy.until(({ ticks }) => ticks.length === n + 1);
    }
    await client.until(({ refused }) => refused !== null);
    expect(client.refused).toBe('slow');
    await client.until(({ socket }) => !socket.connected);
    expect(healthy.refused).toBeNull();
  });

  it('[GTW-15] that stops reading is sent no more than 256 KB beyond what its machine takes, and its line is cut', async () => {
    // The clock of this test is faster than the wire, so a second's words may come at once.
    await open({ packetsPerSecond: 1_000 });
    const raw = await openRawWebsocket(bench.port, ASKED);
    await until(() => sent('snapshot').length === 1);
    const bytes = (): number => bench.sum('gateway.sent', 'bytes');
    const isHeld = (): boolean => bench.happenings.some(({ name }) => name === 'gateway.held');
    let changes = 0;
    while (!isHeld() && changes < 1_000) await change(200, ++changes);
    expect(isHeld()).toBe(true);
    const taken = bytes();
    for (let n = 0; n < 100; n++) await change(200, ++changes);
    expect(bytes()).toBe(taken);
    // It goes on talking without reading: what its machine takes meanwhile is bounded, and so is the rest.
    for (let n = 0; n < 400; n++) {
      raw.say('42["have",{"epoch":"e","seq":0}]');
      await change(200, ++changes);
      await clock.advance(50);
    }
    const offered = 50_000 * changes;
    console.info(`a peer that stopped reading was sent ${bytes()} bytes of about ${offered}`);
    expect(bytes()).toBeLessThan(offered / 2);
    expect(bytes()).toBeLessThan(taken + 8_000_000);
    await clock.advance(11_000);
    expect(bench.happenings.some(({ name }) => name === 'gateway.slow')).toBe(true);
    await clock.advance(2_000);
    raw.tcp.resume();
    await raw.closed;
  });
});
