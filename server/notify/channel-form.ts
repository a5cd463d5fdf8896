// What a way to reach somebody may be, and quiet hours: as the door, the settings and Redis say them.
import { z } from 'zod';
import { CHANNEL_NAME_MOST } from '../contract/channels.ts';
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import { LANGUAGES } from '../contract/lists.ts';

const id = z.string().refine(isId, { error: ID_EXPECTED });
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const common = {
  id,
  /** Of the browser, or what somebody called it. */
  name: z.string().min(1).max(CHANNEL_NAME_MOST).optional(),
  /** In which its words are; absent: the site's. */
  language: z.enum(LANGUAGES).optional(),
  /** What is urgent (P1) comes through in quiet hours. */
  breaksQuiet: z.boolean().default(false),
};

export const channelForm = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('push'),
    endpoint: webAddress,
    /** Of the browser's subscription, base64url. */
    keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
  }),
  z.object({
    ...common,
    kind: z.literal('webhook'),
    url: webAddress,
    /** `whsec_` and base64, as Standard Webhooks has it; null: it is not signed. */
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/)
      .nullable()
      .default(null),
    shape: z.enum(['json', 'slack']).default('json'),
  }),
  z.object({ ...common, kind: z.literal('email'), address: z.email().max(320) }),
]);

export const quietForm = z.object({
  from: clockTime,
  to: clockTime,
  /** IANA; absent: the site's. */
  zone: z.string().max(64).optional(),
  /** What is urgent (P1) comes through on all channels, not only on those that say so. */
  urgent: z.boolean().optional(),
});

export type Channel = Readonly<z.output<typeof channelForm>>;
export type ChannelIn = Readonly<z.input<typeof channelForm>>;
export type ChannelOf<K extends Channel['kind']> = Extract<Channel, { kind: K }>;
export type Quiet = Readonly<z.output<typeof quietForm>>;

/** Undefined: it is none. */
export function parseChannel(given: unknown): Channel | undefined {
  return channelForm.safeParse(given).data;
}

/** What was read, or the dotted names of the fields that are not sound. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unsound'; readonly fields: readonly string[] };

export function readChannel(given: unknown): Read<Channel> {
  return read(channelForm, given);
}

export function readQuiet(given: unknown): Read<Quiet> {
  return read(quietForm, given);
}

function read<T>(form: z.ZodType<T>, given: unknown): Read<T> {
  const parsed = form.safeParse(given);
  if (parsed.success) return { kind: 'read', value: parsed.data };
  return { kind: 'unsound', fields: parsed.error.issues.map(({ path }) => path.join('.')) };
}

/** Where it is wrong, and nothing of what stands there: that may be a secret. */
export function pathsOf({ issues }: z.ZodError): string {
  return issues.map(({ path }) => path.join('.') || 'all of it').join(', ');
}
