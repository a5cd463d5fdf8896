// The connector to one Asterisk: starts and stops the link, hands what happened to the log, beats while the link is alive.
import type { Cancel, Clock } from '../../clock.ts';
import type { Append } from '../../events/event.ts';
import type { Telemetry } from '../../telemetry.ts';
import { createInstants } from './instants.ts';
import type { Instants } from './instants.ts';
import type { AsteriskLink } from './link.ts';
import type { Message } from './message.ts';
import { createOutbox } from './outbox.ts';
import { createSession, PING_MS } from './session.ts';
import { NEEDED_ACTIONS, SNAPSHOT_ACTIONS } from './snapshot-actions.ts';
import type { AsteriskTable } from './table.ts';
import { createTranslator } from './translator.ts';

export interface AsteriskOptions {
  /** From `parseAsteriskUrl`. */
  readonly link: AsteriskLink;
  /** The events' source, `asterisk/NAME`. */
  readonly source: string;
  readonly append: Append;
  /** On the site's time. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** In [0, 1). */
  readonly random: () => number;
  /** From `parseAsteriskTable`; absent: the default one. */
  readonly table?: AsteriskTable;
}

export interface AsteriskConnector {
  /** Connects, and again for ever; never throws for what a PBX or a network may do. */
  start(): void;
  /** Resolves once the link is closed and what was being appended is done with. */
  stop(): Promise<void>;
}

/** Answers to a snapshot's actions are waited for so long (milliseconds). */
const ANSWERS_MS = 10_000;
/** Once the lists that matter are in, the others are waited for so long (milliseconds). */
const GRACE_MS = 200;
/** A PBX whose queues do not answer yet is asked again after this (milliseconds). */
const AGAIN_MS = 5_000;

export function createAsteriskConnector(options: AsteriskOptions): AsteriskConnector {
  const { link, source, append, clock, telemetry, random, table } = options;
  let instants: Instants = createInstants();
  let ready = false;
  /** ActionID to what was asked; empty outside of a snapshot. */
  const awaited = new Map<string, string>();
  let queuesRefused = false;
  let cancelAnswers: Cancel = () => undefined;
  let cancelAgain: Cancel = () => undefined;
  let cancelPass: Cancel = () => undefined;

  const translator = createTranslator({
    source,
    name: link.name,
    ...(table === undefined ? {} : { table }),
    onRefused: (problem) =>
      telemetry.announce({
        name: 'asterisk.user-event-refused',
        severity: 'warn',
        text: `${source}: ${problem}`,
        fields: { source },
      }),
  });

  const outbox = createOutbox({
    append,
    clock,
    random,
    onDropped: (count) =>
      telemetry.announce({
        name: 'asterisk.dropped',
        severity: 'warn',
        text: `${source}: the log does not take events; ${count} were dropped. A snapshot follows when it does.`,
        fields: { source, count },
      }),
    onRetry: () => {
      if (ready) ask();
    },
  });

  const session = createSession({
    link,
    source,
    clock,
    telemetry,
    random,
    onReady() {
      ready = true;
      instants = createInstants();
      ask();
    },
    onMessages(messages) {
      for (const message of messages) take(message);
      plan();
    },
    onAlive() {
      // A beat that waits behind a log that is away would be a lie when it arrives.
      if (!outbox.isIdle || awaited.size > 0) return;
      const at = clock.now();
      const data = { everySeconds: PING_MS / 1_000 };
      const id = `${source}/beat/${at}`;
      outbox.offer([{ type: 'source.heartbeat', subject: source, source, id, at, data }]);
    },
    onDown() {
      ready = false;
      cancelAnswers();
      cancelAgain();
      awaited.clear();
      translator.disconnected();
    },
  });

  /** Asks for everything that is true now. */
  function ask(): void {
    cancelAgain();
    if (awaited.size > 0) return;
    queuesRefused = false;
    outbox.offer(translator.connected(clock.now()));
    session.act({ Action: 'Ping' });
    for (const action of SNAPSHOT_ACTIONS) {
      const id = session.act({ Action: action });
      if (id !== null) awaited.set(id, action);
    }
    cancelAnswers();
    cancelAnswers = clock.after(ANSWERS_MS, conclude);
  }

  function take(message: Message): void {
    const at = instants.of(message, clock.now());
    outbox.offer(translator.take(message, at));
    const action = awaited.get(message.actionId);
    if (action === undefined) return;
    const isError = message.response === 'Error';
    const goesOn = message.response !== '' && /^start$/i.test(message.text('EventList'));
    if (action === 'QueueStatus' && isError) queuesRefused = true;
    const isOver =
      isError ||
      (message.response !== '' && !goesOn) ||
      /^(complete|cancelled)$/i.test(message.text('EventList'));
    if (!isOver) return;
    awaited.delete(message.actionId);
    const missing = [...awaited.values()];
    if (missing.length === 0) conclude();
    else if (!NEEDED_ACTIONS.some((needed) => missing.includes(needed))) {
      // A PBX answers in the order in which it was asked, so what is missing now will hardly come.
      cancelAnswers();
      cancelAnswers = clock.after(GRACE_MS, conclude);
    }
  }

  /** The answers are in, or will not come. */
  function conclude(): void {
    cancelAnswers();
    const missing = [...awaited.values()];
    awaited.clear();
    if (missing.length > 0)
      telemetry.announce({
        name: 'asterisk.unanswered',
        severity: 'warn',
        text: `${source}: the PBX did not answer ${missing.join(', ')}.`,
        fields: { source },
      });
    outbox.open();
    outbox.offer(translator.snapshot(clock.now()));
    if (queuesRefused) cancelAgain = clock.after(AGAIN_MS, ask);
    plan();
  }

  /** Time alone decides some things. */
  function plan(): void {
    cancelPass();
    const next = translator.nextAt();
    if (next === null) return;
    cancelPass = clock.after(Math.max(1, next - clock.now()), () => {
      outbox.offer(translator.pass(clock.now()));
      plan();
    });
  }

  return {
    start: () => session.start(),
    async stop() {
      cancelAnswers();
      cancelAgain();
      cancelPass();
      await session.stop();
      await outbox.close();
    },
  };
}
