// A recording of Asterisk's manager interface becomes events, by the very translator that a live link uses.
import { decode } from '../../events/decode.ts';
import { encode } from '../../events/encode.ts';
import type { NewEvent, PharosEvent } from '../../events/event.ts';
import { Message } from '../asterisk/message.ts';
import { createTranslator } from '../asterisk/translator.ts';
import { createWireReader } from '../asterisk/wire.ts';

/** One message, when it arrived and on which connection. */
interface Heard {
  readonly at: number;
  readonly connection: number;
  readonly message: Message;
}

export interface Translated {
  readonly events: readonly PharosEvent[];
  readonly notes: readonly string[];
}

const NAME = 'recording';
const RECORDING_SOURCE = `asterisk/${NAME}`;
/** Answers to a connect's questions have come by then, or never do (milliseconds). */
const ANSWERS_MS = 5_000;
const BEAT_SECONDS = 5;
const LISTS = ['QueueStatusComplete', 'CoreShowChannelsComplete'] as const;

/** A line of a recorder: `t` in milliseconds since its start, `at` in RFC 3339, `conn`, and the message as `event`. */
export function readRecorderLines(
  text: string,
): Translated | { readonly complaints: readonly string[] } {
  const heard: Heard[] = [];
  const complaints: string[] = [];
  let begin: number | null = null;
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.trim() === '') continue;
    const read = readLine(line);
    if (typeof read === 'string') {
      complaints.push(`line ${number}: ${read}`);
      continue;
    }
    begin ??= read.arrivedAt - read.t;
    heard.push({ at: begin + read.t, connection: read.connection, message: read.message });
  }
  if (complaints.length > 0) return { complaints };
  return translate(heard);
}

/** The raw bytes of one connection, in which few messages say when they were. */
export function readRawBytes(bytes: Buffer): Translated {
  const clock = new StatedTime();
  const heard = createWireReader()
    .read(bytes)
    .map((message) => ({ at: clock.of(message), connection: 1, message }));
  const begin = heard.find(({ at }) => at > 0)?.at ?? 0;
  const timed = heard.map((one) => ({ ...one, at: Math.max(one.at, begin) }));
  const { events, notes } = translate(timed);
  const note =
    'Raw bytes say when only here and there: what lies between is read as if it came at once. The recorder’s lines (.jsonl) have every time.';
  return { events, notes: [...notes, note] };
}

function translate(heard: readonly Heard[]): Translated {
  const translator = createTranslator({ source: RECORDING_SOURCE, name: NAME });
  const told: NewEvent[] = [];
  let connection: number | null = null;
  let state: 'away' | 'asking' | 'live' = 'away';
  let askedAt = 0;
  let listsOpen = 0;
  let beatAt = 0;
  let listsSeen = new Set<string>();

  function answersAreIn(at: number): boolean {
    const areWhole = listsOpen <= 0 && LISTS.every((list) => listsSeen.has(list));
    return state === 'asking' && (areWhole || at - askedAt > ANSWERS_MS);
  }

  for (const one of heard) {
    const { at, message } = one;
    if (one.connection !== connection) {
      if (connection !== null) translator.disconnected();
      connection = one.connection;
      state = 'away';
    }
    for (let due = translator.nextAt(); due !== null && due <= at;) {
      told.push(...translator.pass(due));
      const next = translator.nextAt();
      due = next !== null && next > due ? next : null;
    }
    if (state === 'away' && message.event !== '') {
      told.push(...translator.connected(at));
      state = 'asking';
      askedAt = at;
      listsOpen = 0;
      listsSeen = new Set();
      beatAt = at;
    }
    if (state === 'away') continue;
    if (at >= beatAt) {
      beatAt = at + BEAT_SECONDS * 1_000;
      const data = { everySeconds: BEAT_SECONDS };
      const subject = RECORDING_SOURCE;
      told.push({ type: 'source.heartbeat', subject, source: RECORDING_SOURCE, at, data });
    }
    told.push(...translator.take(message, at));
    const list = message.text('EventList').toLowerCase();
    if (list === 'start') listsOpen += 1;
    if (list === 'complete') {
      listsOpen -= 1;
      listsSeen.add(message.event);
    }
    if (answersAreIn(at)) {
      told.push(...translator.snapshot(at));
      state = 'live';
    }
  }
  return throughTheDoor(told);
}

/** What a live link would have appended, read back as the floor reads it. */
function throughTheDoor(told: readonly NewEvent[]): Translated {
  const events: PharosEvent[] = [];
  let refused = 0;
  told.forEach((event, place) => {
    const decoded = decode(encode(event), { entryAt: null, entryId: `told-${place}` });
    if (decoded.kind === 'event') events.push(decoded.event);
    else refused += 1;
  });
  const notes = refused === 0 ? [] : [`Left out: ${refused} events that the log would refuse.`];
  return { events, notes };
}

interface RecorderLine {
  readonly t: number;
  readonly arrivedAt: number;
  readonly connection: number;
  readonly message: Message;
}

function readLine(line: string): RecorderLine | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return `expected a JSON object, got ${line.slice(0, 80)}.`;
  }
  const { t, at, conn, event } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof t !== 'number') return 't was expected to be milliseconds since the start.';
  const arrivedAt = typeof at === 'string' ? Date.parse(at) : NaN;
  if (Number.isNaN(arrivedAt)) return 'at was expected to be an instant in RFC 3339.';
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    return 'event was expected to be an object, the message.';
  const connection = typeof conn === 'number' ? conn : 1;
  return { t, arrivedAt, connection, message: Message.of(withBytes(event)) };
}

/** Bytes that are not UTF-8 stand in the lines as lone surrogates; they are read as Latin 1. */
function withBytes(event: object): Readonly<Record<string, unknown>> {
  const bytes = (text: string): string =>
    text.replace(/[\udc80-\udcff]/g, (lone) => String.fromCharCode(lone.charCodeAt(0) - 0xdc00));
  return Object.fromEntries(
    Object.entries(event).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string'
        ? bytes(value)
        : Array.isArray(value)
          ? value.map((one: unknown) => (typeof one === 'string' ? bytes(one) : one))
          : value,
    ]),
  );
}

/** The latest instant (milliseconds) that a message has told so far. */
class StatedTime {
  #at = 0;

  of(message: Message): number {
    const stated = [
      message.number('Timestamp'),
      message.event === 'Newchannel' ? startOf(message.text('Uniqueid')) : null,
      instantOf(message.text('EventTV')),
    ];
    for (const seconds of stated)
      if (seconds !== null) this.#at = Math.max(this.#at, seconds * 1_000);
    return this.#at;
  }
}

/** A channel's id ends in the second in which it began, a dot and a number. */
function startOf(uniqueid: string): number | null {
  const seconds = /(\d{9,11})\.\d+$/.exec(uniqueid)?.[1];
  return seconds === undefined ? null : Number(seconds);
}

/** `2026-11-21T19:50:40.151+0000`, in seconds. */
function instantOf(text: string): number | null {
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? null : at / 1_000;
}
