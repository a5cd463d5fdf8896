// A line to Redis that knows each command on it by name, and stops everything at the one that a test names.
import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/**
 * `before`: the command is not passed on. `unanswered`: Redis has done it, and its reply is held back.
 * `answered`: the reply is passed on, and the next command is not.
 */
export type StopMoment = 'before' | 'unanswered' | 'answered';

export interface StopAt {
  /** How its name begins, such as `XREAD events`, `COPY`, `RENEW_LEASE lease:copier`. */
  readonly kind: string;
  readonly moment: StopMoment;
  /** All of these must stand in the command, or all of them in its reply; others are not counted. */
  readonly holds?: readonly string[];
  /** The how manieth from now on, from 1; replies that say nothing (a read that waited in vain) are not counted. */
  readonly nth?: number;
  /** For `answered`: how the name of the next command must begin; else any one. */
  readonly next?: string;
}

export interface RedisProxy {
  /** As `REDIS_URL`. */
  readonly url: string;
  /** How many commands of each name were passed on. */
  readonly passed: ReadonlyMap<string, number>;
  /**
   * Calls `then` at that command, in the very step in which it came; from there on nothing passes either way until `release`.
   * Resolves at that instant, with the name of the command.
   */
  stopAt(at: StopAt, then: () => void): Promise<string>;
  /** Breaks every connection that was stopped, and passes new ones on. */
  release(): void;
  close(): Promise<void>;
}

export interface RedisProxyOptions {
  /** `redis://127.0.0.1:PORT`. */
  readonly target: string;
  /** Names of scripts by the SHA-1 of their text. */
  readonly scripts: ReadonlyMap<string, string>;
}

interface Stop extends Required<Omit<StopAt, 'next'>> {
  readonly next: string;
  readonly reached: (kind: string) => void;
  left: number;
  /** The reply was passed on; the next command is the one. */
  isNext: boolean;
}

export async function openRedisProxy({ target, scripts }: RedisProxyOptions): Promise<RedisProxy> {
  const { hostname, port } = new URL(target);
  const lines = new Set<readonly [Socket, Socket]>();
  const passed = new Map<string, number>();
  let stop: Stop | null = null;
  let isStopped = false;

  function reach(kind: string): void {
    const was = stop;
    isStopped = true;
    stop = null;
    was?.reached(kind);
  }

  function isNamed(kind: string, frame: Buffer): boolean {
    return (
      stop !== null &&
      kind.startsWith(stop.kind) &&
      stop.holds.every((text) => frame.includes(text))
    );
  }

  /** True if it may pass. */
  function command(kind: string, isNamed: boolean): boolean {
    if (isStopped) return false;
    const isTheNext = stop?.isNext === true && kind.startsWith(stop.next);
    const isIt = stop?.moment === 'before' && isNamed && --stop.left === 0;
    if (isTheNext || isIt) reach(kind);
    else passed.set(kind, (passed.get(kind) ?? 0) + 1);
    return !isStopped;
  }

  /** True if it may pass. */
  function reply(kind: string, isNamed: boolean): boolean {
    if (isStopped) return false;
    if (stop === null || stop.isNext || stop.moment === 'before' || !isNamed) return true;
    if (--stop.left > 0) return true;
    if (stop.moment === 'answered') stop.isNext = true;
    else reach(kind);
    return !isStopped;
  }

  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) });
    const line = [near, far] as const;
    lines.add(line);
    const sent: { readonly kind: string; readonly isNamed: boolean }[] = [];
    const end = (): void => {
      lines.delete(line);
      near.destroy();
      far.destroy();
    };
    for (const socket of line) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    near.on(
      'data',
      framed((frame) => {
        const kind = kindOf(wordsIn(frame), scripts);
        const isIt = isNamed(kind, frame);
        if (!command(kind, isIt)) return;
        sent.push({ kind, isNamed: isIt });
        far.write(frame);
      }),
    );
    far.on(
      'data',
      framed((frame) => {
        // What Redis pushes by itself answers nothing.
        const { kind, isNamed: wasNamed } =
          (frame[0] === PUSH ? null : sent.shift()) ?? NOTHING_ASKED;
        const isIt = !isNothing(frame) && (wasNamed || isNamed(kind, frame));
        if (reply(kind, isIt)) near.write(frame);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('invariant: a port was asked for');

  function breakAll(): void {
    for (const [near, far] of lines) {
      near.destroy();
      far.destroy();
    }
    lines.clear();
  }

  return {
    url: `redis://127.0.0.1:${address.port}`,
    passed,
    stopAt({ kind, moment, holds = [], nth = 1, next = '' }, then) {
      if (stop !== null || isStopped) throw new Error('invariant: one stop at a time');
      return new Promise((resolve) => {
        const reached = (name: string): void => {
          then();
          resolve(name);
        };
        stop = { kind, moment, holds, nth, next, reached, left: nth, isNext: false };
      });
    },
    release() {
      stop = null;
      breakAll();
      isStopped = false;
    },
    async close() {
      isStopped = true;
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const NOTHING_ASKED = { kind: '', isNamed: false };
const PUSH = '>'.charCodeAt(0);

/** Name and first key, without the site: `XADD events`, `SHELVE lease:snapshot`, `TIME`. */
export function kindOf(words: readonly string[], scripts: ReadonlyMap<string, string>): string {
  const name = (words[0] ?? '').toUpperCase();
  const keyAt = name.startsWith('EVAL') ? 3 : name === 'XREAD' ? streamsAt(words) : 1;
  const key = /^pharos:\{[^}]*\}:(.*)$/.exec(words[keyAt] ?? '')?.[1];
  return [calledBy(name, words[1] ?? '', scripts), ...(key === undefined ? [] : [key])].join(' ');
}

function calledBy(name: string, of: string, scripts: ReadonlyMap<string, string>): string {
  if (name === 'EVALSHA') return scripts.get(of) ?? name;
  if (name !== 'EVAL') return name;
  return scripts.get(createHash('sha1').update(of).digest('hex')) ?? name;
}

function streamsAt(words: readonly string[]): number {
  return words.findIndex((word) => word.toUpperCase() === 'STREAMS') + 1;
}

/** Cuts bytes as they come into whole values of RESP. */
function framed(each: (frame: Buffer) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (let end = endOf(rest, 0); end > 0; end = endOf(rest, 0)) {
      const frame = rest.subarray(0, end);
      rest = rest.subarray(end);
      each(frame);
    }
  };
}

/** Where the value that begins at `at` ends, after RESP 2 and 3 (redis.io, Redis serialization protocol); -1: not all of it is there. */
function endOf(bytes: Buffer, at: number): number {
  const line = bytes.indexOf('\r\n', at);
  if (line < 0) return -1;
  const size = Number(bytes.toString('latin1', at + 1, line));
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case '$':
    case '!':
    case '=': {
      const end = size < 0 ? line + 2 : line + 4 + size;
      return end <= bytes.length ? end : -1;
    }
    case '*':
    case '~':
    case '>':
      return endOfAll(bytes, line + 2, size);
    case '%':
      return endOfAll(bytes, line + 2, size * 2);
    case '|':
      // An attribute stands before the value that it is about.
      return endOfAll(bytes, line + 2, size * 2 + 1);
    default:
      return line + 2;
  }
}

function endOfAll(bytes: Buffer, from: number, values: number): number {
  let at = from;
  for (let left = values; left > 0 && at > 0; left -= 1) at = endOf(bytes, at);
  return at;
}

function isNothing(frame: Buffer): boolean {
  return ['_\r\n', '*-1\r\n', '$-1\r\n', '*0\r\n'].includes(frame.toString('latin1', 0, 5));
}

/** A request: a list of bulk strings. */
function wordsIn(frame: Buffer): readonly string[] {
  const words: string[] = [];
  let at = frame.indexOf('\r\n') + 2;
  while (at < frame.length) {
    const line = frame.indexOf('\r\n', at);
    const size = Number(frame.toString('latin1', at + 1, line));
    words.push(frame.toString('utf8', line + 2, line + 2 + size));
    at = line + 4 + size;
  }
  return words;
}
