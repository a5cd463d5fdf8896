// Whose phone is whose: members, pauses, devices, and who is an agent at all. One room, since each of them is known by the others.
import { isId } from '../../contract/ids.ts';
import type { Message } from './message.ts';
import { extensionOf, hintDevices, interfaceDevice, isPhone } from './names.ts';
import { createGlob } from './table.ts';
import type { AsteriskTable } from './table.ts';

export interface Membership {
  readonly queue: string;
  readonly paused: boolean;
  readonly reason: string;
  readonly inCall: boolean;
  /** Seconds since 1970 on the PBX's clock, 0 where never. */
  readonly lastPause: number;
  readonly generation: number;
}

export interface Person {
  readonly id: string;
  /** MemberName as the queue says it; empty for who never was a member. */
  name: string;
  readonly devices: Set<string>;
  /** By queue. */
  readonly memberships: Map<string, Membership>;
  /** True for who is in no queue and free whenever the phone is. */
  readonly byDevice: boolean;
}

export interface Device {
  /** As DeviceStateChange names it; empty where not known. */
  state: string;
  /** Since when, by the instant of the message. */
  changedAt: number;
  /** True while only PeerStatus says that the phone cannot be reached. */
  down: boolean;
}

export interface People {
  /** The person of a channel's device; undefined for trunks and whoever else is outside. */
  ofDevice(device: string): Person | undefined;
  /** The person whom a queue calls by this interface. */
  ofInterface(name: string): Person | undefined;
  /** The person whom a dialplan or a table names: an id, a device, an extension, an interface. */
  named(name: string): Person | undefined;
  /** Says that a Local interface rings this device, for members without StateInterface. */
  link(local: string, device: string): void;
  all(): IterableIterator<Person>;
  device(name: string): Device | undefined;
  /** A call of the device is over; the device says so itself in the same moment. */
  letGo(device: string, at: number): void;
  /** Takes in what a message says of members, devices, peers and hints; who may look different now. */
  take(message: Message, at: number, generation: number): readonly Person[];
  /** True if the queue has no member, or nobody who could take a call since `since` or later. */
  hasEmptied(queue: string, since: number): boolean;
  /** Drops memberships that a whole list did not name. */
  forgetBefore(generation: number): void;
}

/** Status of a member to DeviceStateChange's words. */
const STATUS = [
  'UNKNOWN',
  'NOT_INUSE',
  'INUSE',
  'BUSY',
  'INVALID',
  'UNAVAILABLE',
  'RINGING',
  'RINGINUSE',
  'ONHOLD',
] as const;

/** ExtensionStatus counts otherwise. */
const EXTENSION: Readonly<Record<string, string>> = {
  0: 'NOT_INUSE',
  1: 'INUSE',
  2: 'BUSY',
  4: 'UNAVAILABLE',
  8: 'RINGING',
  9: 'RINGINUSE',
  16: 'ONHOLD',
};

export function createPeople(table: AsteriskTable): People {
  const people = new Map<string, Person>();
  const byDeviceName = new Map<string, Person>();
  /** Interfaces that are no phone's own name: `Local/107@agents` to a person. */
  const byInterface = new Map<string, Person>();
  const byExtension = new Map<string, Person>();
  const devices = new Map<string, Device>();
  const members = new Map<string, Set<Person>>();
  /** Since when a queue has nobody who could take a call. */
  const empty = new Map<string, number>();
  const includes = createGlob([...table.people.include, ...table.people.byDevice]);
  const excludes = createGlob(table.people.exclude);
  const freeByDevice = createGlob(table.people.byDevice);

  function person(device: string, name: string): Person | undefined {
    const known = byDeviceName.get(device);
    if (known) return known;
    const plain = `${table.people.prefix}${extensionOf(device)}`;
    const taken = people.get(plain);
    // Two technologies with one extension are one person's two phones, unless they bear two names.
    const id =
      taken && name !== '' && taken.name !== '' && taken.name !== name
        ? `${table.people.prefix}${device}`
        : plain;
    if (!isId(id)) return undefined;
    const found: Person = people.get(id) ?? {
      id,
      name: '',
      devices: new Set(),
      memberships: new Map(),
      byDevice: freeByDevice(device),
    };
    people.set(id, found);
    found.devices.add(device);
    byDeviceName.set(device, found);
    return found;
  }

  function ofDevice(device: string): Person | undefined {
    const known = byDeviceName.get(device);
    if (known) return known;
    return isPhone(device) && includes(device) && !excludes(device)
      ? person(device, '')
      : undefined;
  }

  /** Looks whether a queue has become, or is no longer, without anybody. Counts its members only. */
  function judge(queue: string, at: number): void {
    for (const found of members.get(queue) ?? [])
      if (found.memberships.get(queue)?.paused === false && isReachable(found, devices)) {
        empty.delete(queue);
        return;
      }
    if (!empty.has(queue)) empty.set(queue, at);
  }

  function setDevice(name: string, state: string, at: number): void {
    const device = devices.get(name);
    if (!device) devices.set(name, { state, changedAt: at, down: false });
    else if (device.state !== state) {
      device.state = state;
      device.changedAt = at;
    }
  }

  function setDown(name: string, down: boolean, at: number): void {
    const device = devices.get(name);
    if (device) device.down = down;
    else devices.set(name, { state: '', changedAt: at, down });
  }

  /** `QueueMember` says Name and Location where the events say MemberName and Interface. */
  function member(message: Message, at: number, generation: number): readonly Person[] {
    const queue = message.text('Queue');
    const name = message.known('MemberName') || message.known('Name');
    const iface = message.text('Interface') || message.text('Location');
    const state = message.text('StateInterface');
    if (!isId(queue) || iface === '') return [];
    const device = isPhone(state) ? state : interfaceDevice(iface);
    const found = byInterface.get(interfaceDevice(iface)) ?? person(device, name);
    if (!found) return [];
    byInterface.set(interfaceDevice(iface), found);
    // A queue may call its members otherwise than another does; the first name stays while there are several.
    const isOnly = found.memberships.size === 0 || [...found.memberships.keys()].join() === queue;
    if (name !== '' && name !== iface && (found.name === '' || isOnly))
      found.name = unescaped(name);
    const status = STATUS[message.number('Status') ?? -1];
    if (status !== undefined) setDevice(device, status, at);
    if (message.event === 'QueueMemberRemoved') {
      found.memberships.delete(queue);
      members.get(queue)?.delete(found);
    } else {
      const others = members.get(queue);
      if (others) others.add(found);
      else members.set(queue, new Set([found]));
      found.memberships.set(queue, {
        queue,
        paused: message.flag('Paused'),
        reason: message.flag('Paused') ? message.known('PausedReason') : '',
        inCall: message.flag('InCall'),
        lastPause: message.number('LastPause') ?? 0,
        generation,
      });
    }
    judge(queue, at);
    return [found];
  }

  function deviceState(name: string, state: string, at: number): readonly Person[] {
    if (!isPhone(name)) return [];
    setDevice(name, state, at);
    return one(ofDevice(name));
  }

  function hint(message: Message, at: number): readonly Person[] {
    const named = hintDevices(message.text('Hint'));
    const device = named[0];
    if (device === undefined || named.length > 1 || excludes(device)) return [];
    const found = table.people.hints ? person(device, '') : ofDevice(device);
    if (!found) return [];
    byExtension.set(message.text('Exten'), found);
    const state = EXTENSION[message.text('Status')];
    // The device's own events are fresher; a hint only fills in what a list leaves out.
    if (state !== undefined && (message.actionId !== '' || !devices.get(device)?.state))
      setDevice(device, state, at);
    return [found];
  }

  function peer(name: string, status: string, at: number): readonly Person[] {
    if (/^(unreachable|unregistered)/i.test(status)) setDown(name, true, at);
    else if (/^(registered|reachable|lagged|ok|unmonitored)/i.test(status))
      setDown(name, false, at);
    return one(ofDevice(name));
  }

  return {
    ofDevice,
    ofInterface: (name) =>
      byInterface.get(interfaceDevice(name)) ?? ofDevice(interfaceDevice(name)),
    named: (name) =>
      people.get(name) ??
      byInterface.get(interfaceDevice(name)) ??
      ofDevice(name) ??
      byExtension.get(name) ??
      people.get(`${table.people.prefix}${extensionOf(interfaceDevice(name))}`),
    link(local, device) {
      const found = byInterface.get(local);
      // What it rings may as well be a trunk, to an agent's mobile: a phone bears the same extension.
      const isSame = extensionOf(device) === extensionOf(local);
      if (!found || !isSame || byDeviceName.has(device) || !isPhone(device)) return;
      found.devices.add(device);
      byDeviceName.set(device, found);
    },
    all: () => people.values(),
    device: (name) => devices.get(name),
    letGo(name, at) {
      const device = devices.get(name);
      if (device) device.changedAt = at;
    },
    take(message, at, generation) {
      switch (message.event) {
        case 'QueueMember':
        case 'QueueMemberStatus':
        case 'QueueMemberAdded':
        case 'QueueMemberRemoved':
        case 'QueueMemberPause':
        case 'QueueMemberPenalty':
        case 'QueueMemberRinginuse':
          return member(message, at, generation);
        case 'DeviceStateChange':
          return deviceState(message.text('Device'), message.text('State'), at);
        case 'ExtensionStatus':
          return hint(message, at);
        case 'PeerStatus':
          return peer(message.text('Peer'), message.text('PeerStatus'), at);
        case 'PeerEntry':
          return peer(
            `${message.text('Channeltype')}/${message.text('ObjectName')}`,
            message.text('Status'),
            at,
          );
        case 'EndpointList':
          return deviceState(
            `PJSIP/${message.text('ObjectName')}`,
            message
              .text('DeviceState')
              .toUpperCase()
              .replace(/^NOT IN USE$/, 'NOT_INUSE')
              .replace(/\s/g, ''),
            at,
          );
        default:
          return [];
      }
    },
    hasEmptied: (queue, since) =>
      (members.get(queue)?.size ?? 0) === 0 || (empty.get(queue) ?? Number.NaN) >= since,
    forgetBefore(generation) {
      for (const found of people.values())
        for (const [queue, membership] of found.memberships)
          if (membership.generation < generation) {
            found.memberships.delete(queue);
            members.get(queue)?.delete(found);
          }
    },
  };
}

/** True unless every phone of the person is known to be away. */
export function isReachable(
  person: Person,
  devices: { get(name: string): Device | undefined },
): boolean {
  let known = 0;
  for (const name of person.devices) {
    const device = devices.get(name);
    if (!device) return true;
    if (!device.down && device.state !== 'UNAVAILABLE' && device.state !== 'INVALID') return true;
    known += 1;
  }
  return known === 0;
}

/** sip.conf's names arrive with a backslash before quotes. */
export function unescaped(name: string): string {
  return name.replace(/\\(['"\\])/g, '$1');
}

function one(person: Person | undefined): readonly Person[] {
  return person ? [person] : [];
}
