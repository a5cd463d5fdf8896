// `/api/v1/people`: installers make accounts, invite, change and end them, and see in which browsers somebody is signed in.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { accountSaid } from '../access/accounts.ts';
import type { AccountAnswer, Accounts } from '../access/accounts.ts';
import { nameInTrail, sessionOf } from '../access/identity.ts';
import type { Account } from '../access/records.ts';
import type { Sessions } from '../access/sessions.ts';
import { isLogin, isName, PERSON_ROLES } from '../contract/access.ts';
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import type { Facts } from '../floor/rows.ts';
import type { Changes } from './changes.ts';
import { decodedParts } from './decoded-parts.ts';
import type { Doorman } from './doorman.ts';
import { baseOf } from './base-of.ts';
import { identityOf } from './doors.ts';
import type { Note } from './note.ts';
import type { GatewaySettings } from './options.ts';
import { farewellOf, profilesOf } from './profiles-of.ts';
import { given, readBody } from './problem.ts';

const PEOPLE = '/api/v1/people';
const INSTALLER = { config: { least: 'installer' } } as const;

const id = z.string({ error: ID_EXPECTED }).refine(isId, { error: ID_EXPECTED });
const NAME = 'a name of 1 to 120 characters';
const name = z.string({ error: NAME }).refine(isName, { error: NAME });
const LOGIN = 'letters, digits and . _ - @ + only, 1 to 120';
const login = z
  .string({ error: LOGIN })
  .transform((typed) => typed.normalize('NFKC').trim().toLowerCase())
  .refine(isLogin, { error: LOGIN });
const role = z.enum(PERSON_ROLES, { error: `one of ${PERSON_ROLES.join(', ')}` });
const teams = z.array(id, { error: 'a list of ids of teams' }).max(100);

/** `id` missing: the login is the id, by which the floor knows them, too. */
const made = z.object({ id: id.optional(), name, login, role, teams: teams.default([]) });
const changed = z.object({
  name: name.optional(),
  login: login.optional(),
  role: role.optional(),
  teams: teams.optional(),
  isDisabled: z.boolean().optional(),
});

export interface PeopleDoorOptions {
  readonly settings: GatewaySettings;
  readonly doorman: Doorman;
  readonly facts: Facts;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly changes: Changes;
  readonly note: Note;
  /** Rejects where the log did not take them. */
  readonly append: (entries: readonly Fields[]) => Promise<unknown>;
}

export function peopleDoor(app: FastifyInstance, options: PeopleDoorOptions): void {
  const { settings, doorman, facts, accounts, sessions, changes, note, append } = options;

  async function invited(request: FastifyRequest, account: Account): Promise<string> {
    const secret = await accounts.invite(account.id, nameInTrail(identityOf(request)));
    await note(request, 'invited', account.id);
    return `${baseOf(request, { settings, doorman })}/welcome/${secret}`;
  }
  /** The floor knows them by the same id: whom to tell, who covers. */
  async function onFloor(account: Account): Promise<void> {
    const profiles = profilesOf(account, facts);
    if (profiles.length > 0) await append(profiles.map(encode));
  }
  async function after(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: AccountAnswer,
  ): Promise<FastifyReply> {
    if (answer.kind === 'refused') return refuse(reply, answer.problem);
    const { account } = answer;
    if (account.isDisabled) await sessions.endAll(account.id);
    await changes.tell('person', account.id, account.id);
    const { role: as, teams: of, isDisabled } = account;
    const more = { role: as, teams: of.join(' '), ...(isDisabled ? { isDisabled: 'yes' } : {}) };
    await note(request, 'person-changed', account.id, more);
    await onFloor(account);
    return reply.send({ person: accountSaid(account) });
  }

  app.get(PEOPLE, INSTALLER, async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .send({ people: (await accounts.list()).map(accountSaid) }),
  );
  app.post(PEOPLE, INSTALLER, async (request, reply) => {
    const read = readBody(made, request.body);
    if (read.kind === 'problem') return reply.code(422).send(read.problem);
    const unknown = read.value.teams.find((team) => !facts.teams.has(team));
    if (unknown !== undefined) return unknownTeam(reply, unknown);
    const answer = await accounts.make({ ...read.value, id: read.value.id ?? read.value.login });
    if (answer.kind === 'refused') return refuse(reply, answer.problem);
    const { account } = answer;
    await note(request, 'person-made', account.id, { role: account.role });
    await changes.tell('person', account.id, account.id);
    await onFloor(account);
    const link = await invited(request, account);
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ person: accountSaid(account), link });
  });
  app.patch(`${PEOPLE}/*`, INSTALLER, async (request, reply) => {
    const [of = ''] = partsOf(request);
    const read = readBody(changed, request.body);
    if (read.kind === 'problem') return reply.code(422).send(read.problem);
    const unknown = read.value.teams?.find((team) => !facts.teams.has(team));
    if (unknown !== undefined) return unknownTeam(reply, unknown);
    return after(request, reply, await accounts.change(of, read.value));
  });
  app.delete(`${PEOPLE}/*`, INSTALLER, async (request, reply) => {
    const [of = '', what, session, ...more] = partsOf(request);
    if (what === 'sessions' && more.length === 0) return endSessions(request, reply, of, session);
    if (what !== undefined) return reply.code(404).send(NO_PLACE);
    const answer = await accounts.remove(of);
    if (answer.kind === 'refused') return refuse(reply, answer.problem);
    await sessions.endAll(of);
    await changes.tell('person', of, of);
    await note(request, 'person-removed', of);
    await append(farewellOf(of, facts).map(encode));
    return reply.send({ ok: true });
  });
  app.post(`${PEOPLE}/*`, INSTALLER, async (request, reply) => {
    const [of = '', what, ...more] = partsOf(request);
    if (what !== 'invitation' || more.length > 0) return reply.code(404).send(NO_PLACE);
    const account = await accounts.read(of);
    if (account === null || account.isDisabled) return refuse(reply, 'unknown');
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({
        person: accountSaid(account),
        link: await invited(request, account),
      });
  });
  app.get(`${PEOPLE}/*`, INSTALLER, async (request, reply) => {
    const [of = '', what, ...more] = partsOf(request);
    if (what !== 'sessions' || more.length > 0) return reply.code(404).send(NO_PLACE);
    const own = sessionOf(identityOf(request))?.hash ?? null;
    return reply.header('cache-control', 'no-store').send({ sessions: await sessions.of(of, own) });
  });

  async function endSessions(
    request: FastifyRequest,
    reply: FastifyReply,
    of: string,
    session: string | undefined,
  ): Promise<FastifyReply> {
    const ended =
      session === undefined ? await sessions.endAll(of) : Number(await sessions.end(session, of));
    await changes.tell('person', of, of);
    await note(request, 'session-ended', of, { ended: String(ended) });
    return reply.send({ ended });
  }
}

const NO_PLACE = {
  error:
    'Expected /api/v1/people/ID, /api/v1/people/ID/invitation or /api/v1/people/ID/sessions, the id percent-encoded.',
};

function partsOf({ url }: FastifyRequest): readonly string[] {
  return decodedParts(url, `${PEOPLE}/`) ?? [];
}

function unknownTeam(reply: FastifyReply, team: string): FastifyReply {
  return reply
    .code(422)
    .send({ field: 'teams', expected: 'ids of teams of this floor', given: given(team) });
}

function refuse(
  reply: FastifyReply,
  problem: Extract<AccountAnswer, { readonly kind: 'refused' }>['problem'],
): FastifyReply {
  switch (problem) {
    case 'id-taken':
    case 'login-taken':
      return reply.code(409).send({ problem, error: 'Somebody else has this name here already.' });
    case 'unknown':
      return reply.code(404).send({ problem, error: 'There is no such account.' });
    case 'last-installer':
      return reply
        .code(409)
        .send({ problem, error: 'Nobody would be left who may make accounts.' });
    default:
      return problem satisfies never;
  }
}
