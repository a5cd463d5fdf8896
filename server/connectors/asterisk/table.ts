// What an installer may say about a site: whose phones are agents', which digits are dialled before a number, what its UserEvents mean.
import { z } from 'zod';
import { CALLBACK_RESULTS } from '../../contract/lists.ts';
import { SCHEMAS } from '../../events/schema.ts';
import type { EventType } from '../../events/schema.ts';
import { wordsOf } from '../../words-of.ts';

type Template =
  string | number | boolean | { readonly [key: string]: Template } | readonly Template[];

const template: z.ZodType<Template> = z.lazy(() =>
  z.union([
    z.string().max(1_000),
    z.number(),
    z.boolean(),
    z.record(z.string(), template),
    z.array(template),
  ]),
);

const globs = z.array(z.string().min(1).max(200)).max(1_000);

const mapping = z.strictObject({
  type: z.custom<EventType>(
    (value) => typeof value === 'string' && Object.hasOwn(SCHEMAS, value),
    'expected the type of an event, such as callback.promised',
  ),
  /** Id within its kind: `{Customer}`; the connector puts its own name before it. Contacts and agents are named by `@contact`, `{Agent|agent}`. */
  subject: z.string().min(1).max(200),
  data: z.record(z.string(), template).default({}),
});

const schema = z.strictObject({
  people: z
    .strictObject({
      /** Devices that are people's phones besides those of queue members and hints: `PJSIP/1*`. */
      include: globs.default([]),
      /** Devices that are never a person's: doors, trunks with a hint. */
      exclude: globs.default([]),
      /** Devices of people who are in no queue and free whenever their phone is: supervisors. */
      byDevice: globs.default([]),
      /** True: whoever has a hint in the dialplan is a person. */
      hints: z.boolean().default(true),
      /** Put before an agent's id, where two PBXs have the same extensions. */
      prefix: z.string().max(40).default(''),
    })
    .prefault({}),
  dialling: z
    .strictObject({
      /** Digits that are dialled before a customer's number and are no part of it. */
      strip: z.array(z.string().regex(/^[0-9*#+]{1,8}$/, 'expected up to 8 digits')).default([]),
    })
    .prefault({}),
  /** Site words to results of a callback, in capitals. */
  results: z.record(z.string(), z.enum(CALLBACK_RESULTS)).default({}),
  /** UserEvent to what it means; a name of the default table replaces it, an empty list silences it. */
  userEvents: z.record(z.string().min(1).max(200), z.array(mapping).max(10)).default({}),
});

export type AsteriskTable = z.output<typeof schema>;
export type UserEventMapping = z.output<typeof mapping>;

const RESULTS: AsteriskTable['results'] = {
  ANSWER: 'answered',
  ANSWERED: 'answered',
  BUSY: 'busy',
  NOANSWER: 'no-answer',
  'NO ANSWER': 'no-answer',
  CANCEL: 'no-answer',
  VOICEMAIL: 'voicemail',
  MACHINE: 'voicemail',
  CONGESTION: 'failed',
  CHANUNAVAIL: 'failed',
  INVALIDARGS: 'failed',
  FAILED: 'failed',
};

const USER_EVENTS: AsteriskTable['userEvents'] = {
  CallbackPromised: [
    {
      type: 'callback.promised',
      subject: '{Customer}',
      data: {
        customer: { address: '{Customer}', name: '{CustomerName}' },
        dueAt: '{DueInSeconds|due}',
        by: '{Agent|agent}',
        contact: '{@contact}',
        note: '{Note}',
      },
    },
  ],
  CallbackStarted: [
    { type: 'callback.claimed', subject: '{Customer}', data: { by: '{Agent|agent}' } },
  ],
  CallbackResult: [
    {
      type: 'callback.attempted',
      subject: '{Customer}',
      data: {
        by: '{Agent|agent}',
        contact: '{@contact}',
        result: '{Result|result}',
        talkSeconds: '{TalkSeconds|number}',
      },
    },
  ],
  CallbackReleased: [
    { type: 'callback.released', subject: '{Customer}', data: { by: '{Agent|agent}' } },
  ],
  CallbackCancelled: [
    {
      type: 'callback.cancelled',
      subject: '{Customer}',
      data: { by: '{Agent|agent}', why: '{Why}' },
    },
  ],
  AssistRequested: [
    {
      type: 'assist.requested',
      subject: '{Agent|agent}',
      data: { agent: '{Agent|agent}', contact: '{@held}', about: '{About}' },
    },
  ],
  AssistClaimed: [{ type: 'assist.claimed', subject: '{Agent|agent}', data: { by: '{By|agent}' } }],
  AssistEnded: [{ type: 'assist.closed', subject: '{Agent|agent}', data: { by: '{Agent|agent}' } }],
};

export type ParsedTable =
  | { readonly kind: 'table'; readonly table: AsteriskTable }
  /** Whole sentences: where, what was expected, what was given. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Reads a site's table, JSON as text or parsed, over the default one. */
export function parseAsteriskTable(given: unknown): ParsedTable {
  let value = given;
  if (typeof given === 'string')
    try {
      value = JSON.parse(given);
    } catch (error) {
      const why = wordsOf(error);
      return { kind: 'refused', problems: [`The Asterisk table: expected JSON; ${why}.`] };
    }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 20).map((issue) => {
      const where = issue.path.length === 0 ? 'the table' : issue.path.map(String).join('.');
      return `In the Asterisk table, ${where}: ${issue.message}.`;
    });
    return { kind: 'refused', problems };
  }
  const { results, userEvents, ...rest } = parsed.data;
  return {
    kind: 'table',
    table: {
      ...rest,
      results: { ...RESULTS, ...results },
      userEvents: { ...USER_EVENTS, ...userEvents },
    },
  };
}

/** The table of a site that says nothing. */
export const DEFAULT_TABLE: AsteriskTable = defaultTable();

function defaultTable(): AsteriskTable {
  const parsed = parseAsteriskTable({});
  if (parsed.kind === 'refused') throw new Error('invariant: the default table is valid');
  return parsed.table;
}

/** Tests a name against patterns in which `*` stands for any characters; capitals do not matter. */
export function createGlob(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map((pattern) => {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
    return new RegExp(`^${escaped}$`, 'i');
  });
  return (name) => tests.some((test) => test.test(name));
}
