// Calls on a made-up PBX, step by step: each step is the messages that Asterisk sends for it, in their order.
import { Message } from '../../server/connectors/asterisk/message.ts';
import { parseAsteriskTable } from '../../server/connectors/asterisk/table.ts';
import { createTranslator } from '../../server/connectors/asterisk/translator.ts';
import type { Translator } from '../../server/connectors/asterisk/translator.ts';
import type { NewEvent } from '../../server/events/event.ts';

type Fields = Readonly<Record<string, string | readonly string[]>>;

interface StoryChannel {
  readonly name: string;
  readonly uniqueid: string;
  linkedid: string;
  state: number;
  readonly number: string;
  exten: string;
  bridge: string;
}

export interface Story {
  readonly events: readonly NewEvent[];
  readonly translator: Translator;
  /** Types, subjects and data since the last call, contacts only, in one line each. */
  told(): string[];
  /** The last `agent.state` of an agent. */
  state(agent: string): unknown;
  at(ms: number): void;
  say(event: string, fields?: Fields): void;
  member(queue: string, iface: string, more?: Fields): void;
  channel(
    name: string,
    more?: { number?: string; linked?: string; exten?: string; up?: boolean },
  ): string;
  up(id: string): void;
  bridge(bridge: string, ...ids: readonly string[]): void;
  unbridge(id: string): void;
  on(event: string, id: string, more?: Fields): void;
  dial(from: string, to: string, dialString?: string): void;
  dialEnd(from: string, to: string, status: string): void;
  hangup(id: string, cause?: string): void;
  fields(id: string, prefix?: string): Record<string, string>;
}

export function tellStory(table: unknown = {}): Story {
  const parsed = parseAsteriskTable(table);
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join(' '));
  const translator = createTranslator({ source: 'asterisk/x', name: 'x', table: parsed.table });
  const channels = new Map<string, StoryChannel>();
  const events: NewEvent[] = [];
  let now = 1_000_000;
  let made = 0;
  let seen = 0;
  const keep = (list: readonly NewEvent[]): void => void events.push(...list);
  keep(translator.connected(now));
  keep(translator.snapshot(now));

  const get = (id: string): StoryChannel => channels.get(id)!;
  function fields(id: string, prefix = ''): Record<string, string> {
    const { name, uniqueid, linkedid, state, number, exten } = get(id);
    return {
      [`${prefix}Channel`]: name,
      [`${prefix}ChannelState`]: String(state),
      [`${prefix}CallerIDNum`]: number,
      [`${prefix}CallerIDName`]: '<unknown>',
      [`${prefix}Exten`]: exten,
      [`${prefix}Uniqueid`]: uniqueid,
      [`${prefix}Linkedid`]: linkedid,
    };
  }
  const say = (event: string, more: Fields = {}): void =>
    keep(translator.take(Message.of({ Event: event, ...more }), now));
  const on = (event: string, id: string, more: Fields = {}): void =>
    say(event, { ...fields(id), ...more });

  const story: Story = {
    events,
    translator,
    say,
    on,
    fields,
    told() {
      const fresh = events.slice(seen).filter((event) => !/^(agent|source)\./.test(event.type));
      seen = events.length;
      return fresh.map(
        ({ type, subject, data }) =>
          `${type.replace('contact.', '')} ${subject.replace(/^x\//, '')} ${JSON.stringify(data)}`,
      );
    },
    state(agent) {
      const last = events
        .filter((event) => event.type === 'agent.state' && event.subject === agent)
        .at(-1);
      return last?.data;
    },
    at(ms) {
      now += ms;
      keep(translator.pass(now));
    },
    member(queue, iface, more = {}) {
      say('QueueMemberAdded', {
        Queue: queue,
        MemberName: `Name of ${iface}`,
        Interface: iface,
        StateInterface: iface,
        Status: '1',
        Paused: '0',
        ...more,
      });
    },
    channel(name, { number = '', linked, exten = 's', up = false } = {}) {
      made += 1;
      const uniqueid = `u${made}`;
      const linkedid = linked === undefined ? uniqueid : get(linked).linkedid;
      channels.set(uniqueid, { name, uniqueid, linkedid, state: 0, number, exten, bridge: '' });
      on('Newchannel', uniqueid);
      if (linked === undefined) {
        get(uniqueid).state = 4;
        on('Newstate', uniqueid);
      }
      if (up) story.up(uniqueid);
      return uniqueid;
    },
    up(id) {
      get(id).state = 6;
      on('Newstate', id);
    },
    bridge(bridge, ...ids) {
      for (const id of ids) {
        get(id).bridge = bridge;
        on('BridgeEnter', id, { BridgeUniqueid: bridge });
      }
    },
    unbridge(id) {
      const channel = get(id);
      if (channel.bridge !== '') on('BridgeLeave', id, { BridgeUniqueid: channel.bridge });
      channel.bridge = '';
    },
    dial(from, to, dialString = '') {
      say('DialBegin', { ...fields(from), ...fields(to, 'Dest'), DialString: dialString });
      get(to).state = 5;
      on('Newstate', to);
    },
    dialEnd(from, to, status) {
      if (status === 'ANSWER') story.up(to);
      say('DialEnd', { ...fields(from), ...fields(to, 'Dest'), DialStatus: status });
    },
    hangup(id, cause = '16') {
      story.unbridge(id);
      on('Hangup', id, { Cause: cause });
      channels.delete(id);
    },
  };
  return story;
}

/** A customer joins a queue, a member's phone rings, and is answered or not. */
export function queueCall(
  story: Story,
  queue: string,
  iface: string,
  options: { readonly answered?: boolean; readonly phone?: string; readonly trunk?: string } = {},
): { readonly customer: string; readonly leg: string } {
  const customer = story.channel(`${options.trunk ?? 'PJSIP/trunk'}-${story.events.length}`, {
    number: '5550100',
    up: true,
  });
  story.on('QueueCallerJoin', customer, { Queue: queue, Position: '1' });
  const leg = story.channel(`${options.phone ?? iface}-0${story.events.length}`, {
    linked: customer,
  });
  story.say('AgentCalled', {
    ...story.fields(customer),
    ...story.fields(leg, 'Dest'),
    Queue: queue,
    Interface: iface,
  });
  story.dial(customer, leg);
  if (options.answered !== false) {
    story.at(3_000);
    story.dialEnd(customer, leg, 'ANSWER');
    story.on('QueueCallerLeave', customer, { Queue: queue });
    story.say('AgentConnect', {
      ...story.fields(customer),
      ...story.fields(leg, 'Dest'),
      Queue: queue,
      Interface: iface,
      HoldTime: '3',
    });
    story.bridge(`b-${customer}`, leg, customer);
  }
  return { customer, leg };
}
