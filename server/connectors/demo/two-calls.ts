// The two calls at 14:24: Ernest Defarge, whom nobody calls back, and Jerry Cruncher, who is served well.
import type { Calls } from './calls.ts';
import type { Desks } from './desks.ts';
import type { Leads } from './leads.ts';
import type { Promises } from './promises.ts';
import type { Stage } from './stage.ts';
import type { DemoWords } from './words.ts';
import type { QueuePlan } from './world.ts';
import type { Call, Desk } from './records.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Ernest is already waiting for so long when the newcomer's screen comes up. */
export const FIRST_PLOT_BEFORE_MS = 150 * SECOND_MS;
/** Charles is fetched so long before Ernest rings: an ordinary talk is over by then. Until the CRM starts, slowly, he is in training. */
const CAST_BEFORE_MS = 15 * MINUTE_MS;
const CRM_BEFORE_MS = 100 * SECOND_MS;
const INCIDENT = 'mail-coach';

export interface Plot {
  readonly stage: Stage;
  readonly calls: Calls;
  readonly desks: Desks;
  readonly leads: Leads;
  readonly promises: Promises;
  readonly queue: QueuePlan;
  readonly story: DemoWords['story'];
  readonly training: string;
  readonly charles: Desk;
  readonly sydney: Desk;
}

/** Plays both calls, the first of them beginning at `firstAt`, and again each hour or so. */
export function scheduleTwoCalls(plot: Plot, firstAt: number): void {
  const { agenda, chance } = plot.stage;
  agenda.at(firstAt - CAST_BEFORE_MS, () => {
    worst(plot);
    best(plot);
    scheduleTwoCalls(plot, firstAt + chance.between(50, 75) * MINUTE_MS);
  });
}

function worst(plot: Plot): void {
  const { stage, calls, desks, leads, queue, story, training, charles } = plot;
  const { agenda } = stage;
  let does = training;
  let ernest: Call | null = null;
  let isReady = false;
  let isDue = false;
  const meet = (): void => {
    if (isReady && isDue && ernest) answerErnest(plot, ernest);
  };
  desks.summon(charles, () => {
    desks.explain(charles, does);
    isReady = true;
    meet();
  });
  agenda.after(CAST_BEFORE_MS - CRM_BEFORE_MS, () => {
    does = story.crmStarts;
    if (isReady) desks.explain(charles, does);
  });
  agenda.after(CAST_BEFORE_MS, () => {
    leads.empty(queue.teams[0] ?? '', 12 * MINUTE_MS);
    ernest = calls.arrive(queue, { name: 'Ernest Defarge', address: '+442079460417' }, 'scripted');
  });
  agenda.after(CAST_BEFORE_MS + 190 * SECOND_MS, () => {
    isDue = true;
    meet();
  });
}

function answerErnest(plot: Plot, ernest: Call): void {
  const { stage, calls, leads, promises, story, charles } = plot;
  const { agenda } = stage;
  calls.ring(ernest, charles, () => {
    agenda.after(10 * SECOND_MS, () => {
      stage.say('contact.tagged', ernest.id, { reason: story.crmCrashed });
    });
    agenda.after(15 * SECOND_MS, () => calls.hold(ernest));
    agenda.after(30 * SECOND_MS, () =>
      leads.askForHelp(charles, ernest, { about: story.crmCrashed, afterMs: 205 * SECOND_MS }),
    );
    agenda.after(225 * SECOND_MS, () => calls.resume(ernest));
    agenda.after(245 * SECOND_MS, () => {
      promises.forget(ernest, charles, {
        dueMs: 5 * MINUTE_MS,
        note: story.onPaper,
        noticedMs: 24 * MINUTE_MS,
        why: story.left,
        by: leads.nearest(charles.plan.team) ?? charles.plan.id,
      });
      stage.say('contact.tagged', ernest.id, { reason: story.lostParcel, incident: INCIDENT });
    });
    agenda.after(255 * SECOND_MS, () => calls.end(ernest, 'customer'));
  });
}

function best(plot: Plot): void {
  const { stage, calls, desks, queue, story, sydney } = plot;
  const { agenda } = stage;
  agenda.after(CAST_BEFORE_MS + 150 * SECOND_MS, () => {
    desks.summon(sydney, () => {
      const jerry = calls.arrive(
        queue,
        { name: 'Jerry Cruncher', address: '+442079460283' },
        'scripted',
      );
      calls.ring(jerry, sydney, () => {
        agenda.after(25 * SECOND_MS, () => {
          stage.say('contact.tagged', jerry.id, { reason: story.lostParcel, incident: INCIDENT });
        });
        agenda.after(32 * SECOND_MS, () => calls.hold(jerry));
        agenda.after(50 * SECOND_MS, () => calls.resume(jerry));
        agenda.after(80 * SECOND_MS, () => {
          stage.say('contact.tagged', jerry.id, { disposition: story.offer });
        });
        agenda.after(100 * SECOND_MS, () => calls.end(jerry, 'customer'));
      });
    });
  });
}
