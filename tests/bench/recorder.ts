// One more screen, that keeps the frames that it hears, so that another server can repeat them.
import { WebSocket } from 'ws';
import { PROTOCOL } from '../../server/contract/protocol.ts';
import { instant } from './keys.ts';

/** A frame as it came, and when: milliseconds from the beginning of its round. */
export interface Recorded {
  readonly at: number;
  readonly text: string;
}

export interface Recorder {
  /** A round begins. Deltas that came since the last one are kept, as of its beginning, so that positions follow each other. */
  begin(): void;
  /** The frames of the round. */
  end(): readonly Recorded[];
  close(): void;
}

/** Resolves once the snapshot is there, which is the first frame. */
export function startRecorder(url: string, auth: object): Promise<Recorder> {
  let frames: Recorded[] = [];
  let from = instant();
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  });
  const recorder: Recorder = {
    begin() {
      from = instant();
      frames = frames
        .filter(({ text }) => !text.startsWith('42["tick"'))
        .map(({ text }) => ({ at: 0, text }));
    },
    end() {
      const round = frames;
      frames = [];
      return round;
    },
    close: () => ws.close(),
  };
  return new Promise((resolve, reject) => {
    ws.on('error', reject);
    ws.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) ws.send(`40${JSON.stringify({ protocol: PROTOCOL, ...auth })}`);
      else if (text === '2') ws.send('3');
      else if (text.startsWith('42')) {
        frames.push({ at: instant() - from, text });
        const position = /^42\["tick",(\{"epoch":"[^"]+","seq":\d+)/.exec(text)?.[1];
        if (position !== undefined) ws.send(`42["have",${position}}]`);
        resolve(recorder);
      } else if (text.startsWith('44')) reject(new Error(`refused: ${text}`));
    });
  });
}
