// A recorded manager connection: its messages as bytes with the time of each, and what the recorder had asked.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dataFile } from './data.ts';

/** Instant of `t` = 0 in the recordings, by their README (milliseconds). */
export const T0 = 1_795_290_640_040;

export interface RecordedMessage {
  /** Milliseconds since the recording's beginning. */
  readonly t: number;
  readonly conn: number;
  /** With the blank line that ends it. */
  readonly bytes: Buffer;
  readonly event: string;
  readonly actionId: string;
  /** First of Privilege, empty for answers. */
  readonly privilege: string;
}

export interface AmiRecording {
  readonly banner: Buffer;
  readonly messages: readonly RecordedMessage[];
  /** Action to the ActionID under which the recorder asked it, by connection. */
  readonly asked: ReadonlyMap<string, string>;
  readonly connections: readonly {
    readonly conn: number;
    readonly from: number;
    readonly to: number;
  }[];
}

interface Meta {
  readonly t: number;
  readonly what: string;
  readonly conn: number;
  readonly action?: { readonly Action: string; readonly ActionID: string };
}

/** Null, having said so, where the data is missing. */
export function readAmiRecording(name: 'main' | 'reconnect'): AmiRecording | null {
  const meta = dataFile(`asterisk/${name}.meta.jsonl`);
  const jsonl = dataFile(`asterisk/${name}.jsonl.gz`);
  if (meta === null || jsonl === null) return null;
  const steps = linesOf(readFileSync(meta, 'utf8')).map((line) => JSON.parse(line) as Meta);
  const stamps = linesOf(gunzipSync(readFileSync(jsonl)).toString('utf8')).map(
    (line) => JSON.parse(line) as { t: number; conn: number; event: Record<string, unknown> },
  );
  const messages: RecordedMessage[] = [];
  let banner: Buffer = Buffer.alloc(0);
  for (const conn of new Set(stamps.map((stamp) => stamp.conn))) {
    const raw = gunzipSync(readFileSync(dataFile(`asterisk/${name}.conn${conn}.ami.gz`)!));
    const [greeting, ...parts] = split(raw);
    banner = greeting!;
    const own = stamps.filter((stamp) => stamp.conn === conn);
    if (own.length !== parts.length)
      throw new Error(`conn ${conn}: ${parts.length} messages in bytes, ${own.length} in lines`);
    own.forEach((stamp, index) => {
      const text = (key: string): string => {
        const value = stamp.event[key];
        return typeof value === 'string' ? value : '';
      };
      messages.push({
        t: stamp.t,
        conn,
        bytes: parts[index]!,
        event: text('Event'),
        actionId: text('ActionID'),
        privilege: text('Privilege').split(',')[0]!,
      });
    });
  }
  const connections = [...new Set(messages.map((message) => message.conn))].map((conn) => ({
    conn,
    from: steps.find((step) => step.what === 'connected' && step.conn === conn)!.t,
    to: steps.find((step) => step.what === 'disconnected' && step.conn === conn)!.t,
  }));
  const asked = new Map(
    steps.flatMap(({ action }) => (action ? [[action.Action, action.ActionID] as const] : [])),
  );
  return { banner, messages, asked, connections };
}

/** The greeting, then each message. */
function split(raw: Buffer): Buffer[] {
  const greeting = raw.indexOf('\r\n') + 2;
  const parts = [raw.subarray(0, greeting)];
  for (let start = greeting; start < raw.length;) {
    const end = raw.indexOf('\r\n\r\n', start);
    if (end < 0) break;
    parts.push(raw.subarray(start, end + 4));
    start = end + 4;
  }
  return parts;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
