// A file of CloudEvents, one JSON object a line, read through the same door as the log and put in order of time.
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { decode } from '../events/decode.ts';
import type { Refused } from '../events/decode.ts';
import type { PharosEvent } from '../events/event.ts';
import { fieldsOf } from '../events/structured.ts';

export interface EventFile {
  /** In the order of (time, line). */
  readonly events: readonly PharosEvent[];
  /** One sentence for each line that was refused, the first twenty. */
  readonly complaints: readonly string[];
  readonly refused: number;
  /** Events of types that Pharos does not know. */
  readonly unknown: number;
}

/** Reads the whole file; rejects where it cannot be opened or unpacked. `-` is `input`. */
export async function readEventFile(file: string, input: Readable): Promise<EventFile> {
  const events: PharosEvent[] = [];
  const complaints: string[] = [];
  let [line, refused, unknown] = [0, 0, 0];
  for await (const read of linesOf(file, input)) {
    line += 1;
    // Some programs begin a file with a mark of its encoding.
    const text = line === 1 ? read.replace(/^\uFEFF/, '') : read;
    if (text.trim() === '') continue;
    const found = readLine(text, line);
    if (typeof found === 'string') {
      refused += 1;
      if (complaints.length < 20) complaints.push(`Line ${line}: ${found}`);
    } else if (found === null) unknown += 1;
    else events.push(found);
  }
  // The sort is stable, so lines of one instant stay in order.
  events.sort((a, b) => a.at - b.at);
  return { events, complaints, refused, unknown };
}

async function* linesOf(file: string, input: Readable): AsyncGenerator<string> {
  const raw = file === '-' ? input : createReadStream(file);
  const bytes = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  // An error of the file does not travel down the pipe by itself.
  if (bytes !== raw) raw.on('error', (error: Error) => bytes.destroy(error));
  bytes.setEncoding('utf8');
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

/** The event, null where its type is unknown, or a sentence where it is refused. */
function readLine(text: string, line: number): PharosEvent | string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'a CloudEvent as a JSON object was expected.';
  }
  const structured = fieldsOf(value);
  if (structured.kind === 'refused') return said(structured.refused);
  const { fields } = structured;
  const decoded = decode(fields, { entryAt: null, entryId: `line-${line}`, trusted: true });
  switch (decoded.kind) {
    case 'event':
      return decoded.event;
    case 'unknown':
      return null;
    case 'refused':
      return said(decoded.refused);
    default:
      return decoded satisfies never;
  }
}

function said({ field, expected, given }: Refused): string {
  return `${field} was expected to be ${expected}; given: ${given}.`;
}
