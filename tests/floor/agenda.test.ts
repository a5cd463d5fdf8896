// Appointments of time: which hold, in which order, and what becomes of those that mean nothing any more.
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../server/floor/agenda.ts';
import type { Due } from '../../server/floor/agenda.ts';
import { createChance, seedFor } from '../support/chance.ts';

/** Whoever keeps the appointments of one kind: each id has one, or none. */
function keeper(agenda: Agenda): Map<string, number> {
  const due = new Map<string, number>();
  agenda.keeps('idle', (id) => due.get(id) ?? null);
  return due;
}

function takeAll(agenda: Agenda): Due[] {
  const taken: Due[] = [];
  for (let due = agenda.take(Infinity); due; due = agenda.take(Infinity)) taken.push(due);
  return taken;
}

describe('the agenda', () => {
  it('[FLR-55] holds no more entries than mean something, twice over and a thousand, whatever has ended since', () => {
    const agenda = new Agenda();
    const due = keeper(agenda);
    for (let n = 0; n < 50_000; n++) {
      agenda.add('idle', `c${n}`, n);
      due.set(`c${n}`, n);
      due.delete(`c${n - 100}`);
      agenda.tidy();
    }
    expect(agenda.size()).toBeLessThan(2 * 100 + 1_000 + 2);
    expect(takeAll(agenda).map(({ id }) => id)).toEqual([...due.keys()]);
  });

  it('[FLR-55] gives the same appointments at the same instants as one that nobody tidies', () => {
    const chance = createChance(seedFor('agenda'));
    const tidied = new Agenda();
    const plain = new Agenda();
    const due = [keeper(tidied), keeper(plain)];
    const taken: Due[][] = [[], []];
    for (let now = 0; now < 20_000; now++) {
      const id = `c${chance.below(3_000)}`;
      const at = now + chance.below(30_000);
      const isOver = chance.below(3) === 0;
      [tidied, plain].forEach((agenda, which) => {
        if (isOver) due[which]!.delete(id);
        else {
          due[which]!.set(id, at);
          agenda.add('idle', id, at);
        }
        for (let next = agenda.take(now); next; next = agenda.take(now)) {
          taken[which]!.push(next);
          due[which]!.delete(next.id);
        }
      });
      tidied.tidy();
    }
    expect(tidied.size()).toBeLessThan(plain.size());
    expect(taken[0]).toEqual(taken[1]);
    expect(taken[0]!.length).toBeGreaterThan(1_000);
  });
});
