// What is said at the desk, and by whom: one fact however often it is pressed, and one person at a time.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandAnswer } from '../../server/contract/commands.ts';
import { HandClock } from '../support/hand-clock.ts';

type Lost = { readonly lost: 'unsent' | 'unanswered' };
type Answer = CommandAnswer | Lost;
type Words = Readonly<Record<string, unknown>>;
interface Note {
  readonly what: string;
  readonly about: string;
  readonly form?: string;
  readonly done?: () => void;
  readonly wasHeard?: () => Promise<boolean | null>;
}
interface Saying {
  readonly said: readonly {
    readonly n: number;
    readonly about: string;
    readonly fate: { readonly kind: string; readonly again?: () => void };
  }[];
  tell(name: string, says: Words, note: Note): Promise<boolean>;
  isUnsettled(form: string): boolean;
  forget(n: number): void;
  leave(): void;
}
interface Person {
  readonly id: string;
}
type SessionOf =
  { readonly person: Person | null } | { readonly trouble: 'status'; status: number };
interface WhoSits {
  readonly session: { readonly kind: string };
  readonly person: Person | null;
  ask(): Promise<void>;
  be(agent: string): Promise<object | null>;
  askAnew(): void;
  watch(): () => void;
}

/** By a name that the compiler does not follow: the build alone reads the marks of what is reactive. */
async function load<M>(path: string): Promise<M> {
  return (await import(/* @vite-ignore */ new URL(path, import.meta.url).href)) as M;
}
const { Saying } = await load<{ Saying: new (options: object) => Saying }>(
  '../../client/desk/saying.svelte.ts',
);
const { WhoSits } = await load<{ WhoSits: new (options: object) => WhoSits }>(
  '../../client/desk/who-sits.svelte.ts',
);

const LOST: Lost = { lost: 'unanswered' };
const OK: Answer = { ok: true };
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe('what is said', () => {
  let clock: HandClock;
  let answers: (Answer | Promise<Answer>)[];
  let heard: Words[];
  let saying: Saying;
  let chance: number;
  const promise = { customer: { name: 'Mrs Cruncher' }, dueAt: 5 };
  const note = (done = (): void => undefined): Note => ({
    ...{ what: 'New promise', about: 'new', form: 'f1', done },
  });

  beforeEach(() => {
    clock = new HandClock();
    [answers, heard, chance] = [[], [], 0];
    saying = new Saying({
      clock,
      random: () => (chance += 0.001),
      command(_name: string, says: Words) {
        heard.push(says);
        return Promise.resolve(answers.shift() ?? OK);
      },
      version: () => 7,
      unknown: () => undefined,
    });
  });
  const onces = (): readonly unknown[] => [...new Set(heard.map(({ once }) => once))];

  it('[DSK-63] is one fact from its form and from its note, and its form hears of the end', async () => {
    let done = 0;
    answers = [LOST, LOST, { refused: 'log' }];
    const press = (): Promise<boolean> =>
      saying.tell(
        'promise',
        promise,
        note(() => (done += 1)),
      );
    expect(await press()).toBe(false);
    expect(saying.isUnsettled('f1')).toBe(true);
    await press();
    expect(saying.said).toHaveLength(1);
    saying.said[0]?.fate.again?.();
    await settled();
    expect([heard.length, onces().length, done]).toEqual([3, 1, 0]);
    // Its note was closed, which does not make it another fact.
    saying.forget(saying.said[0]?.n ?? 0);
    expect(await press()).toBe(true);
    expect([onces().length, done, saying.isUnsettled('f1')]).toEqual([1, 1, false]);
    await press();
    expect(onces()).toHaveLength(2);
  });

  it('[DSK-63] is another fact in other words, after what was refused, and after ten minutes', async () => {
    answers = [LOST, { refused: 'past' }, OK, LOST];
    await saying.tell('promise', promise, note());
    await saying.tell('promise', { ...promise, dueAt: 6 }, { ...note(), form: 'f2' });
    // What was not done stays said, whatever else is.
    expect(saying.said).toHaveLength(2);
    expect([saying.isUnsettled('f1'), saying.isUnsettled('f2')]).toEqual([true, false]);
    saying.forget(saying.said[0]?.n ?? 0);
    expect(saying.isUnsettled('f1')).toBe(false);
    await saying.tell('promise', { ...promise, dueAt: 6 }, note());
    expect(onces()).toHaveLength(3);
    await saying.tell('promise', { ...promise, dueAt: 7 }, note());
    clock.advance(600_000);
    await saying.tell('promise', { ...promise, dueAt: 7 }, note());
    expect(onces()).toHaveLength(5);
  });

  it('[DSK-63] is another fact where it may have been undone meanwhile, but by its note', async () => {
    const claim = (): Promise<boolean> =>
      saying.tell('claim', { callback: 'b1' }, { what: 'I’ll call', about: 'b1' });
    answers = [LOST, LOST];
    await claim();
    saying.said[0]?.fate.again?.();
    await settled();
    expect(onces()).toHaveLength(1);
    await claim();
    expect(onces()).toHaveLength(2);
  });

  it('[DSK-63] of an episode is looked for in its history before it is said again', async () => {
    let found: boolean | null = null;
    let done = 0;
    const comment = (wasHeard = () => Promise.resolve(found)): Promise<boolean> =>
      saying.tell(
        'comment',
        { episode: 'e1', why: 'rang' },
        {
          ...{ what: 'Comment', about: 'e1', done: () => (done += 1) },
          wasHeard,
        },
      );
    answers = [LOST];
    await comment();
    // It is looked for since it was said first.
    expect(await comment(() => Promise.resolve(false))).toBe(false);
    expect(heard).toHaveLength(1);
    found = true;
    saying.said[0]?.fate.again?.();
    await settled();
    expect([heard.length, done, saying.said[0]?.fate.kind]).toEqual([1, 1, 'done']);
    // It is a second one now.
    await comment();
    expect(heard).toHaveLength(2);
  });

  it('[DSK-61] goes with the person who said it, whatever becomes of it', async () => {
    let answer: (said: Answer) => void = () => undefined;
    let done = 0;
    answers = [LOST, new Promise((resolve) => (answer = resolve))];
    await saying.tell('promise', promise, note());
    const late = saying.tell(
      'comment',
      { episode: 'e1', why: 'x' },
      {
        ...{ what: 'Comment', about: 'e1', done: () => (done += 1) },
      },
    );
    saying.leave();
    expect(saying.said).toEqual([]);
    answer(OK);
    expect(await late).toBe(false);
    expect([saying.said.length, done]).toEqual([0, 0]);
    await saying.tell('promise', promise, note());
    expect(onces().length).toBe(3);
  });
});

describe('who sits here', () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  let said: SessionOf;
  const watched: (() => void)[] = [];
  const open = (changes: string[] = []): WhoSits => {
    const who = new WhoSits({
      read: () => Promise.resolve(said),
      sit(agent: string) {
        said = { person: { id: agent } };
        return Promise.resolve({ id: agent });
      },
      changed: (from: string) => changes.push(from),
    });
    watched.push(who.watch());
    return who;
  };

  beforeEach(() => {
    said = { person: { id: 'lea' } };
    vi.stubGlobal('document', page);
  });
  afterEach(() => {
    for (const end of watched.splice(0)) end();
    vi.unstubAllGlobals();
  });

  it('[DSK-60] is asked again where it was not answered, and what is known stays meanwhile', async () => {
    const changes: string[] = [];
    said = { trouble: 'status', status: 503 };
    const who = open(changes);
    await who.ask();
    expect(who.session.kind).toBe('trouble');
    said = { person: { id: 'lea' } };
    page.dispatchEvent(new Event('visibilitychange'));
    await settled();
    expect([who.person?.id, changes]).toEqual(['lea', ['trouble']]);
    said = { trouble: 'status', status: 503 };
    const asking = who.ask();
    expect(who.session.kind).toBe('person');
    await asking;
    expect(who.person?.id).toBe('lea');
    said = { trouble: 'status', status: 401 };
    await who.ask();
    expect(who.session.kind).toBe('trouble');
  });

  it('[DSK-60] is told from tab to tab', async () => {
    const changes: string[] = [];
    const [one, other] = [open(changes), open()];
    await one.ask();
    await other.ask();
    await other.be('jarvis');
    await expect.poll(() => one.person?.id).toBe('jarvis');
    expect(changes).toEqual(['asking', 'person']);
  });

  it('[DSK-60] stays asked after “Not you?” until somebody is chosen, here or elsewhere', async () => {
    const who = open();
    await who.ask();
    who.askAnew();
    await who.ask();
    expect(who.session.kind).toBe('nobody');
    said = { person: { id: 'jarvis' } };
    await who.ask();
    expect(who.person?.id).toBe('jarvis');
    who.askAnew();
    expect(await who.be('jarvis')).toBeNull();
    expect(who.person?.id).toBe('jarvis');
  });
});
