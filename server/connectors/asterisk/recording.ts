// A recording of the manager port becomes events offline: JSON lines with the instant of each message, or raw bytes with timestamps.
import type { NewEvent } from '../../events/event.ts';
import { createInstants } from './instants.ts';
import { Message } from './message.ts';
import type { AsteriskTable } from './table.ts';
import { createTranslator } from './translator.ts';
import { createWireReader } from './wire.ts';

export interface RecordingOptions {
  /** `asterisk/NAME`, the source of every event. */
  readonly source: string;
  /** Put before the PBX's own ids. */
  readonly name: string;
  readonly table?: AsteriskTable;
}

export type TranslatedRecording =
  | {
      readonly kind: 'events';
      readonly events: readonly NewEvent[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly problem: string };

interface Moment {
  readonly message: Message;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Which link it came by. */
  readonly conn: number;
}

/** Lists without which a snapshot would say nothing. */
const NEEDED = ['QueueStatusComplete', 'CoreShowChannelsComplete'] as const;

/** True for what looks like a recording of a manager port, by its first bytes (unpacked). */
export function isAsteriskRecording(bytes: Buffer): boolean {
  const beginning = bytes.subarray(0, 4_096).toString('latin1');
  return (
    /^(Asterisk Call Manager\/|(Event|Response|Action): )/.test(beginning) ||
    /^\{[^\n]*"event": ?\{[^\n]*"(Event|Response)"/.test(beginning)
  );
}

/** `bytes` unpacked: lines such as `{"at": "2026-…Z", "conn": 1, "event": {…}}`, or what came over TCP. */
export function translateRecording(bytes: Buffer, options: RecordingOptions): TranslatedRecording {
  const moments = bytes[0] === 0x7b ? readLines(bytes.toString('utf8')) : readBytes(bytes);
  if (typeof moments === 'string') return { kind: 'unreadable', problem: moments };
  const notes: string[] = [];
  const events: NewEvent[] = [];
  const translator = createTranslator({ ...options, onRefused: (problem) => notes.push(problem) });
  let conn: number | null = null;
  let lists: Set<string> | null = null;
  let open = 0;
  const tell = (told: readonly NewEvent[]): void => void events.push(...told);

  for (const { message, at, conn: own } of moments) {
    if (own !== conn) {
      if (conn !== null) translator.disconnected();
      conn = own;
      tell(translator.connected(at));
      lists = new Set();
      open = 0;
    }
    for (let due = translator.nextAt(); due !== null && due <= at; due = translator.nextAt())
      tell(translator.pass(due));
    const isAnswer = message.actionId !== '';
    if (lists && open === 0 && !isAnswer && NEEDED.every((name) => lists?.has(name))) {
      tell(translator.snapshot(at));
      lists = null;
    }
    tell(translator.take(message, at));
    if (!isAnswer) continue;
    if (/^start$/i.test(message.text('EventList'))) open += 1;
    else if (/^complete$/i.test(message.text('EventList'))) {
      open = Math.max(0, open - 1);
      lists?.add(message.event);
    }
  }
  const last = moments.at(-1)?.at;
  // A recording without lists has no snapshot: what it tells event by event is all there is.
  if (last !== undefined && lists?.size !== 0 && lists) tell(translator.snapshot(last));
  if (last !== undefined) tell(translator.pass(last + 60_000));
  return { kind: 'events', events, notes };
}

function readLines(text: string): readonly Moment[] | string {
  const moments: Moment[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line === '') continue;
    const problem = `Line ${number}: expected {"at": instant, "event": {…}}, got something else.`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return problem;
    }
    if (typeof value !== 'object' || value === null) return problem;
    const { at, conn, event } = value as Readonly<Record<string, unknown>>;
    const instant = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    if (Number.isNaN(instant) || typeof event !== 'object' || event === null) return problem;
    moments.push({
      message: Message.of(event as Readonly<Record<string, unknown>>),
      at: instant,
      conn: typeof conn === 'number' ? conn : 1,
    });
  }
  return moments;
}

function readBytes(bytes: Buffer): readonly Moment[] | string {
  const reader = createWireReader();
  const messages = [...reader.read(bytes)];
  const instants = createInstants();
  const first = messages.find((message) => message.event !== '' && message.number('Timestamp'));
  if (!first)
    return 'The recording has no times: expected JSON lines with "at", or raw bytes of a PBX with timestampevents = yes.';
  let at = Math.round((first.number('Timestamp') ?? 0) * 1_000);
  return messages.map((message) => {
    const stamp = message.event === '' ? null : message.number('Timestamp');
    if (stamp !== null) at = Math.max(at, Math.round(stamp * 1_000));
    return { message, at: instants.of(message, at), conn: 1 };
  });
}
