// Commands at the door: whether this screen and this person may say it now, how fast, and in words of the contract; then they are handed on.
import type { Clock } from '../clock.ts';
import type { CommandAnswer, CommandName, CommandRefusal } from '../contract/commands.ts';
import type { Audience } from '../contract/lists.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';
import { hear } from './command-said.ts';
import type { Identity } from '../access/identity.ts';
import type { Facts } from '../floor/rows.ts';
import type { Guard } from './guard.ts';
import type { Obey, Speaker } from './options.ts';
import { Pace } from './pace.ts';
import type { Who } from './who.ts';
import { isWithin, sightOf } from './within.ts';

export interface CommandsOptions {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly facts: Facts;
  readonly guard: Guard;
  readonly who: Who;
  readonly obey: Obey;
  /** Somebody uses what they have. */
  readonly onCame: (identity: Identity) => void;
  readonly perSecond: number;
}

/** One who says commands: a socket. */
export interface Mouth {
  readonly pace: Pace;
  /** As it was known last. */
  readonly identity: Identity;
  readonly audience: Audience;
}

/** People whose pace is remembered; who is not heard of for long comes with a full one. */
const PACES_MOST = 10_000;

export class Commands {
  readonly #options: CommandsOptions;
  readonly #paces = new Map<string, Pace>();

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** A pace for one more socket. */
  pace(): Pace {
    return new Pace(this.#options.perSecond, this.#options.clock.monotonic());
  }

  /** By a socket: asked anew at each message, since a person may have lost the right since the last. */
  async hear(name: CommandName, said: unknown, mouth: Mouth): Promise<CommandAnswer> {
    if (!mouth.pace.take(this.#options.clock.monotonic())) return this.#tooFast(name);
    if (mouth.audience === 'public') return this.#refuse(name, 'not-allowed');
    const identity = await this.#options.guard.again(mouth.identity);
    if (identity === 'away') return this.#refuse(name, 'log');
    if (identity === null) return this.#refuse(name, 'session');
    this.#options.onCame(identity);
    return this.sayAs(identity, name, said);
  }

  /** In the name of whoever sits there, about what they may see. */
  async sayAs(identity: Identity, name: CommandName, said: unknown): Promise<CommandAnswer> {
    const judged = this.#options.who.judge(identity);
    if (judged.kind === 'refused') return this.#refuse(name, judged.reason);
    return this.say(name, said, judged.speaker, identity);
  }

  /** In the name of somebody who may; `identity`: who only may what is about something that they see. */
  async say(
    name: CommandName,
    said: unknown,
    by: Speaker,
    identity?: Identity,
  ): Promise<CommandAnswer> {
    const { clock, telemetry, obey, facts } = this.#options;
    if (!this.#paceOf(by.id).take(clock.monotonic())) return this.#tooFast(name);
    const read = hear(name, said);
    if (
      read.kind === 'heard' &&
      identity !== undefined &&
      !isWithin(read.heard, sightOf(identity, facts), facts)
    )
      return this.#refuse(name, 'unknown');
    const answer =
      read.kind === 'refused' ? read.answer : await obey(read.heard, by).catch(this.#failed(name));
    const outcome = 'refused' in answer ? answer.refused : 'ok';
    telemetry.announce({
      name: 'gateway.command',
      severity: 'debug',
      fields: { command: name, outcome },
    });
    return answer;
  }

  #refuse(command: CommandName, refused: CommandRefusal): CommandAnswer {
    this.#options.telemetry.announce({
      name: 'gateway.command',
      severity: 'debug',
      fields: { command, outcome: refused },
    });
    return { refused };
  }

  #tooFast(name: CommandName): CommandAnswer {
    return { ...this.#refuse(name, 'rate'), refused: 'rate', retryAfterMs: 1_000 };
  }

  /** A mistake of ours costs one command, and is said. */
  #failed(name: CommandName): (error: unknown) => CommandAnswer {
    return (error) => {
      const text = `The command ${name} failed: ${wordsOf(error)}`;
      this.#options.telemetry.announce({ name: 'gateway.failed', severity: 'error', text });
      return { refused: 'log' };
    };
  }

  #paceOf(person: string): Pace {
    const known = this.#paces.get(person);
    if (known !== undefined) return known;
    if (this.#paces.size >= PACES_MOST) this.#paces.clear();
    const pace = this.pace();
    this.#paces.set(person, pace);
    return pace;
  }
}
