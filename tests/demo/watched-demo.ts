// The demo on a real floor under the real watch, without Redis: what is proposed is taken at once. Virtual time, so that a day is seconds.
import { thrown } from '../support/thrown.ts';
import { Alerts } from '../../server/alerts/alerts.ts';
import { command } from '../../server/alerts/commands.ts';
import type { Move } from '../../server/alerts/machine.ts';
import { peopleAt } from '../../server/alerts/people.ts';
import { RULES } from '../../server/alerts/rules.ts';
import { createDemo } from '../../server/connectors/demo/demo.ts';
import type { Demo } from '../../server/connectors/demo/demo.ts';
import { openEpisode } from '../../server/demo-work.ts';
import type { Cancel } from '../../server/clock.ts';
import { decode } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { Floor } from '../../server/floor/floor.ts';
import type { AlertFact } from '../../server/floor/rows.ts';
import { event } from '../floor/scene.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

const ZONE = 'Europe/Riga';
/** Entries of one turn, so that turns end in the middle of stories. */
const TURN = 37;

export interface WatchedDemo {
  readonly floor: Floor;
  readonly clock: ManualClock;
  readonly demo: Demo;
  /** All episodes that there ever were, as they stand. */
  episodes(): readonly AlertFact[];
  /** A visitor's thumb. */
  take(episode: AlertFact, by: string): void;
}

export function watchedDemo(
  startAt: number,
  seed = 'a tale of two calls',
  isUsed: (person: string) => boolean = () => false,
): WatchedDemo {
  const manual = createManualClock(startAt);
  // Whole milliseconds, as Redis has them.
  const clock = { ...manual, now: () => Math.floor(manual.now()) };
  const floor = new Floor({
    ...{ site: 'demo', zone: ZONE, country: null, dayStarts: '00:00', languages: ['en'] },
    ...{ demo: true, build: 'test', now: startAt },
  });
  const alerts = new Alerts({ site: 'demo', floor, rules: RULES });
  alerts.lookAtAll(startAt);
  const known = new Map<string, AlertFact>();
  let entries = 0;
  let appointment: { readonly at: number; readonly cancel: Cancel } | null = null;

  function look(): void {
    const now = clock.now();
    alerts.changed(floor.expire(now), now);
    for (let round = 0; ; round += 1) {
      const proposals = alerts.propose(now, { onBroken: thrown });
      if (proposals.length === 0) break;
      if (round === 20) throw new Error('The watch goes round in circles.');
      for (const { move } of proposals) fold(move);
    }
    const at = Math.min(floor.nextAt() ?? Infinity, alerts.nextAt() ?? Infinity);
    if (at === appointment?.at) return;
    appointment?.cancel();
    const turn = (): void => {
      appointment = null;
      look();
    };
    appointment = { at, cancel: clock.after(Math.max(1, at - now), turn) };
  }
  function fold({ from, to, reason, by, why, how }: Move): void {
    const now = clock.now();
    const said = { ...to, episode: to.id, from: from?.state ?? null, to: to.state };
    const data = { ...said, reason, by, why, at: now, ...(how ? { how } : {}) };
    floor.fold(event({ type: 'alert.moved', subject: to.id, source: 'pharos', at: now, data }));
    alerts.changed(floor.take(), now);
    const fact = floor.facts.alerts.get(to.id);
    if (fact) known.set(to.id, fact);
  }
  function take(episode: AlertFact, by: string, how: 'said' | 'program'): void {
    const around = {
      ...{ now: clock.now(), keepFiringMs: 0, recent: [] },
      reach: (level: number) => peopleAt(level, episode.team, alerts.house).length > 0,
    };
    const answer = command(episode, { kind: 'acknowledge', by, why: null }, around);
    if (answer.ok) fold({ ...answer.move, how });
    look();
  }
  function append(events: readonly NewEvent[]): Promise<readonly string[]> {
    for (const said of events) {
      entries += 1;
      const entryAt = clock.now();
      const decoded = decode(encode(said), { entryAt, entryId: `${entryAt}-${entries}` });
      if (decoded.kind !== 'event') throw new Error(`refused: ${JSON.stringify(said)}`);
      floor.pass(entryAt);
      floor.fold(decoded.event);
      if (entries % TURN !== 0) continue;
      alerts.changed(floor.take(), entryAt);
      look();
    }
    alerts.changed(floor.take(), clock.now());
    look();
    return Promise.resolve(events.map((_, at) => `${entries}-${at}`));
  }

  const demo = createDemo({
    ...{ append, clock, seed, site: { zone: ZONE }, history: 'today' },
    desk: {
      isUsed,
      open: () =>
        [...floor.facts.alerts.values()].filter(({ state }) => state === 'firing').map(openEpisode),
      take({ id }, by) {
        const episode = floor.facts.alerts.get(id);
        if (episode) take(episode, by, 'program');
        return Promise.resolve();
      },
    },
  });
  return {
    ...{ floor, clock, demo },
    episodes: () => [...known.values()],
    take: (episode, by) => take(episode, by, 'said'),
  };
}
