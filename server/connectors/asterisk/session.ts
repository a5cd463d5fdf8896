// One life after another of the link to the manager port: connect, log in, wait until booted, keep alive, begin again.
import { createHash } from 'node:crypto';
import { connect as connectPlain } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { backoffMs } from '../../backoff.ts';
import type { Cancel, Clock } from '../../clock.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { AsteriskLink } from './link.ts';
import type { Message } from './message.ts';
import { createWireReader, formatAction } from './wire.ts';

export interface SessionOptions {
  readonly link: AsteriskLink;
  readonly source: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** In [0, 1). */
  readonly random: () => number;
  /** Logged in, and the PBX says that it has booted. */
  readonly onReady: () => void;
  /** Everything after the login, in order. */
  readonly onMessages: (messages: readonly Message[]) => void;
  /** The PBX has answered a ping, or spoke since the last one. */
  readonly onAlive: () => void;
  /** A link that was ready is gone. */
  readonly onDown: () => void;
}

export interface Session {
  start(): void;
  stop(): Promise<void>;
  /** Sends an action on the present link; gives its ActionID, or null where there is no link. */
  act(fields: Readonly<Record<string, string>>): string | null;
}

/** Milliseconds. A peer that says nothing for `SILENCE_MS` hangs. */
const STEP_MS = 5_000;
/** A PBX answers a challenge at once; what does not know it may say nothing at all. */
const CHALLENGE_MS = 2_000;
export const PING_MS = 5_000;
const SILENCE_MS = 12_000;
/** How long FullyBooted is waited for before the PBX is asked all the same: a user without `system` never hears it. */
const BOOT_MS = 5_000;
/** A PBX is near and alone: to ask it every two seconds costs nothing, and what happens meanwhile is not told again. */
const RETRY = { firstMs: 250, ceilingMs: 2_000 } as const;
/** After a wrong secret: slowly, since some PBXs lock out who tries often. */
const REFUSED_RETRY = { firstMs: 10_000, ceilingMs: 60_000 } as const;
/** Bytes that may wait to be sent to a peer that does not read. */
const UNSENT_MAX_BYTES = 1024 * 1024;

type Stage = 'banner' | 'challenge' | 'login' | 'booting' | 'ready';

export function createSession(options: SessionOptions): Session {
  const { link, source, clock, telemetry, random } = options;
  let socket: Socket | null = null;
  let stopped = true;
  let attempt = 0;
  let actions = 0;
  /** True once a challenge was refused or not answered: this peer takes the secret as it is. */
  let plainLogin = false;
  /** The first failure speaks, the repeats are counted. */
  let failures = 0;
  let cancelRetry: Cancel = () => undefined;
  let stopLife: () => void = () => undefined;

  function send(fields: Readonly<Record<string, string>>): string {
    actions += 1;
    const actionId = `pharos-${actions}`;
    if (socket && socket.writableLength < UNSENT_MAX_BYTES)
      socket.write(formatAction({ ...fields, ActionID: actionId }));
    return actionId;
  }

  function live(): void {
    const peer = link.tls
      ? connectTls({ host: link.host, port: link.port, servername: nameForTls(link.host) })
      : connectPlain({ host: link.host, port: link.port });
    socket = peer;
    peer.setNoDelay(true);
    const reader = createWireReader();
    let stage: Stage = 'banner';
    let expectedId = '';
    let heardAt = clock.monotonic();
    let over = false;
    let cancelStep: Cancel = () => undefined;
    let cancelPing: Cancel = () => undefined;

    function step(next: Stage, ms: number, late: () => void): void {
      stage = next;
      cancelStep();
      cancelStep = clock.after(ms, late);
    }

    function end(why: string, retry: { firstMs: number; ceilingMs: number } = RETRY): void {
      if (over) return;
      over = true;
      cancelStep();
      cancelPing();
      peer.destroy();
      if (socket === peer) socket = null;
      const wasReady = stage === 'ready';
      if (stage === 'challenge') plainLogin = true;
      if (wasReady) options.onDown();
      if (stopped) return;
      if (wasReady) attempt = 0;
      attempt += 1;
      failures += 1;
      if (failures === 1 || wasReady)
        telemetry.announce({
          name: 'asterisk.lost',
          severity: 'warn',
          text: `${source}: no link to the PBX at ${link.host}:${link.port}: ${why}. Trying again.`,
          fields: { source },
        });
      cancelRetry = clock.after(backoffMs(attempt, retry, random()), live);
    }

    function challenge(): void {
      if (plainLogin) return login({ Secret: link.secret });
      step('challenge', CHALLENGE_MS, () => {
        plainLogin = true;
        login({ Secret: link.secret });
      });
      expectedId = send({ Action: 'Challenge', AuthType: 'MD5' });
    }

    function login(proof: Readonly<Record<string, string>>): void {
      step('login', STEP_MS, () => end('it does not answer the login'));
      expectedId = send({ Action: 'Login', ...proof, Username: link.user, Events: 'on' });
    }

    function answered(message: Message): void {
      const good = message.response === 'Success';
      if (stage === 'challenge') {
        const given = good ? message.text('Challenge') : '';
        plainLogin = given === '';
        const key = createHash('md5')
          .update(given + link.secret)
          .digest('hex');
        return login(given === '' ? { Secret: link.secret } : { AuthType: 'MD5', Key: key });
      }
      if (stage !== 'login') return;
      if (good) return step('booting', BOOT_MS, ready);
      telemetry.announce({
        name: 'asterisk.refused',
        severity: 'error',
        text: `${source}: the PBX refuses the user of PHAROS_ASTERISK: ${message.text('Message') || 'no reason given'}.`,
        fields: { source },
      });
      end('it refuses the login', REFUSED_RETRY);
    }

    function ready(): void {
      cancelStep();
      stage = 'ready';
      attempt = 0;
      telemetry.announce({
        name: 'asterisk.linked',
        severity: 'info',
        text: `${source}: linked to ${reader.banner ?? 'the PBX'} at ${link.host}:${link.port}.`,
        fields: { source, failures },
      });
      failures = 0;
      options.onReady();
      beat();
    }

    /** Asks for a sign of life; anything that was heard since the last time is one. */
    function beat(): void {
      let askedAt = clock.monotonic();
      send({ Action: 'Ping' });
      cancelPing = clock.every(PING_MS, () => {
        if (clock.monotonic() - heardAt >= SILENCE_MS) return end('it has said nothing for long');
        if (heardAt >= askedAt) options.onAlive();
        askedAt = clock.monotonic();
        send({ Action: 'Ping' });
      });
    }

    step('banner', STEP_MS, () => end('nobody greets there'));
    peer.on('data', (chunk: Buffer) => {
      if (over) return;
      heardAt = clock.monotonic();
      const messages = reader.read(chunk);
      if (stage === 'banner' && reader.banner !== null) challenge();
      const live: Message[] = [];
      for (const message of messages) {
        if (over) return;
        if (stage === 'challenge' || stage === 'login') {
          if (message.actionId === expectedId) answered(message);
        } else if (stage === 'booting') {
          if (message.event === 'FullyBooted') ready();
        } else live.push(message);
      }
      if (live.length > 0) options.onMessages(live);
    });
    peer.on('error', (error: Error) => end(error.message));
    peer.on('close', () => end('it was closed'));
    stopLife = () => end('it is no longer wanted');
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      live();
    },
    async stop() {
      stopped = true;
      cancelRetry();
      const peer = socket;
      const closed = peer && new Promise((resolve) => peer.once('close', resolve));
      if (peer?.writable === true) send({ Action: 'Logoff' });
      stopLife();
      await closed;
    },
    act: (fields) => (socket === null ? null : send(fields)),
  };
}

/** A name for the certificate; addresses have none. */
function nameForTls(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}
