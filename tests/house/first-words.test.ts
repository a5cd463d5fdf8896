// What a server waits for before it decides anything.
import { describe, expect, it } from 'vitest';
import { FirstWords } from '../../server/acting/first-words.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { Scene } from '../floor/scene.ts';

/** A floor that comes back so many seconds after its sources spoke last. */
function comeBack(after: number) {
  const scene = new Scene();
  for (const source of ['pbx', 'crm'])
    scene.tell(0, 'source.heartbeat', source, { everySeconds: 5 }, source);
  scene.wait(after);
  const clock = createManualClock();
  return { scene, clock, words: new FirstWords(scene.floor.facts, clock) };
}

describe('the first words', () => {
  it('[HSE-16] are not waited for where nobody fell silent', () => {
    expect(comeBack(10).words.areHeard).toBe(true);
    expect(new FirstWords(new Scene().floor.facts, createManualClock()).areHeard).toBe(true);
  });

  it('[HSE-16] are heard a second after the last source that fell silent speaks again', async () => {
    const { scene, clock, words } = comeBack(60);
    expect(words.areHeard).toBe(false);
    scene.tell(61, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx');
    await clock.advance(500);
    expect(words.areHeard).toBe(false);
    scene.tell(61, 'source.heartbeat', 'crm', { everySeconds: 5 }, 'crm');
    expect(words.areHeard).toBe(false);
    await clock.advance(999);
    expect(words.areHeard).toBe(false);
    await clock.advance(1);
    expect(words.areHeard).toBe(true);
  });

  it('[HSE-16] are waited for three seconds at most, and once', async () => {
    const { scene, clock, words } = comeBack(60);
    expect(words.areHeard).toBe(false);
    await clock.advance(2_999);
    expect(words.areHeard).toBe(false);
    await clock.advance(1);
    expect(words.areHeard).toBe(true);
    scene.wait(200);
    expect(words.areHeard).toBe(true);
  });
});
