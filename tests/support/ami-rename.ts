// Another world of the same shape: every name, number, queue and Uniqueid of a recording replaced by a seeded map.
import type { AmiRecording } from './ami-recording.ts';
import type { Chance } from './chance.ts';

export interface Renaming {
  /** The bytes of a message, renamed. */
  readonly bytes: (message: Buffer) => Buffer;
  /** Any text, such as an event's JSON, renamed. */
  readonly text: (text: string) => string;
}

/** Keys whose values name people, phones, queues, calls and numbers; everything else counts or explains. */
const NAMING =
  /(Channel|Uniqueid|Linkedid|CallerIDNum|CallerIDName|ConnectedLineNum|ConnectedLineName|Exten|Extension|Interface|Location|MemberName|^Name|Device|Hint|Peer|ObjectName|DialString|Agent|AgentName|Customer|CustomerName|ParkingSpace|ChanVariable|ApplicationData|Target|^Queue|^To)$/;
const LETTERS: readonly string[] = 'abcdefghijklmnopqrstuvwxyzäöøščžşłжя田中'.match(/./gu)!;

export function renameAll(recording: AmiRecording, chance: Chance): Renaming {
  const uniqueids = new Set<string>();
  const names = new Set<string>();
  const numbers = new Set<string>();
  const queues = new Set<string>();
  for (const { bytes } of recording.messages)
    for (const [key, value] of pairs(bytes)) {
      if (/(Uniqueid|Linkedid)$/.test(key) && !key.includes('Bridge') && value !== '')
        uniqueids.add(value);
      else if (key === 'Queue') queues.add(value);
      else if (
        /(CallerIDName|ConnectedLineName|MemberName|CustomerName|AgentName)$|^Name$/.test(key)
      ) {
        if (/[a-z\u0080-\uffff]/i.test(value) && !value.startsWith('<')) names.add(value);
      } else if (
        /(CallerIDNum|ConnectedLineNum|Exten|Customer)$/.test(key) &&
        /^\*?\d{3,}$/.test(value)
      )
        numbers.add(value);
    }
  const map = new Map<string, string>();
  const used = new Set<string>();
  const fresh = (make: () => string): string => {
    for (;;) {
      const one = make();
      if (used.has(one) || numbers.has(one)) continue;
      used.add(one);
      return one;
    }
  };
  const digits = (length: number): string =>
    String(1 + chance.below(9)) +
    Array.from({ length: length - 1 }, () => chance.below(10)).join('');
  const letters = (length: number): string =>
    Array.from({ length }, () => chance.of(LETTERS)).join('');
  for (const one of uniqueids)
    map.set(
      one,
      fresh(() => `${letters(3)}-${digits(9)}.${digits(4)}`),
    );
  // A star stays a star, and a prefix that is dialled stays before its number.
  for (const one of [...numbers]
    .filter((number) => /^\d/.test(number))
    .sort((a, b) => a.length - b.length))
    map.set(
      one,
      fresh(() => digits(Math.max(3, one.length + chance.below(3) - 1))),
    );
  for (const one of names)
    map.set(
      one,
      fresh(() => `${letters(5)} ${letters(7)}`),
    );
  for (const [one, other] of map) {
    const plain = one.replace(/\\'/g, "'");
    if (names.has(one) && plain !== one && !map.has(plain)) map.set(plain, other);
  }
  // Lists are told in the order of their names, so the new names keep it.
  [...queues].sort().forEach((one, rank) => map.set(one, `${'abcdefgh'[rank]!}${letters(5)}`));
  const known = [...map.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${known.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})(?![\\p{L}\\p{N}])`,
    'gu',
  );
  const text = (value: string): string => value.replace(pattern, (one) => map.get(one)!);
  return {
    text,
    bytes(message) {
      const lines = decode(message).split('\r\n');
      const renamed = lines.map((line) => {
        const colon = line.indexOf(':');
        return colon > 0 && NAMING.test(line.slice(0, colon))
          ? `${line.slice(0, colon)}:${text(line.slice(colon + 1))}`
          : line;
      });
      return Buffer.from(renamed.join('\r\n'), 'utf8');
    },
  };
}

function pairs(bytes: Buffer): (readonly [string, string])[] {
  return decode(bytes)
    .split('\r\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(0, colon)), line.slice(colon + 1).trim()] as const;
    });
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
