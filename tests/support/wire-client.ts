// A second, tiny client: it folds what the server says into tables, as any other program would, and notices what does not fit.
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Board } from '../../server/contract/board.ts';
import { applyChanges } from '../../server/contract/delta.ts';
import { PROTOCOL } from '../../server/contract/protocol.ts';
import type {
  Delta,
  Handshake,
  Position,
  Refusal,
  Snapshot,
  Tick,
} from '../../server/contract/protocol.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { Tables } from '../../server/contract/tables.ts';

export interface WireClientOptions {
  readonly url: string;
  readonly auth?: Partial<Handshake>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly transport?: 'websocket' | 'polling';
  /** Does not answer ticks until told to. */
  readonly isMute?: boolean;
  /** Keeps no words, and of the ticks the last one only, so that it can listen for hours. */
  readonly isForgetful?: boolean;
}

export interface WireClient {
  readonly socket: Socket;
  readonly tables: Tables;
  /** In order: `snapshot 3`, `delta 3 4`, `tick 4`. */
  readonly said: readonly string[];
  readonly ticks: readonly Tick[];
  readonly board: Board | null;
  readonly position: Position | null;
  readonly refused: Refusal | null;
  /** Why it could not connect, if it could not. */
  readonly failed: string | null;
  /** Deltas that did not follow what it had. */
  readonly misfits: number;
  /** All text that came, for those who look for something in it. */
  readonly heard: string;
  isMute: boolean;
  /** Resolves once `condition` holds; looked at after each word. */
  until(condition: (client: WireClient) => boolean): Promise<void>;
  /** Cuts the line, and comes back with the position that it has then. Only while connected. */
  comeBack(): void;
  close(): void;
}

export function openWireClient(options: WireClientOptions): WireClient {
  const state = {
    tables: emptyTables(),
    said: [] as string[],
    ticks: [] as Tick[],
    board: null as Board | null,
    position: null as Position | null,
    refused: null as Refusal | null,
    failed: null as string | null,
    misfits: 0,
    heard: '',
    isMute: options.isMute ?? false,
  };
  const isForgetful = options.isForgetful ?? false;
  const say = (words: string): void => {
    if (!isForgetful) state.said.push(words);
  };
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const each of [...waiting]) each();
  };
  const socket = io(options.url, {
    transports: [options.transport ?? 'websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: options.headers ?? {},
    auth: (give: (auth: object) => void) => {
      give({
        protocol: PROTOCOL,
        ...(state.position ? { have: state.position } : {}),
        ...options.auth,
      });
    },
  });

  socket.onAny((name: string, payload: unknown) => {
    if (!isForgetful) state.heard += `${name} ${JSON.stringify(payload)}\n`;
  });
  socket.on('snapshot', ({ epoch, seq, board, rows }: Snapshot) => {
    for (const rows of Object.values(state.tables)) rows.clear();
    applyChanges(state.tables, { put: rows, gone: {} });
    state.position = { epoch, seq };
    state.board = board;
    say(`snapshot ${seq}`);
  });
  socket.on('delta', (delta: Delta) => {
    say(`delta ${delta.from} ${delta.to}`);
    if (delta.epoch !== state.position?.epoch || delta.from !== state.position.seq) {
      state.misfits += 1;
      socket.emit('resync', {});
      return;
    }
    applyChanges(state.tables, delta);
    state.position = { epoch: delta.epoch, seq: delta.to };
  });
  socket.on('tick', (tick: Tick) => {
    if (isForgetful) state.ticks.length = 0;
    state.ticks.push(tick);
    say(`tick ${tick.seq}`);
    if (!state.isMute && state.position) socket.emit('have', state.position);
  });
  socket.on('refused', ({ reason }: { readonly reason: Refusal }) => (state.refused = reason));
  socket.on('connect_error', ({ message }: Error) => (state.failed = message));
  for (const event of [
    'snapshot',
    'delta',
    'tick',
    'refused',
    'connect',
    'disconnect',
    'connect_error',
  ])
    socket.on(event, look);

  const client: WireClient = Object.assign(Object.create(state) as typeof state, {
    socket,
    until(condition: (client: WireClient) => boolean): Promise<void> {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!condition(client)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    comeBack() {
      // A socket that connects while its old line still closes would be heard by nobody.
      socket.io.engine.once('close', () => socket.connect());
      socket.disconnect();
    },
    close() {
      socket.disconnect();
    },
  });
  Object.defineProperty(client, 'isMute', {
    get: () => state.isMute,
    set: (is: boolean) => (state.isMute = is),
  });
  return client;
}

/** Reads a socket that is ready once it has rows and has heard a tick. */
export function isLive(client: WireClient): boolean {
  return client.position !== null && client.ticks.length > 0;
}
