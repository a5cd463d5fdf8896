// `/a/TOKEN`: what a notification's link opens. Looking changes nothing, so that a mail scanner takes nothing; only a press takes.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CommandAnswer } from '../contract/commands.ts';
import type { Facts } from '../floor/rows.ts';
import type { Commands } from './commands.ts';
import { linkPage, LINK_STYLE } from './link-page.ts';
import type { LinkTrouble } from './link-page.ts';
import type { Capability } from './options.ts';
import { chooseLanguage } from './form-page.ts';
import type { Who } from './who.ts';

/** Bytes of the form. */
const FORM_MOST = 1_024;
/** Presses that a link knows; all else is for the desk. */
const PRESSES = ['acknowledge', 'release'] as const;

export interface LinksOptions {
  readonly facts: Facts;
  readonly now: () => number;
  readonly who: Who;
  readonly commands: Commands;
  /** Null: forged, cut, or over. */
  readonly readCapability: (token: string) => Capability | null;
}

export function links(app: FastifyInstance, options: LinksOptions): void {
  const { facts, now, who, commands, readCapability } = options;

  function capabilityOf(request: FastifyRequest): Capability | null {
    // A token may be longer than a parameter of a path.
    const { '*': token } = request.params as { readonly '*': string };
    const capability = readCapability(token);
    return capability !== null && capability.until > now() ? capability : null;
  }
  function show(
    { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
    status: number,
    trouble: LinkTrouble | null,
  ): FastifyReply {
    const capability = capabilityOf(request);
    const page = linkPage({
      language: chooseLanguage(request.headers['accept-language']),
      facts,
      now: now(),
      episode: (capability && facts.alerts.get(capability.episode)) ?? null,
      person: capability?.person ?? null,
      trouble,
    });
    return reply
      .code(status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page);
  }

  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_MOST },
      (_request, body, parsed) => {
        parsed(null, new URLSearchParams(String(body)));
      },
    );
    scope.get('/link.css', { config: { door: 'open' } }, async (_request, reply) =>
      reply.type('text/css; charset=utf-8').send(LINK_STYLE),
    );
    scope.get('/a/*', { config: { door: 'link' } }, async (request, reply) => {
      const capability = capabilityOf(request);
      const isThere = capability !== null && facts.alerts.has(capability.episode);
      return show({ request, reply }, isThere ? 200 : 410, isThere ? null : 'gone');
    });
    scope.post('/a/*', { config: { door: 'link' } }, async (request, reply) => {
      const capability = capabilityOf(request);
      if (capability === null) return show({ request, reply }, 410, 'gone');
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const press = PRESSES.find((name) => name === form.get('do'));
      if (press === undefined) return show({ request, reply }, 422, 'moved');
      if (who.mayAct(capability.person) === null)
        return show({ request, reply }, 403, 'notAllowed');
      const version = form.get('version') ?? '';
      // What is no number at all would be 0, and so a version.
      const expectedVersion = /^\d{1,9}$/.test(version) ? Number(version) : null;
      const said = { episode: capability.episode, expectedVersion };
      const answer = await commands.say(press, said, { id: capability.person, how: 'link' });
      // A page that is loaded anew must not press again.
      if ('ok' in answer) return reply.redirect(request.url, 303);
      const { status, trouble } = troubleOf(answer);
      return show({ request, reply }, status, trouble);
    });
    done();
  });
}

function troubleOf(answer: Exclude<CommandAnswer, { readonly ok: true }>): {
  readonly status: number;
  readonly trouble: LinkTrouble;
} {
  switch (answer.refused) {
    case 'unknown':
      return { status: 410, trouble: 'gone' };
    case 'log':
      return { status: 503, trouble: 'later' };
    case 'rate':
      return { status: 429, trouble: 'later' };
    case 'malformed':
      return { status: 422, trouble: 'moved' };
    case 'not-allowed':
    case 'no-person':
    case 'session':
      return { status: 403, trouble: 'notAllowed' };
    default:
      return { status: 409, trouble: 'moved' };
  }
}
