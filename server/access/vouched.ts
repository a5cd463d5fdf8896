// Whose account it is for whom the company's own provider vouches, and what their groups make of it.
import { isLogin, isName } from '../contract/access.ts';
import { isId } from '../contract/ids.ts';
import { loginOf } from './accounts.ts';
import type { Accounts } from './accounts.ts';
import { grantedTo, groupsIn } from './groups.ts';
import type { Claims, Granted } from './groups.ts';
import type { OpenIdSettings, Vouched } from './open-id.ts';
import type { Account } from './records.ts';

export type Admission =
  /** `before` null: the account is new. */
  | { readonly kind: 'in'; readonly account: Account; readonly before: Account | null }
  | {
      readonly kind: 'out';
      /** `unknown`: no group of theirs is granted anything. `off`: switched off here. `taken`: somebody else has the name. `nameless`: there is none to give them. */
      readonly reason: 'unknown' | 'off' | 'taken' | 'nameless';
      /** Theirs; null: they have none. */
      readonly account: Account | null;
      /** For the log. */
      readonly why: string;
    };

export interface Admitting {
  readonly accounts: Accounts;
  readonly settings: Pick<OpenIdSettings, 'groups' | 'grants'>;
}

/**
 * Who came before is known by issuer and subject alone, whatever their name or e-mail is by now. Rejects where Redis fails.
 *
 * Nobody takes an account over by a claim: only one that was made for a proved e-mail address, has no password and is no
 * installer's becomes theirs.
 */
export async function admit(claims: Vouched, parts: Admitting): Promise<Admission> {
  const { accounts, settings } = parts;
  const groups = groupsIn(claims, settings.groups);
  const granted = grantedTo(groups ?? [], settings.grants);
  const openId = `${claims.iss} ${claims.sub}`;
  const theirs = await accounts.ofOpenId(openId);
  if (theirs?.isDisabled === true) return out('off', theirs, 'the account is switched off');
  if (granted === null) return out('unknown', theirs, whyNothing(claims, groups, settings.groups));
  const own = theirs ?? (await ofProvedEmail(claims, accounts));
  if (own === null) return newcomer(claims, { openId, granted, accounts });
  const account = await accounts.follow(own.id, { ...granted, openId });
  if (account === null) return out('taken', null, `the account ${own.id} is not to be had`);
  return { kind: 'in', account, before: own };
}

/** The account of their proved e-mail address; null: none. Whether it waits for them is for `follow` to say. */
async function ofProvedEmail(claims: Claims, accounts: Accounts): Promise<Account | null> {
  const email = provedEmail(claims);
  return email === null ? null : accounts.ofLogin(email);
}

interface Newcomer {
  readonly openId: string;
  readonly granted: Granted;
  readonly accounts: Accounts;
}

async function newcomer(
  claims: Vouched,
  { openId, granted, accounts }: Newcomer,
): Promise<Admission> {
  const login = loginFrom(claims);
  if (login === null)
    return out('nameless', null, 'neither preferred_username nor a verified email is a login');
  const name = typeof claims.name === 'string' && isName(claims.name) ? claims.name : login;
  const made = await accounts.make({ id: login, name, login, ...granted, openId });
  if (made.kind === 'done') return { kind: 'in', account: made.account, before: null };
  // Two windows of one person at once.
  const meanwhile = await accounts.ofOpenId(openId);
  if (meanwhile !== null) return { kind: 'in', account: meanwhile, before: meanwhile };
  return out('taken', null, `somebody else has the name ${login} here`);
}

/** The name by which they are known there, or their e-mail address; null: neither can be one here. */
function loginFrom(claims: Claims): string | null {
  const { preferred_username: known } = claims;
  const login = typeof known === 'string' ? loginOf(known) : '';
  return isLogin(login) && isId(login) ? login : provedEmail(claims);
}

function provedEmail({ email, email_verified: isProved }: Claims): string | null {
  const login = typeof email === 'string' && isProved === true ? loginOf(email) : '';
  return isLogin(login) && isId(login) ? login : null;
}

function whyNothing(claims: Claims, groups: readonly string[] | undefined, claim: string): string {
  if (groups !== undefined) return `none of their ${groups.length} groups is in PHAROS_OIDC_ROLES`;
  // Entra ID says so where somebody is in more than 200.
  const isElsewhere = typeof claims._claim_names === 'object';
  return isElsewhere
    ? `they are in more groups than the provider puts into "${claim}"`
    : `the provider says nothing of "${claim}"`;
}

function out(
  reason: Extract<Admission, { readonly kind: 'out' }>['reason'],
  account: Account | null,
  why: string,
): Admission {
  return { kind: 'out', reason, account, why };
}
