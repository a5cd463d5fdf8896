// What access keeps: people, sessions, invitations, source tokens, paired screens. Of every secret only a hash.
import { z } from 'zod';
import { PERSON_ROLES } from '../contract/access.ts';
import type { Shelves } from '../log/shelves.ts';
import { keptOn } from './kept.ts';

const strings = z.array(z.string());

const account = z.object({
  id: z.string(),
  name: z.string(),
  /** As it is compared: see `loginOf`. */
  login: z.string(),
  role: z.enum(PERSON_ROLES),
  teams: strings,
  /** PHC string of argon2id; null: none was set. */
  password: z.string().nullable(),
  /** `ISSUER SUBJECT` of the provider that vouches for them; null: none does. */
  openId: z.string().nullable(),
  isDisabled: z.boolean(),
  /** Another one whenever what was signed in before is to be over: sessions bear it. */
  stamp: z.string().default(''),
  madeAt: z.number(),
  seenAt: z.number().nullable(),
});
export type Account = Readonly<z.output<typeof account>>;

/** By the hash of what the cookie holds. */
const session = z.object({
  /** Null: by the site's token, or at the demo. */
  person: z.string().nullable(),
  /** Who sits there, as they said themselves, where nobody signed in as a person. */
  said: z.string().nullable(),
  by: z.enum(['password', 'open-id', 'invitation', 'token', 'demo']),
  /** Of the account, or of the site's token, as it was when it was shown. */
  stamp: z.string().default(''),
  madeAt: z.number(),
  seenAt: z.number(),
  endsAt: z.number(),
  from: z.string(),
  browser: z.string(),
});
export type SessionRecord = Readonly<z.output<typeof session>>;

/** A one-time link by which a password is set, by its hash. */
const invitation = z.object({
  /** Null: it makes the first installer. */
  person: z.string().nullable(),
  by: z.string(),
  endsAt: z.number(),
});
export type Invitation = Readonly<z.output<typeof invitation>>;

/** A sign-in that went to the company's own provider, by the hash of what that browser's cookie holds. */
const begunSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** The page of ours to go to. */
  next: z.string(),
  endsAt: z.number(),
});
export type BegunSignIn = Readonly<z.output<typeof begunSignIn>>;

/** What a source may send, by its name. */
const source = z.object({
  grant: strings,
  /** Of its token; null: it may write its own stream only. */
  hash: z.string().nullable(),
  madeAt: z.number(),
  by: z.string(),
});
export type SourceGrant = Readonly<z.output<typeof source>>;

/** A paired television, by its id. */
const screen = z.object({
  /** Of what its cookie holds. */
  hash: z.string(),
  name: z.string(),
  board: z.string(),
  /** Null: as the board says. */
  inches: z.number().nullable(),
  seatMetres: z.number().nullable(),
  language: z.string().nullable(),
  pairedAt: z.number(),
  by: z.string(),
  browser: z.string(),
  from: z.string(),
});
export type ScreenRecord = Readonly<z.output<typeof screen>>;

/** The last word of a screen, by its id. */
const sign = z.object({
  /** Null: it never came. */
  seenAt: z.number().nullable(),
  paintedAt: z.number().nullable(),
  build: z.string().nullable(),
});
export type ScreenSign = Readonly<z.output<typeof sign>>;

/** A television that asks to be paired, by the hash of its code. */
const pairing = z.object({
  /** Of the secret that the television keeps: who has it is told what became of it. */
  hash: z.string(),
  /** Of what its cookie will hold. */
  cookie: z.string(),
  from: z.string(),
  browser: z.string(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  endsAt: z.number(),
  /** The screen that it became. */
  screen: z.string().nullable(),
});
export type Pairing = Readonly<z.output<typeof pairing>>;

const link = z.object({ agent: z.string(), madeAt: z.number(), by: z.string() });

export type Records = ReturnType<typeof recordsOn>;

export function recordsOn({ shelf }: Pick<Shelves, 'shelf'>) {
  return {
    accounts: keptOn(shelf('accounts'), account),
    /** Whose each login is: an account's id. */
    logins: keptOn(shelf('logins'), z.string()),
    sessions: keptOn(shelf('sessions'), session),
    invitations: keptOn(shelf('invitations'), invitation),
    begunSignIns: keptOn(shelf('begun-sign-ins'), begunSignIn),
    sources: keptOn(shelf('sources'), source),
    screens: keptOn(shelf('screens'), screen),
    signs: keptOn(shelf('screen-signs'), sign),
    pairings: keptOn(shelf('pairings'), pairing),
    /** The personal links of `/help`, by the hash of their token. */
    helpLinks: keptOn(shelf('help-links'), link),
  };
}
