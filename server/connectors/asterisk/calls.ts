// The PBX's channels and how they hang together now: bridges, Local pairs, open dials. Knows nothing of queues or people.
import { deviceOf, localHalf } from './names.ts';
import type { LocalHalf } from './names.ts';
import type { Message } from './message.ts';

/** Values of ChannelState. */
export const DOWN = 0;
export const RINGING = 5;
export const UP = 6;

export interface Channel {
  readonly uniqueid: string;
  name: string;
  device: string;
  local: LocalHalf | null;
  linkedid: string;
  state: number;
  /** The caller's number and name, empty where not known. */
  number: string;
  callerName: string;
  exten: string;
  /** The application that it runs, known from a snapshot only. */
  application: string;
  applicationData: string;
  vars: ReadonlyMap<string, string>;
  bridge: string | null;
  /** Who dials it, or dialled it and has it in the bridge into which it went. */
  dialledBy: string | null;
  /** True if it was made by a dial, so that its ringing is a phone's. */
  dialled: boolean;
  /** When its own phone put the other side on hold. */
  heldAt: number | null;
  /** True if that hold began before `heldAt`, nobody knows when. */
  heldAtLeast: boolean;
  /** The slot in which it is parked. */
  parked: string | null;
  /** True once its far end has asked to hang up. */
  leaving: boolean;
  /** The connection in which it was last heard of. */
  generation: number;
}

export interface Calls {
  get(uniqueid: string): Channel | undefined;
  all(): IterableIterator<Channel>;
  ofDevice(device: string): readonly Channel[];
  /** Makes or renews a channel from the keys with this prefix (`Dest`, `Parkee`, …); undefined where there are none. */
  learn(message: Message, prefix: string, generation: number): Channel | undefined;
  rename(channel: Channel, name: string): void;
  remove(uniqueid: string): void;
  enter(channel: Channel, bridge: string, swapped: string): void;
  leave(channel: Channel): void;
  /** Bridges in which channels wait beside each other without hearing one another: parking. */
  markHolding(bridge: string): void;
  /** Whoever hears `channel` now, through bridges and Local pairs, `channel` first. */
  hearing(channel: Channel): readonly Channel[];
  /** As `hearing`, and through dials that ring. */
  connected(channel: Channel): readonly Channel[];
  /** Drops what a whole list of channels did not name. */
  forgetBefore(generation: number): void;
}

/** A PBX of this size has other troubles; beyond it the oldest channels are forgotten. */
const CHANNELS_MAX = 50_000;

export function createCalls(): Calls {
  const channels = new Map<string, Channel>();
  const byDevice = new Map<string, Set<Channel>>();
  const byPair = new Map<string, Set<Channel>>();
  const byBridge = new Map<string, Set<Channel>>();
  const byDialler = new Map<string, Set<Channel>>();
  const holding = new Set<string>();

  function rename(channel: Channel, name: string): void {
    drop(byDevice, channel.device, channel);
    if (channel.local) drop(byPair, channel.local.pair, channel);
    channel.name = name;
    channel.device = deviceOf(name);
    channel.local = localHalf(name);
    put(byDevice, channel.device, channel);
    if (channel.local) put(byPair, channel.local.pair, channel);
  }

  function leave(channel: Channel): void {
    if (channel.bridge === null) return;
    drop(byBridge, channel.bridge, channel);
    if (!byBridge.has(channel.bridge)) holding.delete(channel.bridge);
    channel.bridge = null;
    channel.dialledBy = null;
  }

  function dial(channel: Channel, by: string | null): void {
    if (channel.dialledBy !== null) drop(byDialler, channel.dialledBy, channel);
    if (by !== null) put(byDialler, by, channel);
  }

  function remove(uniqueid: string): void {
    const channel = channels.get(uniqueid);
    if (!channel) return;
    leave(channel);
    drop(byDevice, channel.device, channel);
    if (channel.local) drop(byPair, channel.local.pair, channel);
    channel.dialledBy = null;
    channels.delete(uniqueid);
    for (const child of byDialler.get(uniqueid) ?? []) child.dialledBy = null;
    byDialler.delete(uniqueid);
  }

  function make(uniqueid: string, name: string, generation: number): Channel {
    let dialledBy: string | null = null;
    const channel: Channel = {
      uniqueid,
      name: '',
      device: '',
      local: null,
      linkedid: uniqueid,
      state: 0,
      number: '',
      callerName: '',
      exten: '',
      application: '',
      applicationData: '',
      vars: new Map(),
      bridge: null,
      get dialledBy() {
        return dialledBy;
      },
      set dialledBy(by) {
        if (by === dialledBy) return;
        dial(channel, by);
        dialledBy = by;
      },
      dialled: false,
      heldAt: null,
      heldAtLeast: false,
      parked: null,
      leaving: false,
      generation,
    };
    if (channels.size >= CHANNELS_MAX) remove(channels.keys().next().value!);
    channels.set(uniqueid, channel);
    rename(channel, name);
    return channel;
  }

  function walk(from: Channel, alsoDials: boolean): readonly Channel[] {
    const found = new Set<Channel>([from]);
    for (const channel of found) {
      if (channel.bridge !== null && channel.parked === null && !holding.has(channel.bridge))
        for (const other of byBridge.get(channel.bridge) ?? []) found.add(other);
      if (channel.local) for (const other of byPair.get(channel.local.pair) ?? []) found.add(other);
      if (!alsoDials) continue;
      const dialler = channel.dialledBy === null ? undefined : channels.get(channel.dialledBy);
      if (dialler) found.add(dialler);
      for (const other of byDialler.get(channel.uniqueid) ?? []) found.add(other);
    }
    return [...found];
  }

  return {
    get: (uniqueid) => channels.get(uniqueid),
    all: () => channels.values(),
    ofDevice: (device) => [...(byDevice.get(device) ?? [])],
    learn(message, prefix, generation) {
      const uniqueid = message.text(`${prefix}Uniqueid`);
      const name = message.text(`${prefix}Channel`);
      if (uniqueid === '') return undefined;
      const known = channels.get(uniqueid);
      if (!known && name === '') return undefined;
      const channel = known ?? make(uniqueid, name, generation);
      if (name !== '' && name !== channel.name) rename(channel, name);
      channel.generation = generation;
      renew(channel, message, prefix);
      return channel;
    },
    rename,
    remove,
    enter(channel, bridge, swapped) {
      const other = channels.get(swapped);
      if (other?.bridge === bridge) leave(other);
      leave(channel);
      channel.bridge = bridge;
      put(byBridge, bridge, channel);
    },
    leave,
    markHolding: (bridge) => void holding.add(bridge),
    hearing: (channel) => walk(channel, false),
    connected: (channel) => walk(channel, true),
    forgetBefore(generation) {
      for (const channel of [...channels.values()])
        if (channel.generation < generation) remove(channel.uniqueid);
    },
  };
}

function renew(channel: Channel, message: Message, prefix: string): void {
  channel.linkedid = message.text(`${prefix}Linkedid`) || channel.linkedid;
  channel.state = message.number(`${prefix}ChannelState`) ?? channel.state;
  if (message.has(`${prefix}CallerIDNum`)) {
    channel.number = message.known(`${prefix}CallerIDNum`) || channel.number;
    channel.callerName = message.known(`${prefix}CallerIDName`) || channel.callerName;
  }
  channel.exten = message.known(`${prefix}Exten`) || channel.exten;
  channel.application = message.known(`${prefix}Application`) || channel.application;
  channel.applicationData = message.known(`${prefix}ApplicationData`) || channel.applicationData;
  const vars = message.all(`${prefix}ChanVariable`);
  if (vars.length > 0) channel.vars = readVars(vars);
}

/** `NAME=value` each; empty values are left out. */
function readVars(lines: readonly string[]): ReadonlyMap<string, string> {
  const vars = new Map<string, string>();
  for (const line of lines) {
    const equals = line.indexOf('=');
    if (equals > 0 && equals + 1 < line.length)
      vars.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return vars;
}

function put<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const set = index.get(key);
  if (set) set.add(value);
  else index.set(key, new Set([value]));
}

function drop<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const set = index.get(key);
  if (!set) return;
  set.delete(value);
  if (set.size === 0) index.delete(key);
}
