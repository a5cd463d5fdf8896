// A made-up PBX with one queue and people who wait in it: tells who joins and leaves to whoever listens, and who is there to whoever asks.
import { openAmiPeer } from '../support/ami-peer.ts';
import type { AmiPeer, PeerAction } from '../support/ami-peer.ts';

export const QUEUE = 'billing';

export interface WaitingRoom {
  readonly port: number;
  /** Contacts' ids are `NAME/UNIQUEID`, as Pharos calls the PBX. */
  join(uniqueid: string): void;
  hangUp(uniqueid: string): void;
  close(): Promise<void>;
}

export async function openWaitingRoom(): Promise<WaitingRoom> {
  /** When each joined, by Uniqueid, in order. */
  const waiting = new Map<string, number>();

  function list(action: PeerAction, peer: AmiPeer, events: readonly (readonly string[])[]): void {
    const id = `ActionID: ${action.get('actionid') ?? ''}`;
    const name = action.get('action') ?? '';
    queueMicrotask(() => {
      for (const event of events) peer.say(...event, id);
      peer.say(`Event: ${name}Complete`, id, 'EventList: Complete', `ListItems: ${events.length}`);
    });
  }

  const peer = await openAmiPeer((action, to) => {
    switch (action.get('action')) {
      case 'Login':
        setImmediate(() => to.say('Event: FullyBooted', 'Status: Fully Booted', 'Uptime: 7'));
        return ['Response: Success'];
      case 'Ping':
        return ['Response: Success', 'Ping: Pong', `Timestamp: ${Date.now() / 1_000}`];
      case 'QueueStatus':
        list(action, to, [
          ['Event: QueueParams', `Queue: ${QUEUE}`, `Calls: ${waiting.size}`],
          ...[...waiting].map(([uniqueid, joinedAt], index) => [
            ...['Event: QueueEntry', `Queue: ${QUEUE}`, `Position: ${index + 1}`],
            ...channel(uniqueid),
            `Wait: ${Math.floor((Date.now() - joinedAt) / 1_000)}`,
          ]),
        ]);
        return ['Response: Success', 'EventList: start'];
      case 'CoreShowChannels':
        list(
          action,
          to,
          [...waiting.keys()].map((uniqueid) => [
            'Event: CoreShowChannel',
            ...channel(uniqueid),
            ...['Application: Queue', `ApplicationData: ${QUEUE}`, 'Duration: 00:00:01'],
          ]),
        );
        return ['Response: Success', 'EventList: start'];
      default:
        return ['Response: Error', 'Message: Permission denied'];
    }
  });

  return {
    port: peer.port,
    join(uniqueid) {
      waiting.set(uniqueid, Date.now());
      peer.say('Event: Newchannel', ...channel(uniqueid));
      peer.say('Event: Newstate', ...channel(uniqueid));
      const place = [`Queue: ${QUEUE}`, `Position: ${waiting.size}`, `Count: ${waiting.size}`];
      peer.say('Event: QueueCallerJoin', ...channel(uniqueid), ...place);
    },
    hangUp(uniqueid) {
      waiting.delete(uniqueid);
      // Who hangs up says so first; else the queue would have given up.
      peer.say('Event: HangupRequest', ...channel(uniqueid));
      peer.say('Event: QueueCallerAbandon', ...channel(uniqueid), `Queue: ${QUEUE}`);
      peer.say('Event: QueueCallerLeave', ...channel(uniqueid), `Queue: ${QUEUE}`);
      peer.say('Event: Hangup', ...channel(uniqueid), 'Cause: 16');
    },
    close: () => peer.close(),
  };
}

function channel(uniqueid: string): readonly string[] {
  return [
    `Channel: SIP/trunk-${uniqueid.replace('.', '')}`,
    ...['ChannelState: 6', 'ChannelStateDesc: Up'],
    ...['CallerIDNum: 5550100', 'CallerIDName: <unknown>', 'Exten: s', 'Context: in'],
    ...[`Uniqueid: ${uniqueid}`, `Linkedid: ${uniqueid}`],
  ];
}
