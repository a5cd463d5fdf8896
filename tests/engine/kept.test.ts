// The record of an earlier Pharos is read by this one: a fixture for each version that was ever written.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Floor } from '../../server/floor/floor.ts';
import { KEPT_FORM } from '../../server/keeping/kept.ts';
import type { Kept } from '../../server/keeping/kept.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import { readSnapshot, storedForm } from '../../server/log/snapshots.ts';
import { at, event, OPTIONS } from '../floor/scene.ts';

const FOLDER = new URL('fixtures/', import.meta.url);
const versions = readdirSync(FOLDER).map((name) => Number(/^kept-(\d+)\.json$/.exec(name)?.[1]));

describe('the record', () => {
  it('[ENG-10] has a fixture of every version up to the present one', () => {
    const all = Array.from({ length: KEPT_FORM.version }, (_, index) => index + 1);
    expect(versions.sort((a, b) => a - b)).toEqual(all);
  });

  it.each(versions)('[ENG-10] of version %i is gone on from', async (version) => {
    const text = readFileSync(new URL(`kept-${version}.json`, FOLDER), 'utf8');
    const snapshot = {
      position: { id: '1-0', added: 1 },
      savedAt: 1,
      state: JSON.parse(text) as unknown,
    };
    const read = await readSnapshot(await storedForm(snapshot, version), KEPT_FORM);
    if (read.kind !== 'read') throw new Error(read.why);
    const kept = read.snapshot.state as Kept;
    const floor = Floor.restore(kept.floor, OPTIONS);
    const { facts } = floor;
    expect(facts.agents.get('charles')).toMatchObject({ state: 'holding', team: 'blue' });
    expect(facts.agents.get('anna')).toMatchObject({ state: 'wrapup', since: at(60) });
    expect(facts.teams.get('blue')?.cover).toMatchObject({ state: 'covered', present: ['lea'] });
    expect(facts.queues.get('billing')).toMatchObject({
      waiting: 1,
      oldestAt: at(21),
      today: { offered: 2, answered: 2, withinTarget: 2 },
    });
    expect(facts.callbacks.get('p1')).toMatchObject({ state: 'open', dueAt: at(3_600) });
    expect(facts.assists.size).toBe(1);
    // Version 1 knew no alerts.
    const alerts = [...facts.alerts.values()].map(({ id, state, moves }) => [
      id,
      state,
      moves.length,
    ]);
    expect(alerts).toEqual(version === 1 ? [] : [['episode-1', 'firing', 1]]);
    const dedup = createDedupWindow(kept.dedup);
    expect(dedup.isRepeat({ source: 'pbx', id: 'e1' }, { id: '2-0', at: at(70) })).toBe(true);
    // Time and events go on as if nothing had been between.
    floor.expire(at(95));
    expect(facts.agents.get('anna')?.state).toBe('available');
    floor.apply(
      event({ type: 'contact.ended', subject: 'c1', data: {}, at: at(100), source: 'pbx' }),
    );
    expect(facts.queues.get('billing')?.today.holdMs).toBe(80_000);
  });
});
