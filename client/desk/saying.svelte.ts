// What is said to the server and how that fared. What was not done is said again as the same fact, by its note and by its form alike.
import type { CommandAnswer, CommandName, CommandSays } from '../../server/contract/commands.ts';
import { EPISODE_COMMANDS } from '../../server/contract/commands.ts';
import type { Clock } from '../live/clock.ts';
import type { CommandLost } from '../live/live.svelte.ts';
import type { NotDone } from './answer-words.ts';
import { isOpen, Unsettled } from './unsettled.ts';

/** `what` is the words of the button and its subject. */
export interface Said {
  readonly n: number;
  /** The words, by which the same ones are known. */
  readonly key: string;
  /** Of the form that it was said by. */
  readonly form?: string;
  readonly what: string;
  /** The row that it is about. */
  readonly about: string;
  readonly fate:
    | { readonly kind: 'sending' }
    | { readonly kind: 'done' }
    | { readonly kind: 'not-done'; readonly answer: NotDone; readonly again: () => void };
}

/** The form that something is said by. */
export interface ByForm {
  readonly form?: string;
  /** Called once it is done, also where it had to be said again. */
  readonly done?: () => void;
}

export interface Note extends Pick<Said, 'what' | 'about'>, ByForm {
  /** Asked before the same words are said again that perhaps were heard, where saying them twice would do it twice; null: not known. */
  readonly wasHeard?: () => Promise<boolean | null>;
}

type Keyed = Note & Pick<Said, 'key'>;

type Answer = CommandAnswer | CommandLost;

export interface SayingOptions {
  readonly command: <C extends CommandName>(name: C, says: CommandSays[C]) => Promise<Answer>;
  /** Of an open episode as it is seen now. */
  readonly version: (episode: string) => number | undefined;
  /** The server knows nobody here, or no session. */
  readonly unknown: () => void;
  readonly clock: Pick<Clock, 'after'>;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Milliseconds that "done" stays. */
const DONE_MS = 5_000;
/** So many notes are kept on the screen; the oldest go. */
const SAID_MOST = 6;

export class Saying {
  said = $state.raw<readonly Said[]>([]);
  readonly #options: SayingOptions;
  #n = 0;
  /** Moves on with the person, whose words are nobody else's. */
  #sitting = 0;
  readonly #unsettled: Unsettled;

  constructor(options: SayingOptions) {
    this.#options = options;
    this.#unsettled = new Unsettled(options.clock);
  }

  /** What is being sent of a row; null: nothing. */
  sending(about: string): string | null {
    return (
      this.said.find((one) => one.about === about && one.fate.kind === 'sending')?.what ?? null
    );
  }

  /** It is on its way, or nobody knows whether it was done: its form must not say other words in its place. */
  isUnsettled(form: string): boolean {
    return this.said.some(
      ({ fate, ...one }) =>
        one.form === form &&
        (fate.kind === 'sending' || (fate.kind === 'not-done' && isOpen(fate.answer))),
    );
  }

  /** True once it is done; whatever else becomes of it is said on the screen. */
  async tell<C extends CommandName>(name: C, says: CommandSays[C], note: Note): Promise<boolean> {
    const key = JSON.stringify([name, says]);
    return this.#say(name, this.#withOnce(name, says, key), { ...note, key });
  }

  forget(n: number): void {
    this.said = this.said.filter((one) => one.n !== n);
  }

  /** Somebody else sits down. */
  leave(): void {
    this.#sitting += 1;
    this.said = [];
    this.#unsettled.clear();
  }

  async #say<C extends CommandName>(name: C, words: CommandSays[C], note: Keyed): Promise<boolean> {
    const { what, about, key, form } = note;
    // Pressed again before it was answered: once is enough.
    if (this.sending(about) !== null) return false;
    const sitting = this.#sitting;
    this.#n += 1;
    const n = this.#n;
    const said = { n, key, what, about, ...(form === undefined ? {} : { form }) };
    this.said = this.said.filter(({ fate, ...one }) => fate.kind !== 'not-done' || one.key !== key);
    this.#put({ ...said, fate: { kind: 'sending' } });
    const answer = await this.#answer(name, words, key);
    if (sitting !== this.#sitting) return false;
    if ('ok' in answer) {
      this.#unsettled.done(key);
      this.#put({ ...said, fate: { kind: 'done' } });
      this.#options.clock.after(DONE_MS, () => this.forget(n));
      note.done?.();
      return true;
    }
    const once = 'once' in words ? String(words.once) : '';
    this.#unsettled.answered(name, key, { once, wasHeard: note.wasHeard, answer });
    // What was compared with an older version is said of the one that is seen now.
    const again = (): void => void this.#say(name, this.#seenNow(words), note);
    this.#put({ ...said, fate: { kind: 'not-done', answer, again } });
    if ('refused' in answer && (answer.refused === 'no-person' || answer.refused === 'session'))
      this.#options.unknown();
    return false;
  }

  async #answer<C extends CommandName>(
    name: C,
    words: CommandSays[C],
    key: string,
  ): Promise<Answer> {
    const heard = await this.#unsettled.of(key)?.wasHeard?.();
    if (heard === null) return { lost: 'unanswered' };
    return heard === true ? { ok: true } : this.#options.command(name, words);
  }

  #put(said: Said): void {
    const others = this.said.filter(({ n }) => n !== said.n);
    this.said = [...others, said].slice(-SAID_MOST);
  }

  /** A fact that is said twice with the same `once` is one fact. */
  #withOnce<C extends CommandName>(name: C, says: CommandSays[C], key: string): CommandSays[C] {
    if ((EPISODE_COMMANDS as readonly string[]).includes(name) || 'once' in says) return says;
    const { random } = this.#options;
    const once =
      this.#unsettled.of(key)?.once ??
      [random(), random()].map((part) => part.toString(36).slice(2)).join('');
    return { ...says, once };
  }

  #seenNow<S extends object>(says: S): S {
    if (!('expectedVersion' in says) || !('episode' in says)) return says;
    const version = this.#options.version(String(says.episode));
    return version === undefined ? says : { ...says, expectedVersion: version };
  }
}
