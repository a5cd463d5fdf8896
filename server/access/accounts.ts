// Accounts: people who sign in as themselves. Who is invited sets a password by a link that works once.
import type { AccountSaid, PersonRole } from '../contract/access.ts';
import type { Invitation, Account } from './records.ts';
import type { Kept } from './kept.ts';
import { hashPassword, isPassword, passwordProblem } from './password.ts';
import type { PasswordProblem } from './password.ts';
import { hashOf, newSecret } from './secret.ts';
import type { Random } from './secret.ts';

/** Milliseconds for which an invitation is good; the first installer's ends sooner. */
export const INVITED_MS = 7 * 24 * 3_600_000;
export const FIRST_MS = 24 * 3_600_000;
/** A visit is written down at most so often (milliseconds). */
const SEEN_MS = 5 * 60_000;

export interface AccountsOptions {
  readonly accounts: Kept<Account>;
  readonly logins: Kept<string>;
  readonly invitations: Kept<Invitation>;
  readonly now: () => number;
  readonly random: Random;
}

export interface NewAccount {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly role: PersonRole;
  readonly teams: readonly string[];
  readonly openId?: string | null;
}

export type AccountChange = Partial<Omit<NewAccount, 'id'>> & { readonly isDisabled?: boolean };

export type AccountProblem =
  /** There is another account of this id, or with this login. */
  | 'id-taken'
  | 'login-taken'
  | 'unknown'
  /** Nobody would be left who may make accounts. */
  | 'last-installer';

export type AccountAnswer =
  | { readonly kind: 'done'; readonly account: Account }
  | { readonly kind: 'refused'; readonly problem: AccountProblem };

export type JoinAnswer =
  | { readonly kind: 'joined'; readonly account: Account }
  | { readonly kind: 'refused'; readonly problem: 'over' | 'login-taken' | PasswordProblem };

/** Logins are compared so: no case, no space around, one form of each letter. */
export function loginOf(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase();
}

/** All of these reject where Redis fails. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  read(id: string): Promise<Account | null> {
    return this.#options.accounts.read(id);
  }

  async list(): Promise<readonly Account[]> {
    const all = [...(await this.#options.accounts.all()).values()];
    return all.sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
  }

  async areAny(): Promise<boolean> {
    return (await this.#options.accounts.all()).size > 0;
  }

  /** Somebody may make accounts; else the first installer is looked for, whoever came by the company's own sign-in meanwhile. */
  async areInstallers(): Promise<boolean> {
    return (await this.list()).some(mayMake);
  }

  /** Whose password that is; null: nobody's who may come. */
  async signIn(login: string, password: string): Promise<Account | null> {
    const account = await this.ofLogin(login);
    const isRight = await isPassword(password, account?.password ?? null);
    return isRight && account !== null && !account.isDisabled ? account : null;
  }

  /** Somebody signs in with this name. */
  async isSomebodys(login: string): Promise<boolean> {
    return (await this.#options.logins.read(loginOf(login))) !== null;
  }

  async ofOpenId(openId: string): Promise<Account | null> {
    for (const account of (await this.#options.accounts.all()).values())
      if (account.openId === openId) return account;
    return null;
  }

  async ofLogin(login: string): Promise<Account | null> {
    const id = await this.#options.logins.read(loginOf(login));
    return id === null ? null : this.read(id);
  }

  async make(given: NewAccount): Promise<AccountAnswer> {
    const { accounts, logins, now } = this.#options;
    const login = loginOf(given.login);
    const account: Account = {
      ...{ id: given.id, name: given.name, login, role: given.role, teams: [...given.teams] },
      ...{ password: null, openId: given.openId ?? null, isDisabled: false, stamp: this.#stamp() },
      ...{ madeAt: now(), seenAt: null },
    };
    if (!(await logins.claim(login, given.id))) return refused('login-taken');
    if (await accounts.claim(given.id, account)) return { kind: 'done', account };
    await logins.drop(login);
    return refused('id-taken');
  }

  async change(id: string, change: AccountChange): Promise<AccountAnswer> {
    const { accounts, logins } = this.#options;
    const before = await this.read(id);
    if (before === null) return refused('unknown');
    const changed = changedBy(before, change);
    if (await this.#wouldBeTheLast(before, changed)) return refused('last-installer');
    const { login } = changed;
    if (login !== before.login && !(await logins.claim(login, id))) return refused('login-taken');
    // What was open when somebody was switched off stays over when they are switched on again.
    const stamp = change.isDisabled === true ? { stamp: this.#stamp() } : {};
    const account = await accounts.update(id, (present) => ({
      ...changedBy(present, change),
      ...stamp,
    }));
    if (account === null || login !== before.login)
      await logins.drop(account === null ? login : before.login);
    return account === null ? refused('unknown') : { kind: 'done', account };
  }

  /**
   * Makes of it what the provider that vouches for `openId` says, the last installer's account too: who is one is said
   * there. One that only waited for them is theirs from now on, and links by which a password could be set are over.
   * Null: it is not theirs, switched off or gone, and is as it was.
   */
  async follow(
    id: string,
    { role, teams, openId }: Pick<NewAccount, 'role' | 'teams'> & { readonly openId: string },
  ): Promise<Account | null> {
    const before = await this.read(id);
    const account = await this.#options.accounts.update(id, (present) =>
      (present.openId === openId && !present.isDisabled) || isWaiting(present)
        ? { ...present, role, teams: [...teams], openId }
        : null,
    );
    if (account !== null && before?.openId !== openId) await this.#uninvite(id);
    return account;
  }

  async remove(id: string): Promise<AccountAnswer> {
    const { accounts, logins } = this.#options;
    const account = await this.read(id);
    if (account === null) return refused('unknown');
    if (await this.#wouldBeTheLast(account, null)) return refused('last-installer');
    await accounts.drop(id);
    await logins.drop(account.login);
    await this.#uninvite(id);
    return { kind: 'done', account };
  }

  /** They were here at this instant. */
  async seen(account: Account): Promise<void> {
    const at = this.#options.now();
    if (account.seenAt !== null && at - account.seenAt < SEEN_MS) return;
    await this.#options.accounts.update(account.id, (present) => ({ ...present, seenAt: at }));
  }

  /** The secret of the link, told this once; links that the person had are over. `person` null: it makes the first installer. */
  async invite(person: string | null, by: string): Promise<string> {
    const { invitations, now, random } = this.#options;
    await this.#uninvite(person);
    const { text, hash } = newSecret(random);
    const endsAt = now() + (person === null ? FIRST_MS : INVITED_MS);
    await invitations.put(hash, { person, by, endsAt });
    return text;
  }

  /** Null: over, or never made. */
  async invitation(
    text: string,
  ): Promise<{ readonly hash: string; readonly account: Account | null } | null> {
    const { invitations, now } = this.#options;
    const hash = hashOf(text);
    const found = hash === null ? null : await invitations.read(hash);
    if (hash === null || found === null || found.endsAt <= now()) return null;
    if (found.person === null) return (await this.areInstallers()) ? null : { hash, account: null };
    const account = await this.read(found.person);
    return account === null || account.isDisabled ? null : { hash, account };
  }

  /** Takes an invitation up: sets the password of whom it was for, or makes the first installer, who says who they are. */
  async join(
    text: string,
    password: string,
    first: { readonly name: string; readonly login: string },
  ): Promise<JoinAnswer> {
    const invited = await this.invitation(text);
    if (invited === null) return { kind: 'refused', problem: 'over' };
    const { account } = invited;
    const { login, name } = account ?? first;
    const problem = passwordProblem(password, [loginOf(login), name]);
    if (problem !== null) return { kind: 'refused', problem };
    const hash = await hashPassword(password);
    // Of several who hold the same link, one is let in.
    if (!(await this.#options.invitations.drop(invited.hash)))
      return { kind: 'refused', problem: 'over' };
    if (account !== null) return { kind: 'joined', account: await this.#put(account, hash) };
    const id = first.login.trim();
    const made = await this.make({ id, name, login, role: 'installer', teams: [] });
    if (made.kind === 'refused') return { kind: 'refused', problem: 'login-taken' };
    return { kind: 'joined', account: await this.#put(made.account, hash) };
  }

  /** `wrong`: the old one is not theirs. */
  async setPassword(
    { id }: Account,
    old: string,
    password: string,
  ): Promise<PasswordProblem | 'wrong' | null> {
    const account = await this.read(id);
    if (account === null || !(await isPassword(old, account.password))) return 'wrong';
    const problem = passwordProblem(password, [account.login, account.name]);
    if (problem !== null) return problem;
    await this.#put(account, await hashPassword(password));
    return null;
  }

  async #put(account: Account, password: string): Promise<Account> {
    const changed = await this.#options.accounts.update(account.id, (present) => ({
      ...present,
      password,
      stamp: this.#stamp(),
    }));
    return changed ?? account;
  }

  #stamp(): string {
    return this.#options.random(9).toString('base64url');
  }

  async #uninvite(person: string | null): Promise<void> {
    const { invitations, now } = this.#options;
    for (const [hash, { person: of, endsAt }] of await invitations.all())
      if (of === person || endsAt <= now()) await invitations.drop(hash);
  }

  async #wouldBeTheLast(before: Account, after: Account | null): Promise<boolean> {
    if (!mayMake(before) || (after !== null && mayMake(after))) return false;
    return !(await this.list()).some((other) => other.id !== before.id && mayMake(other));
  }
}

/** Nobody came by it yet, and nobody could make others with it: whoever it was made for may have it by proving an address. */
function isWaiting({ password, openId, role, isDisabled }: Account): boolean {
  return password === null && openId === null && role !== 'installer' && !isDisabled;
}

function mayMake({ role, isDisabled }: Account): boolean {
  return role === 'installer' && !isDisabled;
}

function changedBy(before: Account, change: AccountChange): Account {
  return {
    ...before,
    login: change.login === undefined ? before.login : loginOf(change.login),
    name: change.name ?? before.name,
    role: change.role ?? before.role,
    teams: [...(change.teams ?? before.teams)],
    isDisabled: change.isDisabled ?? before.isDisabled,
  };
}

function refused(problem: AccountProblem): AccountAnswer {
  return { kind: 'refused', problem };
}

/** What installers are told of an account: nothing of its password. */
export function accountSaid(account: Account): AccountSaid {
  const { id, name, login, role, teams, password, isDisabled, madeAt, seenAt } = account;
  return {
    id,
    name,
    login,
    role,
    teams,
    hasPassword: password !== null,
    isDisabled,
    madeAt,
    seenAt,
  };
}
