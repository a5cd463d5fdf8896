// How an ordinary contact goes once it is answered: talk, perhaps a hold, help, a transfer, a promise, and its end.
import type { Calls } from './calls.ts';
import type { Leads } from './leads.ts';
import type { Lines } from './lines.ts';
import type { Promises } from './promises.ts';
import type { Stage } from './stage.ts';
import type { QueuePlan, TalkHabits } from './world.ts';
import type { Call, Desk } from './records.ts';

export interface Conversations {
  readonly stage: Stage;
  readonly calls: Calls;
  readonly lines: Lines;
  readonly leads: Leads;
  readonly promises: Promises;
  readonly queues: readonly QueuePlan[];
  readonly habits: TalkHabits;
  readonly questions: readonly string[];
}

export function converse(parts: Conversations, call: Call, desk: Desk): void {
  const { stage, calls, leads, habits } = parts;
  const { agenda, chance } = stage;
  const talkMs = call.queue?.handling(chance) ?? 0;
  const holdMs = chance.happens(habits.hold) ? habits.holdFor(chance) : 0;
  const beforeMs = talkMs * chance.between(0.2, 0.7);
  agenda.after(beforeMs, () => {
    if (chance.happens(habits.assist)) {
      const about = chance.pick(parts.questions);
      leads.askForHelp(desk, call, { about, afterMs: chance.between(8_000, 32_000) });
    }
    if (holdMs === 0) {
      agenda.after(talkMs - beforeMs, () => conclude(parts, call, desk));
      return;
    }
    calls.hold(call);
    agenda.after(holdMs, () => {
      // Who is left alone for minutes sometimes hangs up.
      if (holdMs > 90_000 && chance.happens(0.08)) return calls.end(call, 'customer');
      calls.resume(call);
      agenda.after(talkMs - beforeMs, () => conclude(parts, call, desk));
    });
  });
}

/** Some who wait long press a key to be rung back; a queue may hand them on. */
export function wait(parts: Conversations, call: Call): void {
  const { stage, calls, promises, habits, queues } = parts;
  const { agenda, chance } = stage;
  if (chance.happens(habits.keyPress)) {
    const ms = chance.between(60_000, 110_000);
    call.timers.push(
      agenda.after(ms, () => {
        if (call.state !== 'waiting') return;
        promises.promise(call, null);
        calls.part(call);
      }),
    );
  }
  const { overflow } = call.queue ?? { overflow: null };
  const to = queues.find((queue) => queue.id === overflow?.to);
  if (!overflow || !to) return;
  call.timers.push(
    agenda.after(overflow.afterMs, () => {
      if (call.state !== 'waiting') return;
      calls.leaveQueue(call, 'overflow');
      calls.enter(call, to);
    }),
  );
}

function conclude(parts: Conversations, call: Call, desk: Desk): void {
  const { stage, calls, lines, promises, queues, habits } = parts;
  const { agenda, chance } = stage;
  if (chance.happens(habits.transfer)) {
    const others = queues.filter(
      (queue) => queue.id !== call.queue?.id && queue.channel === call.queue?.channel,
    );
    const to = others.length > 0 ? chance.pick(others) : null;
    if (to && chance.happens(habits.attended)) {
      calls.hold(call);
      agenda.after(chance.between(8_000, 25_000), () => {
        const colleague = lines.deskFor(to.id);
        if (!colleague) return calls.passTo(call, to);
        calls.passToAgent(call, colleague);
        agenda.after(chance.between(30_000, 200_000), () => calls.end(call, 'customer'));
      });
      return;
    }
    if (to) return calls.passTo(call, to);
  }
  if (chance.happens(habits.promise)) promises.promise(call, desk);
  calls.end(call, chance.happens(0.6) ? 'customer' : 'agent');
}
