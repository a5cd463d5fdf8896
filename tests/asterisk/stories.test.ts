// Calls that no recording here has: chan_pjsip, Local members, dialplans that go on or hang up, calls that were there before us. One room, so that a story is found by reading down.
import { describe, expect, it } from 'vitest';
import { Message } from '../../server/connectors/asterisk/message.ts';
import { queueCall, tellStory } from '../support/ami-story.ts';
import type { Story } from '../support/ami-story.ts';

const hints = (story: Story, ...extens: readonly string[]): void => {
  for (const exten of extens)
    story.say('ExtensionStatus', { Exten: exten, Hint: `PJSIP/${exten}`, Status: '0' });
};

describe('the end of a wait', () => {
  it('is an abandon only where the customer hung up [AST-30]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101', { Paused: '0' });
    const gone = queueCall(story, 'support', 'PJSIP/101', { answered: false });
    story.told();
    story.at(5_000);
    story.on('HangupRequest', gone.customer);
    story.on('QueueCallerAbandon', gone.customer, { Queue: 'support' });
    story.on('QueueCallerLeave', gone.customer, { Queue: 'support' });
    story.hangup(gone.leg);
    story.hangup(gone.customer, '0');
    expect(story.told()).toEqual(['ended u1 {"by":"customer","outcome":"abandoned"}']);
  });

  it('is a timeout where the dialplan goes on, or hangs up itself at once [AST-30]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    for (const end of ['at once', 'later'] as const) {
      const { customer, leg } = queueCall(story, 'support', 'PJSIP/101', { answered: false });
      story.told();
      story.dialEnd(customer, leg, 'CANCEL');
      story.hangup(leg);
      story.on('QueueCallerAbandon', customer, { Queue: 'support' });
      story.on('QueueCallerLeave', customer, { Queue: 'support' });
      const leftAt = story.events.length;
      if (end === 'later') story.at(10_000);
      story.hangup(customer);
      const told = story.told().map((line) => line.replace(/ u\d+/, ''));
      expect(told).toEqual([
        'dequeued {"why":"timeout"}',
        'ended {"by":"system","outcome":"failed"}',
      ]);
      const dequeued = story.events
        .slice(leftAt)
        .find((event) => event.type === 'contact.dequeued');
      const ended = story.events.at(-1);
      if (end === 'later') expect(ended!.at! - dequeued!.at!).toBe(10_000);
    }
  });

  it('waits for AgentConnect where a phone was picked up, however long a greeting takes [AST-30]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    const { customer, leg } = queueCall(story, 'support', 'PJSIP/101', { answered: false });
    story.dialEnd(customer, leg, 'ANSWER');
    story.on('QueueCallerLeave', customer, { Queue: 'support' });
    story.told();
    story.at(9_000);
    expect(story.told()).toEqual([]);
    story.say('AgentConnect', {
      ...story.fields(customer),
      ...story.fields(leg, 'Dest'),
      Queue: 'support',
      Interface: 'PJSIP/101',
    });
    expect(story.told()).toEqual(['answered u1 {"agent":"101","queue":"support"}']);
  });

  it('is by key where the caller leaves unanswered [AST-30]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    const { customer, leg } = queueCall(story, 'support', 'PJSIP/101', { answered: false });
    story.told();
    story.dialEnd(customer, leg, 'CANCEL');
    story.on('QueueCallerLeave', customer, { Queue: 'support' });
    expect(story.told()).toEqual(['dequeued u1 {"why":"key"}']);
  });
});

describe('an agent', () => {
  it('of a Local interface is known by the phone behind it, with or without StateInterface [AST-31]', () => {
    for (const state of ['PJSIP/107', '']) {
      const story = tellStory();
      story.member('support', 'Local/107@agents/n', { StateInterface: state });
      const customer = story.channel('PJSIP/trunk-1', { number: '5550100', up: true });
      story.on('QueueCallerJoin', customer, { Queue: 'support' });
      const one = story.channel('Local/107@agents-00000001;1', { linked: customer });
      const two = story.channel('Local/107@agents-00000001;2', { linked: customer });
      story.say('AgentCalled', {
        ...story.fields(customer),
        ...story.fields(one, 'Dest'),
        Queue: 'support',
        Interface: 'Local/107@agents/n',
      });
      story.dial(customer, one);
      const phone = story.channel('PJSIP/107-00000002', { linked: customer });
      story.dial(two, phone);
      expect(story.state('107')).toMatchObject({
        state: 'ringing',
        contact: 'x/u1',
        queue: 'support',
      });
      story.dialEnd(two, phone, 'ANSWER');
      story.bridge('inner', phone, two);
      story.dialEnd(customer, one, 'ANSWER');
      story.on('QueueCallerLeave', customer, { Queue: 'support' });
      story.say('AgentConnect', {
        ...story.fields(customer),
        ...story.fields(one, 'Dest'),
        Queue: 'support',
        Interface: 'Local/107@agents/n',
      });
      story.bridge('outer', one, customer);
      story.told();
      story.on('Hold', phone);
      expect(story.told()).toEqual(['held u1 {"agent":"107"}']);
      expect(story.state('107')).toMatchObject({ state: 'holding', contact: 'x/u1' });
      // Parked by the agent: the queue sees nothing of it, and the Local half is what is parked.
      story.say('ParkedCall', { ...story.fields(two, 'Parkee'), ParkingSpace: '701' });
      story.unbridge(two);
      story.on('BridgeEnter', two, { BridgeUniqueid: 'lot', BridgeTechnology: 'holding_bridge' });
      story.hangup(phone);
      expect(story.told()).toEqual(['held u1 {"parked":"701"}']);
      expect(story.state('107')).toMatchObject({ state: 'available' });
      // The next call of the queue is hers, though the first is not complete for it.
      const second = queueCall(story, 'support', 'Local/107@agents/n', { phone: 'PJSIP/107' });
      expect(story.state('107')).toMatchObject({
        state: 'talking',
        contact: `x/${second.customer}`,
      });
      // Somebody fetches the parked one.
      story.told();
      hints(story, '101');
      const fetcher = story.channel('PJSIP/101-9', { exten: '701', up: true });
      story.say('UnParkedCall', {
        ...story.fields(two, 'Parkee'),
        ...story.fields(fetcher, 'Retriever'),
      });
      story.unbridge(two);
      story.bridge('fetched', two, fetcher);
      expect(story.told()).toEqual(['resumed u1 {"agent":"101","parked":"701"}']);
    }
  });

  it('who transfers attended behind a Local pair is free, and the customer is with the other [AST-31]', () => {
    const story = tellStory();
    hints(story, '202');
    story.member('support', 'PJSIP/107');
    const { customer, leg } = queueCall(story, 'support', 'PJSIP/107');
    story.told();
    story.on('Hold', leg);
    const line2 = story.channel('PJSIP/107-00000099', { exten: '202', up: true });
    const boss = story.channel('PJSIP/202-00000001', { linked: line2 });
    story.dial(line2, boss, '202');
    story.dialEnd(line2, boss, 'ANSWER');
    story.bridge('consult', boss, line2);
    expect(story.told()).toEqual([`held ${customer} {"agent":"107"}`]);
    expect(story.state('107')).toMatchObject({ state: 'holding', contact: `x/${customer}` });
    expect(story.state('202')).toMatchObject({ state: 'talking', wish: 'offline' });
    story.on('Unhold', leg);
    story.unbridge(boss);
    story.unbridge(leg);
    story.bridge(`b-${customer}`, boss);
    story.say('AttendedTransfer', { Result: 'Success' });
    story.hangup(leg);
    story.hangup(line2);
    expect(story.told()).toEqual([
      `resumed ${customer} {"agent":"107"}`,
      `transferred ${customer} {"to":{"agent":"202"},"kind":"attended"}`,
      `answered ${customer} {"agent":"202"}`,
    ]);
    expect(story.state('107')).toMatchObject({ state: 'available' });
    story.on('HangupRequest', customer);
    story.hangup(customer);
    expect(story.told()).toEqual([`ended ${customer} {"by":"customer","outcome":"answered"}`]);
  });

  it('leaves a customer who goes on to a survey [AST-31]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    const { customer, leg } = queueCall(story, 'support', 'PJSIP/101');
    story.told();
    story.on('HangupRequest', leg);
    story.unbridge(customer);
    story.hangup(leg);
    const goneAt = story.events.at(-1)!.at;
    story.at(600);
    expect(story.told()).toEqual([`transferred ${customer} {"to":{}}`]);
    expect(story.events.find((event) => event.type === 'contact.transferred')!.at).toBe(goneAt);
    story.at(20_000);
    story.on('HangupRequest', customer);
    story.hangup(customer);
    expect(story.told()).toEqual([`ended ${customer} {"by":"customer","outcome":"answered"}`]);
  });

  it('is reachable or not whatever else is true, by device and by peer [AST-32]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    const { customer, leg } = queueCall(story, 'support', 'PJSIP/101');
    story.say('PeerStatus', { ChannelType: 'PJSIP', Peer: 'PJSIP/101', PeerStatus: 'Unreachable' });
    expect(story.state('101')).toMatchObject({ state: 'talking', reachable: false });
    story.hangup(leg);
    story.hangup(customer);
    story.say('DeviceStateChange', { Device: 'PJSIP/101', State: 'UNAVAILABLE' });
    expect(story.state('101')).toMatchObject({ state: 'available', reachable: false });
    story.say('PeerStatus', { ChannelType: 'PJSIP', Peer: 'PJSIP/101', PeerStatus: 'Reachable' });
    expect(story.state('101')).toMatchObject({ reachable: false });
    story.say('DeviceStateChange', { Device: 'PJSIP/101', State: 'NOT_INUSE' });
    expect(story.state('101')).toMatchObject({ state: 'available', reachable: true });
  });

  it('is on a break in all queues, paused in some, offline in none [AST-32]', () => {
    const story = tellStory({ people: { byDevice: ['PJSIP/2*'], exclude: ['PJSIP/door'] } });
    story.member('a', 'PJSIP/101');
    story.member('b', 'PJSIP/101', { Paused: '1', PausedReason: 'Mail' });
    expect(story.state('101')).toMatchObject({
      state: 'available',
      pausedIn: { b: 'Mail' },
      memberOf: ['a', 'b'],
    });
    story.member('a', 'PJSIP/101', { Paused: '1', PausedReason: 'Lunch' });
    expect(story.state('101')).toMatchObject({
      state: 'break',
      wish: 'break',
      reason: 'Lunch, Mail',
    });
    story.say('QueueMemberRemoved', { Queue: 'a', Interface: 'PJSIP/101', MemberName: 'x' });
    story.say('QueueMemberRemoved', { Queue: 'b', Interface: 'PJSIP/101', MemberName: 'x' });
    expect(story.state('101')).toMatchObject({ state: 'offline', wish: 'offline', memberOf: [] });
    hints(story, '102', '201', 'door');
    expect(story.state('102')).toMatchObject({ state: 'offline' });
    expect(story.state('201')).toMatchObject({ state: 'available', wish: 'available' });
    expect(story.state('door')).toBeUndefined();
    story.say('DeviceStateChange', { Device: 'PJSIP/trunk', State: 'INUSE' });
    story.say('DeviceStateChange', { Device: 'Queue:a', State: 'INUSE' });
    expect(story.events.some((event) => event.subject === 'trunk' || event.subject === 'a')).toBe(
      false,
    );
  });

  it('whose phone rings in vain and one who answers, of several that ring at once [AST-31]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    story.member('support', 'PJSIP/102');
    const { customer, leg } = queueCall(story, 'support', 'PJSIP/101', { answered: false });
    const other = story.channel('PJSIP/102-00000001', { linked: customer });
    story.say('AgentCalled', {
      ...story.fields(customer),
      ...story.fields(other, 'Dest'),
      Queue: 'support',
      Interface: 'PJSIP/102',
    });
    story.dial(customer, other);
    expect([story.state('101'), story.state('102')]).toMatchObject([
      { state: 'ringing' },
      { state: 'ringing' },
    ]);
    story.dialEnd(customer, other, 'ANSWER');
    story.dialEnd(customer, leg, 'CANCEL');
    story.hangup(leg);
    story.on('QueueCallerLeave', customer, { Queue: 'support' });
    story.told();
    story.say('AgentConnect', {
      ...story.fields(customer),
      ...story.fields(other, 'Dest'),
      Queue: 'support',
      Interface: 'PJSIP/102',
    });
    story.bridge('b', other, customer);
    story.at(1_000);
    expect(story.told()).toEqual([`answered ${customer} {"agent":"102","queue":"support"}`]);
    expect([story.state('101'), story.state('102')]).toMatchObject([
      { state: 'available' },
      { state: 'talking' },
    ]);
  });
});

describe('a call without a queue', () => {
  it('out has the clean number, also through a second trunk [AST-33]', () => {
    const story = tellStory({ dialling: { strip: ['9'] } });
    story.member('support', 'PJSIP/101');
    const caller = story.channel('PJSIP/101-1', { exten: '95550171', number: '8000' });
    const first = story.channel('PJSIP/trunk-a-1', { linked: caller });
    story.dial(caller, first, '5550171@trunk-a');
    story.dialEnd(caller, first, 'CONGESTION');
    story.hangup(first);
    const second = story.channel('PJSIP/trunk-b-1', { linked: caller });
    story.dial(caller, second, '95550171@trunk-b');
    expect(story.state('101')).toMatchObject({ state: 'talking', contact: `x/${caller}` });
    story.dialEnd(caller, second, 'ANSWER');
    story.up(caller);
    story.bridge('b', second, caller);
    story.on('HangupRequest', second);
    story.hangup(second);
    story.hangup(caller);
    expect(story.told()).toEqual([
      `started ${caller} {"direction":"outbound","agent":"101","customer":{"address":"5550171"}}`,
      `answered ${caller} {"agent":"101"}`,
      `ended ${caller} {"by":"customer","outcome":"answered"}`,
    ]);
  });

  it('that nobody takes out there has failed when the agent hangs up [AST-33]', () => {
    const story = tellStory();
    story.member('support', 'SIP/101');
    const caller = story.channel('SIP/101-1', { exten: '5550171' });
    const trunk = story.channel('SIP/trunk-1', { linked: caller });
    story.dial(caller, trunk, 'trunk/5550171');
    story.dialEnd(caller, trunk, 'NOANSWER');
    story.hangup(trunk);
    expect(story.told().length).toBe(1);
    story.hangup(caller);
    expect(story.told()).toEqual([`ended ${caller} {"by":"system","outcome":"failed"}`]);
  });

  it('between colleagues makes both talking, and feature codes make no contact [AST-33]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    story.member('support', 'PJSIP/103');
    const code = story.channel('PJSIP/101-0', { exten: '*90', up: true });
    expect(story.state('101')).toMatchObject({ state: 'talking' });
    story.hangup(code);
    expect(story.told()).toEqual([]);
    const caller = story.channel('PJSIP/101-1', { exten: '103', number: '101' });
    const called = story.channel('PJSIP/103-1', { linked: caller });
    story.dial(caller, called);
    expect([story.state('101'), story.state('103')]).toMatchObject([{}, { state: 'ringing' }]);
    story.dialEnd(caller, called, 'ANSWER');
    story.up(caller);
    story.bridge('b', called, caller);
    expect([story.state('101'), story.state('103')]).toMatchObject([
      { state: 'talking' },
      { state: 'talking' },
    ]);
    story.hangup(called);
    story.hangup(caller);
    expect(story.told().map((line) => line.split(' ')[0])).toEqual([
      'started',
      'ringing',
      'answered',
      'ended',
    ]);
  });
});

describe('a snapshot', () => {
  interface Row {
    readonly uniqueid: string;
    readonly channel: string;
    readonly linkedid?: string;
    readonly state?: string;
    readonly bridge?: string;
    readonly more?: Readonly<Record<string, string>>;
  }

  function arrive(
    story: Story,
    rows: readonly Row[],
    events: readonly Readonly<Record<string, string>>[],
  ): Record<string, unknown> {
    const at = 2_000_000;
    story.translator.disconnected();
    story.translator.connected(at);
    const take = (fields: Readonly<Record<string, string>>): void =>
      void story.translator.take(Message.of({ ActionID: '1', ...fields }), at);
    for (const fields of events) take(fields);
    take({ Event: 'QueueStatusComplete' });
    for (const { uniqueid, channel, linkedid, state, bridge, more } of rows)
      take({
        Event: 'CoreShowChannel',
        Channel: channel,
        Uniqueid: uniqueid,
        Linkedid: linkedid ?? uniqueid,
        ChannelState: state ?? '6',
        BridgeId: bridge ?? '',
        CallerIDNum: channel.includes('trunk') ? '5550100' : '',
        ...more,
      });
    take({ Event: 'CoreShowChannelsComplete' });
    const snapshot = story.translator
      .snapshot(at)
      .find((event) => event.type === 'source.snapshot');
    const data = snapshot?.data;
    return {
      ...data,
      contacts: [...(data?.contacts ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  }

  const member = (
    queue: string,
    iface: string,
    status: string,
    inCall = '0',
  ): Record<string, string> => ({
    Event: 'QueueMember',
    Queue: queue,
    Name: iface,
    Location: iface,
    StateInterface: iface,
    Status: status,
    Paused: '0',
    InCall: inCall,
  });

  it('finds calls that were never seen: waiting, talking, on hold, parked, outbound, ringing, between colleagues [AST-34]', () => {
    const story = tellStory();
    const data = arrive(
      story,
      [
        { uniqueid: 'w', channel: 'PJSIP/trunk-1' },
        {
          uniqueid: 't',
          channel: 'PJSIP/trunk-2',
          bridge: 'b1',
          more: { Application: 'Queue', ApplicationData: 'support,,,,90' },
        },
        { uniqueid: 't2', channel: 'PJSIP/101-1', linkedid: 't', bridge: 'b1' },
        { uniqueid: 'h', channel: 'PJSIP/trunk-3', bridge: 'b2' },
        { uniqueid: 'h2', channel: 'PJSIP/102-1', linkedid: 'h', bridge: 'b2' },
        { uniqueid: 'p', channel: 'PJSIP/trunk-4', bridge: 'lot' },
        {
          uniqueid: 'o',
          channel: 'PJSIP/103-1',
          bridge: 'b3',
          more: { Exten: '5550171', ApplicationData: 'PJSIP/5550171@trunk,30' },
        },
        { uniqueid: 'o2', channel: 'PJSIP/trunk-5', linkedid: 'o', bridge: 'b3' },
        { uniqueid: 'r', channel: 'PJSIP/trunk-6', state: '6' },
        { uniqueid: 'r2', channel: 'PJSIP/104-1', linkedid: 'r', state: '5' },
        { uniqueid: 'i', channel: 'PJSIP/105-1', bridge: 'b4' },
        {
          uniqueid: 'i2',
          channel: 'PJSIP/106-1',
          linkedid: 'i',
          bridge: 'b4',
          more: { Application: 'AppDial' },
        },
        { uniqueid: 'x', channel: 'PJSIP/trunk-7' },
      ],
      [
        ...['101', '103', '104', '105', '106'].map((exten) =>
          member('support', `PJSIP/${exten}`, '2'),
        ),
        member('billing', 'PJSIP/102', '8', '1'),
        { Event: 'DeviceStateChange', Device: 'PJSIP/102', State: 'ONHOLD' },
        {
          Event: 'QueueEntry',
          Queue: 'support',
          Channel: 'PJSIP/trunk-1',
          Uniqueid: 'w',
          Wait: '40',
        },
        { Event: 'BridgeListItem', BridgeUniqueid: 'lot', BridgeTechnology: 'holding_bridge' },
        {
          Event: 'ParkedCall',
          ParkeeChannel: 'PJSIP/trunk-4',
          ParkeeUniqueid: 'p',
          ParkeeLinkedid: 'p',
          ParkingSpace: '701',
        },
      ],
    );
    const inbound = { direction: 'inbound', customer: { address: '5550100' } };
    expect(data).toMatchObject({
      contacts: [
        {
          id: 'x/h',
          state: 'held',
          agent: '102',
          queue: 'billing',
          held: { since: 2_000_000, atLeast: true },
          ...inbound,
        },
        { id: 'x/i', state: 'talking', agent: '106', direction: 'internal' },
        {
          id: 'x/o',
          state: 'talking',
          agent: '103',
          direction: 'outbound',
          customer: { address: '5550171' },
        },
        { id: 'x/p', state: 'held', parked: '701', ...inbound },
        { id: 'x/r', state: 'ringing', agent: '104', ...inbound },
        { id: 'x/t', state: 'talking', agent: '101', queue: 'support', ...inbound },
        { id: 'x/w', state: 'waiting', queue: 'support', queuedAt: 1_960_000, ...inbound },
      ],
    });
    const text = JSON.stringify(data);
    expect(text).not.toContain('answeredAt');
    expect((data as { contacts: unknown[] }).contacts.length).toBe(7);
    const states = new Map(
      (data as { agents: { id: string; state: string }[] }).agents.map((agent) => [
        agent.id,
        agent.state,
      ]),
    );
    expect(Object.fromEntries(states)).toEqual({
      101: 'talking',
      102: 'holding',
      103: 'talking',
      104: 'ringing',
      105: 'talking',
      106: 'talking',
    });
  });

  it('keeps the id and the instants of what was known, and lets go of what is no more [AST-34]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    story.member('support', 'PJSIP/102');
    const stays = queueCall(story, 'support', 'PJSIP/101');
    queueCall(story, 'support', 'PJSIP/102');
    const answered = story.events.find((event) => event.type === 'contact.answered')!;
    const data = arrive(
      story,
      [
        { uniqueid: stays.customer, channel: 'PJSIP/trunk-1', bridge: 'b1' },
        { uniqueid: stays.leg, channel: 'PJSIP/101-1', linkedid: stays.customer, bridge: 'b1' },
      ],
      [member('support', 'PJSIP/101', '2', '1')],
    );
    expect(data).toMatchObject({
      contacts: [
        {
          id: `x/${stays.customer}`,
          state: 'talking',
          agent: '101',
          answeredAt: answered.at,
          queuedAt: answered.at! - 3_000,
        },
      ],
      agents: [
        { id: '101', state: 'talking' },
        { id: '102', state: 'offline', memberOf: [] },
      ],
    });
    expect((data as { contacts: unknown[] }).contacts.length).toBe(1);
  });

  it('without the lists ends nothing [AST-34]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    queueCall(story, 'support', 'PJSIP/101');
    story.translator.disconnected();
    story.translator.connected(2_000_000);
    const [snapshot] = story.translator.snapshot(2_000_000);
    expect(Object.keys(snapshot!.data)).toEqual(['at']);
  });
});

describe('a mobile behind a Local channel', () => {
  it('is its agent’s, and the trunk is nobody’s [AST-33]', () => {
    const story = tellStory();
    story.member('support', 'Local/0611111111@out/n', { StateInterface: 'Local/0611111111@out/n' });
    const customer = story.channel('PJSIP/trunk-1', { number: '5550100', up: true });
    story.on('QueueCallerJoin', customer, { Queue: 'support' });
    const one = story.channel('Local/0611111111@out-00000001;1', { linked: customer });
    const two = story.channel('Local/0611111111@out-00000001;2', { linked: customer });
    const queue = { Queue: 'support', Interface: 'Local/0611111111@out/n' };
    story.say('AgentCalled', { ...story.fields(customer), ...story.fields(one, 'Dest'), ...queue });
    story.dial(customer, one);
    const trunk = story.channel('PJSIP/trunk-2', { linked: customer });
    story.dial(two, trunk, '0611111111@trunk');
    expect(story.state('0611111111')).toMatchObject({ state: 'ringing', contact: `x/${customer}` });
    story.dialEnd(two, trunk, 'ANSWER');
    story.bridge('inner', trunk, two);
    story.dialEnd(customer, one, 'ANSWER');
    story.on('QueueCallerLeave', customer, queue);
    story.say('AgentConnect', {
      ...story.fields(customer),
      ...story.fields(one, 'Dest'),
      ...queue,
    });
    story.bridge('outer', one, customer);
    expect(story.state('0611111111')).toMatchObject({ state: 'talking', contact: `x/${customer}` });
    story.on('HangupRequest', trunk);
    story.hangup(trunk);
    story.hangup(two);
    story.hangup(one);
    story.hangup(customer);
    expect(story.state('0611111111')).toMatchObject({ state: 'available' });
    expect(story.told().map((line) => line.split(' ')[0])).toEqual([
      'queued',
      'ringing',
      'answered',
      'ended',
    ]);
    expect(
      new Set(
        story.events.filter((event) => event.type === 'agent.state').map((event) => event.subject),
      ),
    ).toEqual(new Set(['0611111111']));
  });
});
