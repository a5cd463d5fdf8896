// Is what we show true? The states that the screens are told.
import { describe, expect, it } from 'vitest';
import { HealthOfLog } from '../../server/engine/log-health.ts';

const live = (): HealthOfLog => {
  const health = new HealthOfLog(0);
  health.caughtUp(true);
  health.heard(1_000, 50_000);
  return health;
};

describe('the health of the log', () => {
  it('[ENG-1] is live while Redis answers, takes writes and all is folded', () => {
    expect(live().at(3_500)).toEqual({ state: 'live', reason: null, asOf: 50_000 });
  });

  it('[ENG-1] is not live before Redis has ever answered', () => {
    expect(new HealthOfLog(7).at(0)).toEqual({ state: 'lost', reason: 'unreachable', asOf: 7 });
  });

  it('[ENG-2] is frozen once Redis has been silent for 2.5 s', () => {
    expect(live().at(3_501)).toMatchObject({ state: 'lost', reason: 'frozen' });
  });

  it.each(['OOM', 'READONLY', 'LOADING', 'NOAUTH', 'unreachable', 'frozen'] as const)(
    '[ENG-2] says %s of a read or a write that was refused, and no longer once it goes through',
    (reason) => {
      const read = live();
      read.readFailed(reason);
      expect(read.at(1_100)).toMatchObject({ state: 'lost', reason });
      expect(read.readable).toBe(false);
      read.heard(1_200, 50_200);
      expect(read.at(1_300).state).toBe('live');
      const write = live();
      write.writeProbed(reason);
      expect(write.at(1_100)).toMatchObject({ state: 'lost', reason });
      write.writeProbed(null);
      expect(write.at(1_100).state).toBe('live');
    },
  );

  it('[ENG-2] is behind while a backlog is folded', () => {
    const health = new HealthOfLog(0);
    health.heard(0, 10);
    expect(health.at(10)).toEqual({ state: 'behind', reason: null, asOf: 10 });
  });

  it('[ENG-3] says gap until every teller has told anew, and 5 s at least', () => {
    const health = live();
    health.snapshotCame('asterisk/a');
    health.snapshotCame('asterisk/b');
    health.gapFound('trimmed', 2_000);
    health.snapshotCame('asterisk/a');
    health.heard(8_000, 60_000);
    expect(health.at(8_000)).toMatchObject({ state: 'gap', reason: 'trimmed' });
    health.snapshotCame('asterisk/b');
    expect(health.at(8_001).state).toBe('live');
  });

  it('[ENG-3] says gap for 5 s though nobody has anything to tell, and for 60 s though nobody tells', () => {
    const silent = live();
    silent.gapFound('emptied', 1_000);
    silent.heard(5_900, 60_000);
    expect(silent.at(5_999)).toMatchObject({ state: 'gap', reason: 'emptied' });
    expect(silent.at(6_000).state).toBe('live');
    const mute = live();
    mute.snapshotCame('demo');
    mute.gapFound('emptied', 1_000);
    mute.heard(60_000, 60_000);
    expect(mute.at(60_999).state).toBe('gap');
    expect(mute.at(61_000).state).toBe('live');
  });

  it('[ENG-4] says poisoned while the journal is dated from the future', () => {
    const health = live();
    health.poisoned(true);
    expect(health.at(1_500)).toMatchObject({ state: 'poisoned', reason: null });
  });

  it('[ENG-5] keeps its asOf', () => {
    const health = live();
    health.heard(2_000, 40_000);
    health.readFailed('unreachable');
    expect(health.at(90_000).asOf).toBe(50_000);
  });

  it('[ENG-5] stands still while writes are refused, while the journal is dated from the future, and while a gap stands', () => {
    const full = live();
    full.writeProbed('OOM');
    full.heard(2_000, 51_000);
    expect(full.at(2_000).asOf).toBe(50_000);
    full.writeProbed(null);
    full.heard(3_000, 52_000);
    expect(full.at(3_000)).toEqual({ state: 'live', reason: null, asOf: 52_000 });
    const dated = live();
    dated.poisoned(true);
    dated.heard(2_000, 51_000);
    expect(dated.at(2_000).asOf).toBe(50_000);
    const cut = live();
    cut.gapFound('trimmed', 1_500);
    cut.heard(2_000, 51_000);
    expect(cut.at(2_000)).toEqual({ state: 'gap', reason: 'trimmed', asOf: 50_000 });
    cut.heard(6_500, 55_500);
    expect(cut.at(6_500)).toEqual({ state: 'live', reason: null, asOf: 55_500 });
  });
});
