// `/sign-in/open-id`, `/sign-in/open-id/back`: the way through the company's own provider, and back with a session.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../access/accounts.ts';
import type { BegunSignIns } from '../access/begun-sign-ins.ts';
import type { OpenId, Vouched } from '../access/open-id.ts';
import type { Account } from '../access/records.ts';
import type { Sessions } from '../access/sessions.ts';
import { admit } from '../access/vouched.ts';
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import type { Facts } from '../floor/rows.ts';
import { LogTrouble } from '../log/log.ts';
import type { Throttle } from '../log/throttle.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Changes } from './changes.ts';
import { dropCookie, OPEN_ID_COOKIE, setCookie } from './cookies.ts';
import type { Doorman } from './doorman.ts';
import type { Note } from './note.ts';
import { profilesOf } from './profiles-of.ts';
import type { SignInTrouble } from './sign-in-page.ts';
import { beginSession, ownPage } from './sign-in.ts';

export interface OpenIdDoorOptions {
  readonly openId: OpenId;
  readonly begunSignIns: BegunSignIns;
  readonly doorman: Doorman;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly changes: Changes;
  readonly note: Note;
  readonly facts: Facts;
  readonly telemetry: Telemetry;
  /** Rejects where the log did not take them. */
  readonly append: (entries: readonly Fields[]) => Promise<unknown>;
}

const OPEN = { config: { door: 'open' } } as const;
export const OPEN_ID_PATH = '/sign-in/open-id';

export function openIdDoor(app: FastifyInstance, options: OpenIdDoorOptions): void {
  const { openId, begunSignIns, doorman, accounts, sessions, throttle } = options;
  const { changes, note, facts, telemetry, append } = options;
  const { back, name } = openId.settings;

  function fail(reply: FastifyReply, { trouble, next, why }: Failing): FastifyReply {
    if (why !== null) {
      const text = `A sign-in with ${name} failed: ${why}.`;
      telemetry.announce({ name: 'open-id.failed', severity: 'warn', text });
    }
    return reply.redirect(`/sign-in?${new URLSearchParams({ trouble, next }).toString()}`, 303);
  }
  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    next: string,
  ): Promise<FastifyReply> {
    const waitMs = await throttle.take('open-id', doorman.addressOf(request.raw));
    if (waitMs > 0) return fail(reply, { trouble: 'blocked', next, why: null });
    const beginning = await openId.begin();
    if (beginning.kind !== 'begun')
      return fail(reply, { trouble: TROUBLE[beginning.kind], next, why: beginning.why });
    const text = await begunSignIns.keep({ ...beginning.begun, next });
    setCookie(reply, 'openId', text, doorman.isSecure(request.raw));
    return reply.redirect(beginning.address.href, 303);
  }
  async function end(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = request.query as Readonly<Record<string, unknown>>;
    const state = typeof query.state === 'string' ? query.state : '';
    const begun = await begunSignIns.take(request.cookies[OPEN_ID_COOKIE] ?? '', state);
    if (begun === null)
      // Nothing of it is shown to the provider: a code that somebody else began is not redeemed for this browser.
      return fail(reply, {
        ...{ trouble: 'stale', next: '/' },
        why: 'this browser did not begin it, or not within ten minutes, or it came back before',
      });
    dropCookie(reply, 'openId');
    const { next } = begun;
    const ending = await openId.end(request.url.slice(request.url.indexOf('?')), begun);
    if (ending.kind !== 'vouched')
      return fail(reply, { trouble: TROUBLE[ending.kind], next, why: ending.why });
    return come(request, reply, { claims: ending.claims, next });
  }
  async function come(
    request: FastifyRequest,
    reply: FastifyReply,
    { claims, next }: { readonly claims: Vouched; readonly next: string },
  ): Promise<FastifyReply> {
    const admission = await admit(claims, { accounts, settings: openId.settings });
    if (admission.kind === 'out') {
      const { reason, account, why } = admission;
      if (account !== null) await sendAway(request, account);
      await note(request, 'sign-in-failed', account?.id ?? claims.sub, { by: 'open-id', why });
      return fail(reply, { trouble: TROUBLE[reason], next, why: `${why} (${claims.sub})` });
    }
    const { account, before } = admission;
    await follow(request, account, before);
    const { stamp } = account;
    const who = { person: account.id, said: null, by: 'open-id', stamp } as const;
    await beginSession(request, reply, who, { doorman, sessions });
    await note(request, 'signed-in', null, { by: 'open-id' }, account.id);
    return reply.redirect(next, 303);
  }
  /** What is open in their name closes. */
  async function sendAway(request: FastifyRequest, { id }: Account): Promise<void> {
    const ended = await sessions.endAll(id);
    if (ended === 0) return;
    await changes.tell('person', id, id);
    await note(request, 'session-ended', id, { ended: String(ended), by: 'open-id' });
  }
  /** Every server is told what is new, and the floor what it does not know so yet. */
  async function follow(
    request: FastifyRequest,
    account: Account,
    before: Account | null,
  ): Promise<void> {
    const { id, role, teams } = account;
    const isSame =
      before?.role === role &&
      before.openId === account.openId &&
      before.teams.join('\n') === teams.join('\n');
    if (!isSame) {
      const more = { role, teams: teams.join(' '), by: 'open-id' };
      await note(request, before === null ? 'person-made' : 'person-changed', id, more);
      await changes.tell('person', id, id);
    }
    const here = teams.filter((team) => facts.teams.has(team));
    warnOfTeams(teams.filter((team) => !here.includes(team)));
    const profiles = profilesOf({ ...account, teams: here }, facts);
    if (profiles.length > 0) await append(profiles.map(encode));
  }
  function warnOfTeams(strange: readonly string[]): void {
    if (strange.length === 0) return;
    const text = `PHAROS_OIDC_ROLES names teams that this floor does not have: ${strange.join(', ')}.`;
    telemetry.announce({ name: 'open-id.strange-team', severity: 'warn', text });
  }
  async function orAway(
    reply: FastifyReply,
    next: string,
    work: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogTrouble)) throw error;
      return fail(reply, { trouble: 'away', next, why: null });
    }
  }

  app.get(OPEN_ID_PATH, OPEN, (request, reply) => {
    const query = request.query as Readonly<Record<string, unknown>>;
    const next = ownPage(query.next);
    // The cookie has to be of the name to which the provider sends people back. `by`: a proxy may hide by which they came, so this is done once.
    const isThere = request.headers.host === back.host || query.by !== undefined;
    if (!isThere) {
      const there = new URLSearchParams({ next, by: 'name' });
      return reply.redirect(`${back.origin}${OPEN_ID_PATH}?${there.toString()}`, 303);
    }
    return orAway(reply, next, () => begin(request, reply, next));
  });
  app.get(`${OPEN_ID_PATH}/back`, OPEN, (request, reply) =>
    orAway(reply, '/', () => end(request, reply)),
  );
}

interface Failing {
  readonly trouble: SignInTrouble;
  readonly next: string;
  /** For the log; null: that knows. */
  readonly why: string | null;
}

const TROUBLE = {
  silent: 'silent',
  failed: 'openId',
  unknown: 'unknown',
  off: 'off',
  taken: 'taken',
  nameless: 'openId',
} as const satisfies Readonly<Record<string, SignInTrouble>>;
