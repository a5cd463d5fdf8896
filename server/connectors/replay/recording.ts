// A file becomes events, or a list of whole sentences that say which line is wrong and how.
import { gunzipSync } from 'node:zlib';
import { decode } from '../../events/decode.ts';
import type { Refused } from '../../events/decode.ts';
import type { PharosEvent } from '../../events/event.ts';
import { fieldsOf } from '../../events/structured.ts';
import { readRawBytes, readRecorderLines } from './asterisk-recording.ts';
import type { Translated } from './asterisk-recording.ts';

export type Recording =
  | {
      readonly kind: 'recording';
      /** In the order of time; at one instant in the order of the file. */
      readonly events: readonly PharosEvent[];
      /** What was left out, and why, in whole sentences. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'unreadable'; readonly complaints: readonly string[] };

const NO_EVENT = 'The file has no event in it.';
/** So many wrong lines are named; the rest is counted. */
const COMPLAINTS_MAX = 20;

/** The text of a file, unpacked where it is gzip (RFC 1952, by its first two bytes). Throws where the packing is broken. */
function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/** What a file holds is told by its first line. */
export function readRecording(bytes: Buffer): Recording {
  let plain: Buffer;
  try {
    plain = unpacked(bytes);
  } catch {
    return { kind: 'unreadable', complaints: ['The file begins as gzip and cannot be unpacked.'] };
  }
  const start = plain.subarray(0, 4_096).toString('utf8').trimStart();
  if (/^(Asterisk Call Manager|Response: |Event: )/.test(start)) return whole(readRawBytes(plain));
  const text = plain.toString('utf8');
  if (!isRecorderLine(text)) return readCloudEvents(text);
  const read = readRecorderLines(text);
  return 'complaints' in read
    ? { kind: 'unreadable', complaints: shortened(read.complaints) }
    : whole(read);
}

function whole({ events, notes }: Translated): Recording {
  if (events.length === 0) return { kind: 'unreadable', complaints: [NO_EVENT] };
  return { kind: 'recording', events: inOrder(events), notes };
}

/** A CloudEvent has a type; a recorder's line has the message in it. */
function isRecorderLine(text: string): boolean {
  try {
    const first: unknown = JSON.parse(text.slice(0, text.indexOf('\n')));
    return typeof first === 'object' && first !== null && 'event' in first && 't' in first;
  } catch {
    return false;
  }
}

/** CloudEvents in structured mode, one JSON object a line, each with its own time. */
function readCloudEvents(text: string): Recording {
  const events: PharosEvent[] = [];
  const complaints: string[] = [];
  const unknown = new Map<string, number>();
  let own = 0;
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.trim() === '') continue;
    const read = readLine(line, `line-${number}`);
    switch (read.kind) {
      case 'event':
        events.push(read.event);
        break;
      case 'unknown':
        unknown.set(read.type, (unknown.get(read.type) ?? 0) + 1);
        break;
      case 'refused':
        if (read.refused.reason === 'not-yours') own += 1;
        else complaints.push(`line ${number}: ${sentence(read.refused)}`);
        break;
      default:
        read satisfies never;
    }
  }
  if (complaints.length > 0) return { kind: 'unreadable', complaints: shortened(complaints) };
  if (events.length === 0) return { kind: 'unreadable', complaints: [NO_EVENT] };
  const notes = [...unknown].map(
    ([type, count]) => `Left out: ${count} of the type ${type}, which Pharos does not know.`,
  );
  if (own > 0) notes.push(`Left out: ${own} that only Pharos itself may write (alert, access).`);
  return { kind: 'recording', events: inOrder(events), notes };
}

/** Sorted by time; a sort of equals keeps the file's order. */
function inOrder(events: readonly PharosEvent[]): readonly PharosEvent[] {
  return [...events].sort((one, other) => one.at - other.at);
}

type LineRead =
  | { readonly kind: 'event'; readonly event: PharosEvent }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'refused'; readonly refused: Refused };

function readLine(line: string, entryId: string): LineRead {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const given = line.length > 80 ? `${line.slice(0, 80)}…` : line;
    return refuse('the line', 'a JSON object', given);
  }
  const structured = fieldsOf(value);
  if (structured.kind === 'refused') return structured;
  if (structured.fields.time === undefined)
    return refuse('time', 'RFC 3339 with offset, for a replay needs to know when', 'nothing');
  return decode(structured.fields, { entryAt: null, entryId });
}

function refuse(field: string, expected: string, given: string): LineRead {
  return { kind: 'refused', refused: { reason: 'malformed', field, expected, given } };
}

function sentence({ field, expected, given }: Refused): string {
  return `${field} was expected to be ${expected}, and is ${given}.`;
}

function shortened(complaints: readonly string[]): readonly string[] {
  if (complaints.length <= COMPLAINTS_MAX) return complaints;
  const more = complaints.length - COMPLAINTS_MAX;
  return [...complaints.slice(0, COMPLAINTS_MAX), `… and ${more} more lines are wrong.`];
}
