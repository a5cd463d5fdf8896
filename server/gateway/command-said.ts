// What people say at the desk, checked: words of the contract with their instants read, or which of them are not.
import { z } from 'zod';
import type { CommandName, CommandRefused, CommandSays } from '../contract/commands.ts';
import { COMMANDS } from '../contract/commands.ts';
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import { CALLBACK_RESULTS, PRESENCES } from '../contract/lists.ts';
import { instant } from '../events/instant.ts';
import { isValueTooDeep } from '../events/nesting.ts';
import { problemOf, TOO_DEEP } from './problem.ts';

/** Characters of a reason or a comment. */
const WHY_MOST = 500;

const id = z.string({ error: ID_EXPECTED }).refine(isId, { error: ID_EXPECTED });
const text = z.string().max(WHY_MOST);
const once = z.string().min(1).max(64).optional();
const episode = { episode: id, expectedVersion: z.int().nonnegative().optional() };
const callback = { callback: id, once };

const SAYS = {
  acknowledge: z.object({ ...episode, why: text.optional() }),
  snooze: z.object({ ...episode, until: instant, why: text }),
  release: z.object({ ...episode, why: text.optional() }),
  comment: z.object({ episode: id, why: text }),
  see: z.object({ episode: id }),
  promise: z.object({
    callback: id.optional(),
    customer: z.object({
      id: text.optional(),
      name: text.optional(),
      address: text.optional(),
    }),
    dueAt: instant,
    team: id.optional(),
    contact: id.optional(),
    note: z.string().max(4_000).optional(),
    once,
  }),
  claim: z.object({ ...callback, from: id.optional() }),
  unclaim: z.object(callback),
  attempt: z.object({
    ...callback,
    contact: id.optional(),
    result: z.enum(CALLBACK_RESULTS),
    talkSeconds: z.number().nonnegative().max(1_000_000).optional(),
  }),
  complete: z.object({ ...callback, why: text.optional() }),
  cancel: z.object({ ...callback, why: text.optional() }),
  presence: z.object({
    presence: z.enum(PRESENCES),
    until: instant.optional(),
    via: text.optional(),
    once,
  }),
  cover: z.object({ team: id, until: instant.optional(), once }),
  uncover: z.object({ team: id, once }),
  assist: z.object({
    agent: id.optional(),
    contact: id.optional(),
    about: text.optional(),
    once,
  }),
  come: z.object({ assist: id, once }),
  close: z.object({ assist: id, once }),
} as const satisfies { readonly [C in CommandName]: z.ZodType<unknown, CommandSays[C]> };

/** A command with its words; instants are milliseconds. */
export type Heard<C extends CommandName = CommandName> = {
  [N in C]: { readonly name: N; readonly says: Readonly<z.output<(typeof SAYS)[N]>> };
}[C];

export type HeardOrNot =
  | { readonly kind: 'heard'; readonly heard: Heard }
  | { readonly kind: 'refused'; readonly answer: CommandRefused };

export function isCommand(name: string): name is CommandName {
  return (COMMANDS as readonly string[]).includes(name);
}

export function hear(name: CommandName, said: unknown): HeardOrNot {
  if (isValueTooDeep(said))
    return { kind: 'refused', answer: { refused: 'malformed', ...TOO_DEEP } };
  const parsed = SAYS[name].safeParse(said);
  if (parsed.success)
    return { kind: 'heard', heard: { name, says: parsed.data } as unknown as Heard };
  return { kind: 'refused', answer: { refused: 'malformed', ...problemOf(parsed.error, said) } };
}
