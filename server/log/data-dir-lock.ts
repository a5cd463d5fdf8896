// One Pharos a data folder: a socket that listens while its process lives, so that a crash leaves nothing that must be cleaned.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, realpath, unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wordsOf } from '../words-of.ts';

export type LockResult =
  | { readonly kind: 'locked'; readonly release: () => Promise<void> }
  | {
      readonly kind: 'refused';
      /** A sentence for the one who starts it. */
      readonly why: string;
    };

/** The longest path of a unix socket that every system takes (bytes; macOS has 104 with the ending zero). */
const SOCKET_PATH_MOST = 100;

/** Where the socket `name` of a data folder lives: in it, or in the temporary folder where its path is too long. */
export function socketPath(dir: string, name: string): string {
  const path = join(dir, name);
  if (Buffer.byteLength(path) <= SOCKET_PATH_MOST) return path;
  const key = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  return join(tmpdir(), `pharos-${key}-${name}`);
}

/** Makes the folder where it is missing, for its owner alone. */
export async function lockDataDir(dir: string): Promise<LockResult> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const path = socketPath(await realpath(dir), 'pharos.lock');
    return await lockAt(path, dir);
  } catch (error) {
    const said = wordsOf(error);
    return { kind: 'refused', why: `Pharos cannot keep its data in ${dir}: ${said}.` };
  }
}

async function lockAt(path: string, dir: string): Promise<LockResult> {
  const name = randomUUID();
  const refused = {
    kind: 'refused',
    why: `Another Pharos runs on the data folder ${dir}; stop it, or give this one another folder with PHAROS_DATA_DIR.`,
  } as const;
  let server = await listen(path, name);
  if (server === null) {
    if ((await whoListens(path)) !== null) return refused;
    // Nobody answers: its process is gone, only the name was left.
    await unlink(path).catch(() => undefined);
    server = await listen(path, name);
  }
  // Of two that found the same leftover, the one whose name still stands has it.
  if (server === null || (await whoListens(path)) !== name) {
    server?.close();
    return refused;
  }
  const held = server;
  return {
    kind: 'locked',
    release: () => new Promise((resolve) => held.close(() => resolve())),
  };
}

/** Null: something has that name already. */
function listen(path: string, name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(name);
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => {
      // Alone it keeps no process alive.
      server.unref();
      resolve(server);
    });
  });
}

/** What the listener calls itself; null: nobody listens. */
function whoListens(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let said = '';
    socket.setEncoding('utf8');
    // One that is frozen does not answer, but holds the folder all the same.
    socket.setTimeout(2_000, () => {
      socket.destroy();
      resolve(said);
    });
    socket.on('data', (part: string) => (said += part));
    socket.on('end', () => resolve(said));
    socket.on('error', () => resolve(null));
  });
}
