// A screen that does with what it hears what a wall does before it paints: it parses, applies, and notes when that was done.
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { applyChanges } from '../../server/contract/delta.ts';
import type { Delta, Position, Snapshot } from '../../server/contract/protocol.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { RowsByTable, Tables } from '../../server/contract/tables.ts';
import { openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';
import type { Hall } from './crowd-words.ts';
import { instant, KeyLog } from './keys.ts';
import type { Ears, Screen } from './screen.ts';

export interface ApplyingScreen extends Screen {
  readonly keys: KeyLog;
  readonly tables: Tables;
}

export function applyingScreen(board: string, hall: Hall, ears: Ears): ApplyingScreen {
  switch (hall.way) {
    case 'pharos':
      return new PharosScreen(board, hall, ears);
    case 'plain':
      return plainScreen(board, hall);
    case 'bare':
      return bareScreen(board, hall, ears);
    case 'frames':
      throw new Error('invariant: frames that are repeated are applied by nobody');
    default:
      return hall.way satisfies never;
  }
}

class PharosScreen implements ApplyingScreen {
  readonly board: string;
  readonly keys = new KeyLog();
  readonly #hall: Hall;
  readonly #ears: Ears;
  #client: WireClient | null = null;

  constructor(board: string, hall: Hall, ears: Ears) {
    this.board = board;
    this.#hall = hall;
    this.#ears = ears;
  }

  get tables(): Tables {
    return this.#client?.tables ?? emptyTables();
  }

  get position(): Position | null {
    return this.#client?.position ?? null;
  }

  open(): Promise<void> {
    if (this.#client === null) this.#client = this.#connect();
    else this.#client.socket.connect();
    const client = this.#client;
    const ticks = client.ticks.at(-1);
    return client.until(({ position, ticks: all, refused, failed }) => {
      const why = refused ?? failed;
      if (why !== null) this.#ears.refused(why);
      const last = all.at(-1);
      return last !== ticks && last?.seq === position?.seq && last?.epoch === position?.epoch;
    });
  }

  cut(): void {
    this.#client?.socket.disconnect();
  }

  forget(): void {
    this.cut();
    this.#client = null;
  }

  #connect(): WireClient {
    const { url, token } = this.#hall;
    const auth = { board: this.board, ...(token === null ? {} : { token }) };
    const client = openWireClient({ url, auth, isForgetful: true });
    // These listeners come after those that apply.
    client.socket.on('snapshot', ({ rows, seq }: Snapshot) => {
      this.keys.put(rows, instant());
      this.#ears.snapshot(this.board, seq);
    });
    client.socket.on('delta', ({ put, gone, to }: Delta) => {
      const at = instant();
      this.keys.put(put, at);
      this.keys.gone(gone.contacts ?? [], at);
      this.keys.delta(to, at);
      this.#ears.delta(this.board, to, at);
      if (client.misfits > 0) this.#ears.misfit();
    });
    return client;
  }
}

/** It may be out of breath: then it is late, which is what is measured. */
function plainScreen(board: string, { url }: Hall): ApplyingScreen {
  const keys = new KeyLog();
  const tables = emptyTables();
  let socket: Socket | null = null;
  return {
    board,
    keys,
    tables,
    position: null,
    open: () =>
      new Promise((resolve) => {
        socket = io(url, { transports: ['websocket'], forceNew: true });
        socket.on('floor', (rows: RowsByTable) => {
          for (const table of Object.values(tables)) table.clear();
          applyChanges(tables, { put: rows, gone: {} });
          const at = instant();
          keys.put(rows, at);
          const known = rows.contacts ?? {};
          keys.gone(
            [...keys.contacts.keys()].filter((id) => !Object.hasOwn(known, id)),
            at,
          );
          resolve();
        });
      }),
    cut: () => void socket?.disconnect(),
    forget: () => undefined,
  };
}

function bareScreen(board: string, { url }: Hall, ears: Ears): ApplyingScreen {
  const keys = new KeyLog();
  let ws: WebSocket | null = null;
  return {
    board,
    keys,
    tables: emptyTables(),
    position: null,
    open: () =>
      new Promise((resolve) => {
        ws = new WebSocket(`${url.replace('http', 'ws')}/?of=${board}`, {
          perMessageDeflate: false,
        });
        ws.once('open', resolve);
        ws.on('error', ({ message }) => ears.refused(message));
        ws.on('message', (data: Buffer) => {
          const { time } = JSON.parse(data.toString()) as { readonly time: string };
          keys.event(Date.parse(time), instant());
        });
      }),
    cut: () => ws?.terminate(),
    forget: () => undefined,
  };
}
