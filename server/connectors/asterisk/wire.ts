// Bytes to AMI messages and actions to bytes: split on CRLF only, bytes kept whole until a value is whole, sizes bounded.
import { Message } from './message.ts';

/** Bytes of one message; a longer one is skipped whole and counted. */
export const MESSAGE_MAX_BYTES = 256 * 1024;
/** Keys of one message; what comes after is left out. */
const KEYS_MAX = 1_000;

const CR = 13;
const LF = 10;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface WireReader {
  /** The messages that are whole now, in order. */
  read(chunk: Uint8Array): readonly Message[];
  /** The peer's greeting; null until it has come. */
  readonly banner: string | null;
  /** Messages that were longer than `MESSAGE_MAX_BYTES`. */
  readonly skipped: number;
}

export function createWireReader(): WireReader {
  /** Bytes of a line that has no end yet, as they came. */
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  /** True while the beginning of the pending line was thrown away. */
  let beheaded = false;
  let lines: Buffer[] = [];
  let bytes = 0;
  let banner: string | null = null;
  let skipped = 0;
  let skipping = false;

  function takeLine(line: Buffer, messages: Message[]): void {
    if (banner === null) {
      if (line.length > 0) banner = decodeValue(line);
      return;
    }
    if (line.length > 0) {
      bytes += line.length + 2;
      if (bytes > MESSAGE_MAX_BYTES) startSkipping();
      else if (!skipping) lines.push(line);
      return;
    }
    if (!skipping && lines.length > 0) messages.push(parse(lines));
    skipping = false;
    lines = [];
    bytes = 0;
  }

  function startSkipping(): void {
    if (!skipping) skipped += 1;
    skipping = true;
    lines = [];
  }

  function keep(bytes: Uint8Array): void {
    pending.push(bytes);
    pendingBytes += bytes.length;
    if (pendingBytes <= MESSAGE_MAX_BYTES) return;
    // A line without an end: only its last byte matters, which may be half of a line end.
    startSkipping();
    beheaded = true;
    pending = [bytes.subarray(bytes.length - 1)];
    pendingBytes = 1;
  }

  return {
    get banner() {
      return banner;
    },
    get skipped() {
      return skipped;
    },
    read(chunk) {
      if (chunk.length === 0) return [];
      if (!chunk.includes(LF)) {
        keep(Uint8Array.from(chunk));
        return [];
      }
      const messages: Message[] = [];
      const all = Buffer.concat([...pending, chunk]);
      pending = [];
      pendingBytes = 0;
      let start = 0;
      for (let end = lineEnd(all, 0); end >= 0; end = lineEnd(all, start)) {
        if (beheaded) beheaded = false;
        else takeLine(all.subarray(start, end), messages);
        start = end + 2;
      }
      if (start < all.length) keep(Uint8Array.from(all.subarray(start)));
      return messages;
    },
  };
}

/** The index of the next CRLF at or after `from`, or -1. A lone LF belongs to the value. */
function lineEnd(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(CR, from);
  while (at >= 0 && at + 1 < bytes.length) {
    if (bytes[at + 1] === LF) return at;
    at = bytes.indexOf(CR, at + 1);
  }
  return -1;
}

function parse(lines: readonly Buffer[]): Message {
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    const text = decodeValue(line);
    const colon = text.indexOf(':');
    if (colon <= 0) continue;
    const key = text.slice(0, colon).trim().toLowerCase();
    const value = text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
    const before = fields.get(key);
    if (before) before.push(value);
    else if (fields.size < KEYS_MAX) fields.set(key, [value]);
  }
  return new Message(fields);
}

/** UTF-8 where it is, else Latin-1: a phone may send either, each value by itself. */
function decodeValue(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** The bytes of an action. Line ends inside a value would start a header of their own, so they become blanks. */
export function formatAction(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(
    ([key, value]) => `${key}: ${value.replace(/[\r\n]+/g, ' ')}`,
  );
  return `${lines.join('\r\n')}\r\n\r\n`;
}
