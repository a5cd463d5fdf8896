// The company's own OpenID Connect provider: where a sign-in is begun, and who came back from it. Authorization code with PKCE; tokens are read and let go.
import * as client from 'openid-client';
import { groupsIn } from './groups.ts';
import type { Claims, GroupGrant } from './groups.ts';
import { withoutSecrets, wordsOfFailure } from './open-id-failure.ts';
import type { OpenIdFailure } from './open-id-failure.ts';

export interface OpenIdSettings {
  /**
   * As its own metadata names it; http: on loopback only. It is an address that whoever installs Pharos wrote into its
   * environment, and mostly one of the company's own network: it needs no leave of `PHAROS_ALLOW_OUT`, which is about
   * addresses that people type while Pharos runs.
   */
  readonly issuer: URL;
  readonly clientId: string;
  /** Null: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** On the button. */
  readonly name: string;
  readonly scopes: string;
  /** The claim that names somebody's groups. */
  readonly groups: string;
  readonly grants: readonly GroupGrant[];
  /** Where the provider sends people back to. */
  readonly back: URL;
}

/** What only we know of a sign-in until it comes back. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE. */
  readonly verifier: string;
}

export type Beginning =
  { readonly kind: 'begun'; readonly begun: Begun; readonly address: URL } | OpenIdFailure;

export type Ending = { readonly kind: 'vouched'; readonly claims: Vouched } | OpenIdFailure;

/** Of the ID token, and where that says too little, of the provider's userinfo. */
export type Vouched = Claims & { readonly iss: string; readonly sub: string };

/** Seconds for one request; somebody waits. */
const REQUEST_SECONDS = 5;
/** Nobody is sent to a provider that was not heard for this long: it is asked for its metadata first, so that the page can say that it is away (milliseconds). */
const HEARD_MS = 30_000;

export class OpenId {
  readonly settings: OpenIdSettings;
  readonly #now: () => number;
  #found: { readonly configuration: client.Configuration; readonly at: number } | null = null;
  #finding: Promise<client.Configuration> | null = null;

  constructor(settings: OpenIdSettings, now: () => number) {
    this.settings = settings;
    this.#now = now;
  }

  /** Where the browser is to go; asks the provider for its metadata where it was not heard just now. */
  async begin(): Promise<Beginning> {
    const begun: Begun = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    try {
      const configuration = await this.#configuration(HEARD_MS);
      const address = client.buildAuthorizationUrl(configuration, {
        redirect_uri: this.settings.back.href,
        scope: this.settings.scopes,
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      });
      return { kind: 'begun', begun, address };
    } catch (error) {
      return wordsOfFailure(error);
    }
  }

  /** `query`: what the browser brought back, with its `?`. */
  async end(query: string, { state, nonce, verifier }: Begun): Promise<Ending> {
    const { back, clientSecret } = this.settings;
    const url = new URL(query, back);
    try {
      const configuration = await this.#configuration(Infinity);
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) return { kind: 'failed', why: 'there was no ID token' };
      return {
        kind: 'vouched',
        claims: await this.#whole(claims, configuration, tokens.access_token),
      };
    } catch (error) {
      const code = url.searchParams.get('code');
      return withoutSecrets(wordsOfFailure(error), [clientSecret, code, verifier, state, nonce]);
    }
  }

  /** Many providers keep an ID token short. */
  async #whole(
    claims: Vouched,
    configuration: client.Configuration,
    accessToken: string,
  ): Promise<Vouched> {
    const isWhole =
      groupsIn(claims, this.settings.groups) !== undefined &&
      (claims.preferred_username ?? claims.email) !== undefined;
    if (isWhole || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    // It checks that they speak of the same person.
    const more = await client.fetchUserInfo(configuration, accessToken, claims.sub);
    return { ...more, ...claims };
  }

  /** Those who come at once ask once; what failed is tried again by the next. `ageMost` in milliseconds. */
  async #configuration(ageMost: number): Promise<client.Configuration> {
    const found = this.#found;
    if (found !== null && this.#now() - found.at < ageMost) return found.configuration;
    this.#finding ??= this.#find().finally(() => (this.#finding = null));
    return this.#finding;
  }

  async #find(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const configuration = await client.discovery(
      issuer,
      clientId,
      undefined,
      clientSecret === null ? client.None() : proofBy(clientSecret),
      {
        timeout: REQUEST_SECONDS,
        execute: [
          // The signature of the ID token is checked as well, whatever encrypted the way.
          client.enableNonRepudiationChecks,
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- The settings let none but an address of this machine go without TLS.
          ...(issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []),
        ],
      },
    );
    this.#found = { configuration, at: this.#now() };
    return configuration;
  }
}

/** In the body where the provider takes it there, since programs differ in how they escape it in the header, which is the standard's first choice. */
function proofBy(secret: string): client.ClientAuth {
  const byBody = client.ClientSecretPost(secret);
  const byHeader = client.ClientSecretBasic(secret);
  return (server, ...call) => {
    const takesBody = server.token_endpoint_auth_methods_supported?.includes('client_secret_post');
    (takesBody ? byBody : byHeader)(server, ...call);
  };
}
