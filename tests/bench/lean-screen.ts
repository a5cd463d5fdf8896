// A screen of the mass: a bare WebSocket that speaks just enough of socket.io, acknowledges each tick, and reads the head of each frame only.
import { WebSocket } from 'ws';
import { PROTOCOL } from '../../server/contract/protocol.ts';
import type { Delta, Position } from '../../server/contract/protocol.ts';
import type { Hall } from './crowd-words.ts';
import { instant } from './keys.ts';
import type { Ears, Screen } from './screen.ts';

/** Bytes of a frame in which its position stands. */
const HEAD_BYTES = 128;
const HEAD =
  /^42\["(?:(snapshot|tick)",\{"epoch":"([^"]+)","seq":(\d+)|(delta)",\{"epoch":"([^"]+)","from":(\d+),"to":(\d+))/;

type Step = Pick<Delta, 'epoch' | 'from' | 'to'>;

export class LeanScreen implements Screen {
  readonly board: string;
  readonly #hall: Hall;
  readonly #ears: Ears;
  #position: Position | null = null;
  #ws: WebSocket | null = null;
  #whenCurrent: () => void = () => undefined;

  constructor(board: string, hall: Hall, ears: Ears) {
    this.board = board;
    this.#hall = hall;
    this.#ears = ears;
  }

  get position(): Position | null {
    return this.#position;
  }

  open(): Promise<void> {
    const { way, url } = this.#hall;
    const isBare = way === 'bare' || way === 'frames';
    const path = isBare ? `/?of=${this.board}` : '/socket.io/?EIO=4&transport=websocket';
    const ws = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#ws = ws;
    ws.on('message', (data: Buffer) => {
      if (ws !== this.#ws) return;
      this.#ears.received(this.board, data.length);
      if (way !== 'bare') this.#hear(data, ws);
    });
    ws.on('error', ({ message }) => this.#ears.refused(message));
    return new Promise((resolve) => {
      this.#whenCurrent = resolve;
      if (isBare) ws.once('open', resolve);
    });
  }

  cut(): void {
    const ws = this.#ws;
    this.#ws = null;
    ws?.terminate();
  }

  forget(): void {
    this.#position = null;
  }

  #hear(data: Buffer, ws: WebSocket): void {
    const at = instant();
    const head = data.toString('latin1', 0, HEAD_BYTES);
    if (head.startsWith('42')) this.#said(head, at, ws);
    else if (head.startsWith('0')) ws.send(`40${JSON.stringify(this.#auth())}`);
    else if (head === '2') ws.send('3');
    else if (head.startsWith('44')) this.#ears.refused(head);
  }

  #said(head: string, at: number, ws: WebSocket): void {
    const [, what, epoch, seq, delta, ofEpoch, from, to] = HEAD.exec(head) ?? [];
    if (delta !== undefined)
      this.#step({ epoch: ofEpoch ?? '', from: Number(from), to: Number(to) }, at, ws);
    else if (what === 'snapshot') {
      this.#position = { epoch: epoch ?? '', seq: Number(seq) };
      this.#ears.snapshot(this.board, Number(seq));
    } else if (what === 'tick') {
      if (this.#position === null) return;
      ws.send(`42["have",${JSON.stringify(this.#position)}]`);
      if (this.#position.epoch === epoch && this.#position.seq === Number(seq)) this.#whenCurrent();
    } else if (this.#hall.way === 'plain') this.#whenCurrent();
    else this.#ears.refused(head);
  }

  #step({ epoch, from, to }: Step, at: number, ws: WebSocket): void {
    if (this.#position?.epoch !== epoch || this.#position.seq !== from) {
      this.#ears.misfit();
      ws.send('42["resync",{}]');
      return;
    }
    this.#position = { epoch, seq: to };
    this.#ears.delta(this.board, to, at);
  }

  #auth(): object {
    const { token, way } = this.#hall;
    if (way === 'plain') return {};
    return {
      protocol: PROTOCOL,
      board: this.board,
      ...(token === null ? {} : { token }),
      ...(this.#position === null ? {} : { have: this.#position }),
    };
  }
}
