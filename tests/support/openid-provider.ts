// A real OpenID provider on loopback, in which a test says who signs in, what they are called there, and what of its answers is to be wrong.
import { createSign, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import Provider from 'oidc-provider';
import type { Context } from 'oidc-provider';
import { freePort } from './pharos.ts';

export const CLIENT_ID = 'pharos';
export const CLIENT_SECRET = 'a-secret-that-is-told-to-nobody';

/** Seconds that what the provider gives out lasts. */
const TTL = 600;

export type Claims = Readonly<Record<string, unknown>>;

export interface OpenIdProvider {
  readonly issuer: URL;
  /** Who signs in there next, by their subject; null: they say no. */
  person: string | null;
  /** What is known of each, by subject. */
  readonly people: Map<string, Claims>;
  /** Changes the claims of each ID token, which is then signed anew; null: it is let be. */
  tamper: ((claims: Claims) => Claims) | null;
  /** Signs what is changed with a key that is not the provider's. */
  signsWrong: boolean;
  /** The form of each request for a token. */
  readonly redeemed: ReadonlyMap<string, string>[];
  /** How often its metadata were asked for. */
  discovered: number;
  /** Set: it takes requests and never answers them. */
  isMute: boolean;
  /** Answers nobody any more, until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface OpenIdProviderOptions {
  readonly back: string;
  /** Pharos has no secret there. */
  readonly isPublic?: boolean;
  /** As the standard has it: the ID token has the subject only, userinfo the rest. */
  readonly isShort?: boolean;
}

/** Made once, since that takes a while. */
const [privateKey, wrongKey] = [1, 2].map(
  () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
) as [KeyObject, KeyObject];

export async function startOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const port = await freePort();
  const issuer = new URL(`http://127.0.0.1:${port}`);
  const people = new Map<string, Claims>();
  const provider = new Provider(issuer.origin, {
    clients: [
      {
        client_id: CLIENT_ID,
        redirect_uris: [options.back],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        ...(options.isPublic === true
          ? { token_endpoint_auth_method: 'none' }
          : { client_secret: CLIENT_SECRET, token_endpoint_auth_method: 'client_secret_post' }),
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }] },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the tests'] },
    claims: {
      openid: ['sub', 'groups'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: options.isShort === true,
    findAccount: (_context: Context, subject: string) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...people.get(subject) }),
    }),
    ttl: { Interaction: TTL, Grant: TTL, Session: TTL, AccessToken: TTL, IdToken: TTL },
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => '/who' },
    // Nobody is asked what Pharos may know.
    async loadExistingGrant({ oidc }: Context) {
      const { accountId } = oidc.session;
      const grant = new provider.Grant({ accountId, clientId: oidc.client.clientId });
      grant.addOIDCScope(oidc.params.scope ?? '');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    if (context.path === '/who') {
      const { person } = stage;
      const result =
        person === null ? { error: 'access_denied' } : { login: { accountId: person } };
      await provider.interactionFinished(context.req, context.res, result);
      return;
    }
    if (context.path.startsWith('/.well-known/')) stage.discovered += 1;
    await next();
    const answer = context.body as { id_token?: string } | undefined;
    if (context.path !== '/token') return;
    stage.redeemed.push(new Map(Object.entries(context.oidc.body)));
    if (answer?.id_token !== undefined && stage.tamper !== null)
      answer.id_token = signed(stage.tamper(claimsOf(answer.id_token)));
  });

  function signed(claims: Claims): string {
    const text = [{ alg: 'RS256', kid: 'one' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const key = stage.signsWrong ? wrongKey : privateKey;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  }

  let server: Server | null = null;
  const answer = provider.callback();
  const stage: OpenIdProvider = {
    issuer,
    person: null,
    people,
    tamper: null,
    signsWrong: false,
    redeemed: [],
    discovered: 0,
    isMute: false,
    async start() {
      server = createServer((request, response) => {
        if (!stage.isMute) answer(request, response);
      });
      const opening = server;
      await new Promise<void>((resolve) => opening.listen(port, '127.0.0.1', resolve));
    },
    async stop() {
      const closing = server;
      server = null;
      if (closing === null) return;
      await new Promise<void>((resolve) => {
        closing.close(() => resolve());
        closing.closeAllConnections();
      });
    },
  };
  await stage.start();
  return stage;
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}
