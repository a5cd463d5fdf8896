// What the desk says of answers and of moves: plain words in three languages for all that the contract knows.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMAND_REFUSALS } from '../../server/contract/commands.ts';
import type { CommandRefused } from '../../server/contract/commands.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { Language } from '../../server/contract/lists.ts';

type Say = (key: string, params?: Readonly<Record<string, string | number>>) => string;
type Name = (agent: string) => string;
type Lost = { readonly lost: 'unsent' | 'unanswered' };
interface Move {
  readonly at: number;
  readonly to: string;
  readonly reason: string;
  readonly by: string | null;
  readonly why: string | null;
  readonly severity: string;
  readonly level: number;
}

/** By a name that the compiler does not follow: the build makes the catalogues, and it alone reads them as functions. */
async function load<M>(path: string): Promise<M> {
  return (await import(/* @vite-ignore */ new URL(path, import.meta.url).href)) as M;
}
const { speakDesk } = await load<{ speakDesk: (language: Language) => Say }>(
  '../../client/desk/desk-words.ts',
);
const { speak } = await load<{ speak: (language: Language) => Say }>('../../client/lib/words.ts');
const { whyNotDone } = await load<{
  whyNotDone: (answer: CommandRefused | Lost, say: Say, nameOf: Name) => string;
}>('../../client/desk/answer-words.ts');
const { moveWords } = await load<{
  moveWords: (move: Move, speech: { say: Say; wall: Say; nameOf: Name }) => string;
}>('../../client/desk/move-words.ts');

describe('what was not done', () => {
  it.each(LANGUAGES)('[DSK-6] has plain words in %s for every refusal', (language) => {
    const say = speakDesk(language);
    const words = COMMAND_REFUSALS.flatMap((refused) => [
      whyNotDone({ refused }, say, (id) => id),
      whyNotDone({ refused, by: 'jarvis', retryAfterMs: 2_500 }, say, () => 'Jarvis Lorry'),
    ]);
    words.push(whyNotDone({ lost: 'unsent' }, say, (id) => id));
    words.push(whyNotDone({ lost: 'unanswered' }, say, (id) => id));
    for (const one of words) {
      expect(one.length).toBeGreaterThan(5);
      expect(one).not.toMatch(/undefined|\{|jarvis/);
    }
    expect(words.filter((one) => one.includes('Jarvis Lorry')).length).toBe(2);
    expect(words.join(' ')).toContain('3 ');
  });

  it('[DSK-6] is said even where the server is younger than the page', () => {
    const answer = { refused: 'moon' } as unknown as CommandRefused;
    expect(whyNotDone(answer, speakDesk('en'), (id) => id)).toContain('moon');
  });
});

describe('the history', () => {
  it.each(LANGUAGES)('[DSK-11] has words in %s for every reason of a move', (language) => {
    const source = readFileSync('server/alerts/machine.ts', 'utf8');
    const [, list = ''] = /export type Reason =([^;]*);/.exec(source) ?? [];
    const reasons = [...list.matchAll(/'([\w-]+)'/g)].map(([, reason]) => reason ?? '');
    expect(reasons.length).toBeGreaterThan(15);
    const speech = { say: speakDesk(language), wall: speak(language), nameOf: () => 'Lea' };
    const words = reasons.map((reason) =>
      moveWords(
        { at: 0, to: 'firing', reason, by: 'lea', why: null, severity: 'P1', level: 2 },
        speech,
      ),
    );
    const others = reasons.map((reason) => speech.say('desk.move.other', { reason }));
    expect(words.filter((one) => others.includes(one))).toEqual([]);
    expect(new Set(words).size).toBe(reasons.length);
    expect(
      moveWords(
        { at: 0, to: 'firing', reason: 'moon', by: null, why: null, severity: 'P1', level: 2 },
        speech,
      ),
    ).toContain('moon');
  });
});
