// The calls of a real bank in January and February 1999 (Guedj and Mandelbaum, Technion) as events, and the tables published with them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const DATA = join(process.env.PHAROS_DATA ?? '../shared/data', 'calls');
export const hasBank = existsSync(join(DATA, 'anonbank_january_replay.csv.gz'));
export const BANK_ZONE = 'Asia/Jerusalem';
const MONTHS = ['january', 'february'] as const;
/** Its seconds count from here; the offset was +02:00 in both months. */
const BEGINNING = Date.parse('1999-01-01T00:00:00+02:00');

export type Row = Readonly<Record<string, string>>;

/** One line of JSON for each event of both months. */
export function bankEvents(): string[] {
  const lines: string[] = [];
  for (const month of MONTHS)
    for (const call of readCsv(join(DATA, `anonbank_${month}_replay.csv.gz`))) addCall(lines, call);
  return lines;
}

/** A reference table, a row for each line. */
export function reference(name: string): Row[] {
  return readCsv(join(DATA, 'reference', name));
}

export function parseCsv(text: string): Row[] {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
  });
}

function addCall(lines: string[], call: Row): void {
  const { contact_id: contact = '', queue, priority, enqueue_s, answer_s, abandon_s } = call;
  // Contacts' ids repeat over the months; with the second of their entry they do not.
  const subject = `${contact}/${enqueue_s ?? ''}`;
  const add = (type: string, seconds: string | undefined, data: object): void => {
    const time = new Date(BEGINNING + Number(seconds) * 1_000).toISOString();
    const envelope = { specversion: '1.0', source: 'bank', id: `${subject} ${type}` };
    lines.push(JSON.stringify({ ...envelope, type, subject, time, data }));
  };
  add('contact.queued', enqueue_s, { queue, priority: Number(priority) });
  if (answer_s === '') {
    add('contact.ended', abandon_s, { by: 'customer', outcome: 'abandoned' });
    return;
  }
  add('contact.answered', answer_s, call.agent === '' ? {} : { agent: call.agent });
  add('contact.ended', call.end_s, { by: 'customer', outcome: 'answered' });
}

function readCsv(path: string): Row[] {
  const bytes = readFileSync(path);
  return parseCsv((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}
