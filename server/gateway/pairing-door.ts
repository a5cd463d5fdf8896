// `/pair` and `/api/v1/pairings`: a television that nobody knows shows a code, and asks what became of it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import type { Pairings } from '../access/pairings.ts';
import type { Screens } from '../access/screens.ts';
import type { Sessions } from '../access/sessions.ts';
import type { PairingBecame, PairingBegun } from '../contract/access.ts';
import type { Throttle } from '../log/throttle.ts';
import { baseOf } from './base-of.ts';
import type { Changes } from './changes.ts';
import { dropCookie, setCookie } from './cookies.ts';
import type { Doorman } from './doorman.ts';
import { SESSION_COOKIE } from './guard.ts';
import type { Guard } from './guard.ts';
import { boardPath } from './doors.ts';
import type { GatewaySettings } from './options.ts';

const BODY_MOST = 1_024;
/** Pixels that a screen may say it has. */
const PIXELS_MOST = 20_000;
/** Read by a phone across a room: dark on light, with the quiet border that the standard asks for. */
const QR = { ecc: 'M', border: 4, whiteColor: '#ffffff', blackColor: '#000000' } as const;
/** Seconds after which a television asks again by itself where it cannot be answered. */
const AGAIN_SECONDS = 10;

export interface PairingDoorOptions {
  readonly settings: GatewaySettings;
  readonly doorman: Doorman;
  readonly guard: Guard;
  readonly throttle: Throttle;
  readonly pairings: Pairings;
  readonly screens: Screens;
  readonly sessions: Sessions;
  readonly changes: Changes;
  readonly now: () => number;
}

/**
 * `GET /pair`: the page; a television that is paired goes to its board.
 * `POST /api/v1/pairings` `{width?, height?}`: 201 and `PairingBegun`; 429 for an address that asks too often, 503 where 200 are open or Redis is away, both with `retry-after`.
 * `GET /api/v1/pairings/mine` with `Authorization: Pairing TICKET`: `PairingBecame`, with the cookie once it is approved; 404 once it is over.
 */
export function pairingDoor(app: FastifyInstance, options: PairingDoorOptions): void {
  const { doorman, guard, throttle, pairings, screens, sessions, changes, now } = options;

  async function begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    const from = doorman.addressOf(request.raw);
    const waitMs = await throttle.take('pairing', from);
    if (waitMs > 0) return refuse(reply, 429, Math.ceil(waitMs / 1_000));
    const said = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    const begun = await pairings.begin({
      from,
      browser: request.headers['user-agent'],
      width: pixels(said.width),
      height: pixels(said.height),
    });
    if (begun === 'full') return refuse(reply, 503, AGAIN_SECONDS);
    const { code, ticket, endsAt } = begun;
    const url = `${baseOf(request, options)}/desk/screens`;
    const svg = renderSVG(`${url}?code=${code}`, QR);
    return reply
      .code(201)
      .send({ code, ticket, forMs: endsAt - now(), url, svg } satisfies PairingBegun);
  }
  async function became(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    const ticket = /^Pairing +(\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const answer = await pairings.became(ticket);
    if (answer.kind === 'open')
      return reply.send({
        state: 'open',
        forMs: answer.endsAt - now(),
      } satisfies PairingBecame);
    const screen = answer.kind === 'over' ? null : await screens.byId(answer.screen);
    // Approved, and revoked before it came for its cookie.
    if (answer.kind === 'over' || screen === null)
      return reply.code(404).send({ error: 'This code is over.' });
    await forgetPerson(request, reply);
    setCookie(reply, 'screen', answer.cookie, doorman.isSecure(request.raw));
    return reply.send({ state: 'paired', path: boardPath(screen.board) } satisfies PairingBecame);
  }
  /** A television is nobody's desk: whoever was signed in there would be shown in place of its board. */
  async function forgetPerson(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const text = request.cookies[SESSION_COOKIE];
    const held = text === undefined ? null : await sessions.read(text);
    if (held !== null) {
      await sessions.end(held.hash, held.record.person);
      await changes.tell('session', held.hash, held.record.person ?? 'nobody');
    }
    if (text !== undefined) dropCookie(reply, 'session');
  }

  app.get('/pair', { config: { door: 'open' } }, async (request, reply) => {
    const known = await guard.know(request.raw);
    if (known.kind === 'known' && known.identity.kind === 'screen')
      return reply.redirect(boardPath(known.identity.screen.board), 303);
    if (known.kind === 'refused' && known.reason === 'no-screen') dropCookie(reply, 'screen');
    return reply.header('cache-control', 'no-store').sendFile('pair.html');
  });
  app.post('/api/v1/pairings', { config: { door: 'link' }, bodyLimit: BODY_MOST }, begin);
  app.get('/api/v1/pairings/mine', { config: { door: 'link' } }, became);
}

function refuse(reply: FastifyReply, status: 429 | 503, seconds: number): FastifyReply {
  return reply
    .code(status)
    .header('retry-after', String(seconds))
    .send({
      error:
        status === 429
          ? 'Too many codes were asked for from this address; wait a minute.'
          : 'No code can be made just now; ask again.',
    });
}

/** A size that a screen can have; null: it does not say. */
function pixels(said: unknown): number | null {
  return typeof said === 'number' && said >= 1 && said <= PIXELS_MOST ? Math.round(said) : null;
}
