// `/api/v1/screens`, `/api/v1/pairings/CODE`: a supervisor approves a television by its code, changes, finds, reloads and revokes it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nameInTrail } from '../access/identity.ts';
import { readCode, shownCode } from '../access/codes.ts';
import { PAIRING_MS } from '../access/pairings.ts';
import type { FoundPairing, Pairings } from '../access/pairings.ts';
import type { Screens } from '../access/screens.ts';
import { SCREEN_ORDERS } from '../contract/access.ts';
import type { PairingSaid, ScreensAnswer, TrailWord } from '../contract/access.ts';
import { DESK_BOARD } from '../contract/board.ts';
import type { Board } from '../contract/board.ts';
import type { Throttle } from '../log/throttle.ts';
import type { Changes } from './changes.ts';
import { identityOf } from './doors.ts';
import type { Note } from './note.ts';
import { given } from './problem.ts';
import type { Problem } from './problem.ts';
import { asChanged, readScreen } from './screen-form.ts';

const BODY_MOST = 4_096;
const SUPERVISOR = { config: { least: 'supervisor' }, bodyLimit: BODY_MOST } as const;

export interface ScreensDoorOptions {
  readonly pairings: Pairings;
  readonly screens: Screens;
  readonly throttle: Throttle;
  readonly changes: Changes;
  readonly note: Note;
  readonly now: () => number;
  readonly boards: () => readonly Board[];
}

interface Identified {
  readonly id: string;
}

/**
 * `GET /api/v1/pairings/CODE`: `PairingSaid`; 404 where no code of that is good.
 * `GET /api/v1/screens`: `ScreensAnswer`.
 * `POST /api/v1/screens` `{code, name, board, inches?, seatMetres?, language?}`: 201 and `ScreenSaid`; 404 as above, 409 where somebody was quicker.
 * `PATCH /api/v1/screens/ID` with any of these but the code: `ScreenSaid`.
 * `POST /api/v1/screens/ID/identify`, `/reload`: 202; the screen does it if it is there.
 * `DELETE /api/v1/screens/ID`: its cookie opens nothing any more.
 * 422 `{field, expected, given}` for what is no screen; 429 with `retry-after` after five wrong codes in a minute; 404 for an unknown id; 503 while Redis is away.
 */
export function screensDoor(app: FastifyInstance, options: ScreensDoorOptions): void {
  const { pairings, screens, throttle, changes, note, now } = options;
  const boards = (): readonly Board[] => options.boards().filter(({ id }) => id !== DESK_BOARD.id);

  /** A code is counted before it is looked at, so that many at once are no more tries. */
  async function find(request: FastifyRequest, typed: unknown): Promise<FoundPairing | Refused> {
    if (typeof typed !== 'string' || readCode(typed) === null)
      return {
        status: 422,
        body: { field: 'code', expected: 'the eight letters on the screen', given: given(typed) },
      };
    const who = nameInTrail(identityOf(request));
    const waitMs = await throttle.take('code', who);
    if (waitMs > 0) return { status: 429, waitMs, body: { error: 'Too many wrong codes; wait.' } };
    const found = await pairings.find(typed);
    if (found === null) return { status: 404, body: { error: 'No screen shows this code.' } };
    await throttle.forget('code', who);
    return found;
  }
  async function done(request: FastifyRequest, what: TrailWord, id: string, name: string) {
    await changes.tell('screen', id, id);
    await note(request, what, id, { name });
  }

  app.get('/api/v1/pairings/:code', SUPERVISOR, async (request, reply) => {
    const { code } = request.params as { readonly code: string };
    const found = await find(request, code);
    if ('status' in found) return refuse(reply, found);
    const { from, browser, width, height, endsAt } = found.pairing;
    const forMs = endsAt - now();
    const shown = shownCode(readCode(code) ?? '');
    return reply.header('cache-control', 'no-store').send({
      ...{ code: shown, from, browser, width, height },
      ...{ ageMs: PAIRING_MS - forMs, forMs },
    } satisfies PairingSaid);
  });
  app.get('/api/v1/screens', SUPERVISOR, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({
      screens: await screens.list(),
      boards: boards().map(({ id, name, audience, language, screen }) => ({
        ...{ id, name, audience, language },
        ...screen,
      })),
    } satisfies ScreensAnswer),
  );
  app.post('/api/v1/screens', SUPERVISOR, async (request, reply) => {
    const said = readScreen(request.body, boards());
    if ('problem' in said) return refuse(reply, { status: 422, body: said.problem });
    const { code } = request.body as { readonly code?: unknown };
    const found = await find(request, code);
    if ('status' in found) return refuse(reply, found);
    const screen = await screens.pair(found, said, nameInTrail(identityOf(request)));
    if (screen === null)
      return refuse(reply, { status: 409, body: { error: 'Somebody was quicker.' } });
    await done(request, 'screen-paired', screen.id, screen.name);
    return reply.code(201).send(screen);
  });
  app.patch('/api/v1/screens/:id', SUPERVISOR, async (request, reply) => {
    const { id } = request.params as Identified;
    const wrong: Problem[] = [];
    const screen = await screens.change(id, (before) => {
      const said = readScreen(asChanged(before, request.body), boards(), before.board);
      if (!('problem' in said)) return said;
      wrong.push(said.problem);
      return null;
    });
    if (wrong[0] !== undefined) return refuse(reply, { status: 422, body: wrong[0] });
    if (screen === null) return refuse(reply, UNKNOWN);
    await done(request, 'screen-changed', id, screen.name);
    return reply.send(screen);
  });
  app.delete('/api/v1/screens/:id', SUPERVISOR, async (request, reply) => {
    const { id } = request.params as Identified;
    const screen = await screens.revoke(id);
    if (screen === null) return refuse(reply, UNKNOWN);
    await done(request, 'screen-ended', id, screen.name);
    return reply.send({ ok: true });
  });
  for (const order of SCREEN_ORDERS)
    app.post(`/api/v1/screens/:id/${order}`, SUPERVISOR, async (request, reply) => {
      const { id } = request.params as Identified;
      if ((await screens.byId(id)) === null) return refuse(reply, UNKNOWN);
      await changes.tell('screen', id, id, order);
      return reply.code(202).send({ ok: true });
    });
}

interface Refused {
  readonly status: 404 | 409 | 422 | 429;
  readonly waitMs?: number;
  readonly body: { readonly error: string } | Problem;
}

const UNKNOWN: Refused = { status: 404, body: { error: 'There is no such screen.' } };

function refuse(reply: FastifyReply, { status, waitMs, body }: Refused): FastifyReply {
  if (waitMs !== undefined) void reply.header('retry-after', String(Math.ceil(waitMs / 1_000)));
  return reply.code(status).send(body);
}
