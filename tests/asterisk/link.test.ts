// The link to the manager port: how it logs in, what it does when the peer hangs, refuses, breaks off, or the log is away. One room, since they are one life of one link.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createAsteriskConnector } from '../../server/connectors/asterisk/connector.ts';
import type { AsteriskConnector } from '../../server/connectors/asterisk/connector.ts';
import { parseAsteriskUrl } from '../../server/connectors/asterisk/link.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { openAmiPeer, turn, turnUntil } from '../support/ami-peer.ts';
import type { AmiPeer, Answer, PeerAction } from '../support/ami-peer.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

const SECRET = 'p@ss: wörd';
const good = ['Response: Success'];

/** A PBX without a call: challenge, login, empty lists. */
function quietPbx(over: Readonly<Record<string, Answer>> = {}): Answer {
  return (action, peer) => {
    const name = action.get('action') ?? '';
    const own = over[name];
    if (own) return own(action, peer);
    switch (name) {
      case 'Challenge':
        return [...good, 'Challenge: 42'];
      case 'Login':
        return login(action, peer);
      case 'Ping':
        return [...good, 'Ping: Pong', 'Timestamp: 1795290670.356837'];
      case 'QueueStatus':
      case 'CoreShowChannels':
        queueMicrotask(() =>
          peer.say(
            `Event: ${name}Complete`,
            `ActionID: ${action.get('actionid') ?? ''}`,
            'EventList: Complete',
            'ListItems: 0',
          ),
        );
        return [...good, 'EventList: start'];
      default:
        return ['Response: Error', 'Message: Permission denied'];
    }
  };
}

function login(action: PeerAction, peer: AmiPeer): readonly string[] {
  const key = createHash('md5').update(`42${SECRET}`).digest('hex');
  if (action.get('key') !== key && action.get('secret') !== SECRET)
    return ['Response: Error', 'Message: Authentication failed'];
  setImmediate(() => peer.say('Event: FullyBooted', 'Status: Fully Booted', 'Uptime: 7'));
  return good;
}

interface Bench {
  readonly peer: AmiPeer;
  readonly clock: ManualClock;
  readonly events: NewEvent[];
  readonly said: string[];
  readonly connector: AsteriskConnector;
  log: 'there' | 'away';
  readonly types: () => string[];
}

const open: Bench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) {
    await bench.connector.stop();
    await bench.peer.close();
  }
});

async function bench(answer: Answer, secret = SECRET): Promise<Bench> {
  const peer = await openAmiPeer(answer);
  const clock = createManualClock();
  const telemetry = createTelemetry();
  const said: string[] = [];
  telemetry.subscribe(({ name, text }) => said.push(`${name}: ${text ?? ''}`));
  const events: NewEvent[] = [];
  const made: Bench = {
    peer,
    clock,
    events,
    said,
    log: 'there',
    types: () => events.map((event) => event.type),
    connector: createAsteriskConnector({
      link: { host: '127.0.0.1', port: peer.port, tls: false, user: 'u', secret, name: 'pbx1' },
      source: 'asterisk/pbx1',
      append(batch) {
        if (made.log === 'away') return Promise.reject(new Error('away'));
        events.push(...batch);
        return Promise.resolve(batch.map((_, index) => `1-${index}`));
      },
      clock,
      telemetry,
      random: () => 0,
    }),
  };
  open.push(made);
  made.connector.start();
  return made;
}

const snapshots = (one: Bench): number =>
  one.types().filter((type) => type === 'source.snapshot').length;

describe('the link', () => {
  it('logs in by challenge, so that the secret does not travel [AST-10]', async () => {
    const seen: PeerAction[] = [];
    const one = await bench(
      quietPbx({
        Login: (action, peer) => {
          seen.push(action);
          return login(action, peer);
        },
      }),
    );
    await turnUntil(() => snapshots(one) === 1);
    expect(seen.map((action) => action.get('secret'))).toEqual([undefined]);
    expect(one.said.join()).not.toContain(SECRET);
  });

  it.each([
    ['refuses', (): readonly string[] => ['Response: Error', 'Message: Invalid/unknown command']],
    ['does not answer', (): null => null],
  ] as const)(
    'logs in with the secret where the peer %s a challenge [AST-10]',
    async (_, Challenge) => {
      const one = await bench(quietPbx({ Challenge }));
      await turnUntil(() => one.peer.actions.includes('Challenge'));
      await turn();
      if (one.peer.actions.length === 1) await one.clock.advance(2_000);
      await turnUntil(() => snapshots(one) === 1);
      expect(one.peer.actions.slice(0, 2)).toEqual(['Challenge', 'Login']);
    },
  );

  it('says once that the secret is wrong, without the secret, and tries again slowly [AST-11]', async () => {
    const one = await bench(quietPbx(), 'wrong');
    await turnUntil(() => one.said.length > 0);
    for (let second = 0; second < 20; second += 1) {
      await one.clock.advance(1_000);
      await turn();
    }
    await turnUntil(() => one.peer.connections >= 2);
    expect(one.peer.connections).toBeLessThanOrEqual(4);
    expect(one.said[0]).toContain('Authentication failed');
    expect(one.said.join()).not.toContain('wrong');
    expect(one.events).toEqual([]);
  });

  it('asks only once the PBX has booted, and again while its queues are not there yet [AST-12]', async () => {
    let booted = false;
    const one = await bench(
      quietPbx({
        Login: () => good,
        QueueStatus: (action, peer) =>
          booted
            ? quietPbx()(action, peer)
            : ['Response: Error', 'Message: Invalid/unknown command'],
      }),
    );
    await turnUntil(() => one.peer.actions.includes('Login'));
    await one.clock.advance(1_000);
    expect(one.peer.actions).toEqual(['Challenge', 'Login']);
    one.peer.say('Event: FullyBooted', 'Status: Fully Booted');
    await turnUntil(() => snapshots(one) === 1);
    const [first] = one.events;
    expect(first?.type === 'source.snapshot' && first.data.agents).toBeUndefined();
    booted = true;
    await one.clock.advance(5_000);
    await turnUntil(() => snapshots(one) === 2);
    const second = one.events.filter((event) => event.type === 'source.snapshot')[1];
    expect(second?.data.agents).toEqual([]);
  });

  it('does not wait for lists that are not answered [AST-12]', async () => {
    const one = await bench(quietPbx({ PJSIPShowEndpoints: () => null, ParkedCalls: () => null }));
    await turnUntil(() => one.peer.actions.includes('CoreShowChannels'));
    await turn();
    await one.clock.advance(200);
    await turnUntil(() => snapshots(one) === 1);
    expect(one.said.join()).toContain('did not answer PJSIPShowEndpoints, ParkedCalls');
  });

  it('beats while the PBX answers, and not when it hangs; then it connects anew [AST-13]', async () => {
    let hangs = false;
    const one = await bench(
      quietPbx({ Ping: (action, peer) => (hangs ? null : quietPbx()(action, peer)) }),
    );
    await turnUntil(() => snapshots(one) === 1);
    for (let beats = 1; beats <= 3; beats += 1) {
      await one.clock.advance(5_000);
      await turnUntil(
        () => one.types().filter((type) => type === 'source.heartbeat').length === beats,
      );
      const pings = one.peer.actions.filter((name) => name === 'Ping').length;
      await turnUntil(() => pings > beats);
    }
    hangs = true;
    const beats = (): number => one.types().filter((type) => type === 'source.heartbeat').length;
    const before = beats();
    const { connections } = one.peer;
    while (one.peer.connections === connections) {
      await one.clock.advance(1_000);
      await turn();
    }
    // The ping before the last one was answered still.
    expect(beats() - before).toBeLessThanOrEqual(1);
    hangs = false;
    await turnUntil(() => snapshots(one) >= 2);
    expect(one.said.filter((line) => line.includes('said nothing'))).not.toEqual([]);
  });

  it('tells everything anew after each break [AST-4]', async () => {
    const one = await bench(quietPbx());
    for (let times = 1; times <= 3; times += 1) {
      await turnUntil(() => snapshots(one) === times);
      one.peer.hangUp();
      const lost = (): number => one.said.filter((line) => line.startsWith('asterisk.lost')).length;
      await turnUntil(() => lost() === times);
      await one.clock.advance(1_000);
    }
  });

  it('keeps nothing for ever while the log is away, and begins with a snapshot when it is back [AST-14]', async () => {
    const one = await bench(quietPbx());
    await turnUntil(() => snapshots(one) === 1);
    one.log = 'away';
    for (let n = 0; n < 6_000; n += 1)
      one.peer.say('Event: PeerStatus', `Peer: SIP/${n}`, 'PeerStatus: Reachable', '');
    for (let n = 0; n < 6_000; n += 1)
      one.peer.say('Event: ExtensionStatus', `Exten: ${n}`, `Hint: SIP/${n}`, 'Status: 0');
    await turnUntil(() => one.said.some((line) => line.startsWith('asterisk.dropped')));
    one.log = 'there';
    const before = one.events.length;
    for (let second = 0; second < 10; second += 1) {
      await one.clock.advance(1_000);
      await turn();
    }
    await turnUntil(() => snapshots(one) === 2);
    expect(one.events[before]?.type).toBe('source.snapshot');
  });

  it('stops at once, also while nobody answers [AST-15]', async () => {
    const one = await bench(() => null);
    await turnUntil(() => one.peer.connections === 1);
    await one.connector.stop();
    const { connections } = one.peer;
    await one.clock.advance(60_000);
    expect(one.peer.connections).toBe(connections);
  });
});

describe('an address', () => {
  it('has a percent-decoded user and secret and a name [AST-16]', () => {
    expect(parseAsteriskUrl('ami://u%40x:s%2Fe@[::1]:5039?name=pbx1')).toEqual({
      kind: 'link',
      link: { host: '::1', port: 5039, tls: false, user: 'u@x', secret: 's/e', name: 'pbx1' },
    });
    expect(parseAsteriskUrl('amis://u:s@pbx.example')).toEqual({
      kind: 'link',
      link: {
        host: 'pbx.example',
        port: 5039,
        tls: true,
        user: 'u',
        secret: 's',
        name: 'pbx.example',
      },
    });
  });

  it.each([
    'http://u:s3cret@pbx',
    'ami://pbx',
    'ami://u:s3cret@pbx?nmae=x',
    'ami://u:s3cret@pbx?name=a%20b',
    'ami://u:s3cret%ff@pbx',
    'nonsense',
  ])('that is wrong gets a sentence without its secret: %s [AST-16]', (text) => {
    const parsed = parseAsteriskUrl(text);
    expect(parsed.kind).toBe('refused');
    if (parsed.kind !== 'refused') return;
    expect(parsed.problem).toMatch(/^Expected .+, got .+\.$/);
    expect(parsed.problem).not.toContain('s3cret');
  });
});
