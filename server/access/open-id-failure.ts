// Why a sign-in by the provider failed, in words for the log: nothing of tokens, nothing of secrets.
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { wordsOf } from '../words-of.ts';

/** `silent`: the provider does not answer, and may at the next try. `failed`: it said no, or what it said does not hold. */
export interface OpenIdFailure {
  readonly kind: 'silent' | 'failed';
  readonly why: string;
}

/** Characters of what somebody else says. */
const SAID_MOST = 300;

export function wordsOfFailure(error: unknown): OpenIdFailure {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const { error: code, error_description: more } = error;
    return failed(`it said ${code}${more === undefined ? '' : `: ${more}`}`);
  }
  if (error instanceof ClientError) return ofClient(error);
  // What `fetch` throws says why in its cause only.
  if (error instanceof TypeError)
    return { kind: 'silent', why: plain(wordsOf(error.cause ?? error)) };
  throw error;
}

/** The same, should anybody have repeated a secret in it. */
export function withoutSecrets(
  { kind, why }: OpenIdFailure,
  secrets: readonly (string | null)[],
): OpenIdFailure {
  let said = why;
  for (const secret of secrets) if (secret) said = said.replaceAll(secret, '…');
  return { kind, why: said };
}

function ofClient({ code, message, cause }: ClientError): OpenIdFailure {
  switch (code) {
    case 'OAUTH_TIMEOUT':
      return { kind: 'silent', why: 'it did not answer in time' };
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return failed(
        `its token is not of this time, so the clock of this machine or of the provider is off (${inner(cause)})`,
      );
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM': {
      const status = cause instanceof Response ? cause.status : 0;
      return status >= 500
        ? { kind: 'silent', why: `it answered with status ${status}` }
        : failed(`it answered with status ${status}`);
    }
    default:
      return failed(`${message}${cause instanceof Error ? ` (${inner(cause)})` : ''}`);
  }
}

function inner(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'no more is known';
}

function failed(why: string): OpenIdFailure {
  return { kind: 'failed', why: plain(why) };
}

/** On one line, and not for ever. */
function plain(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, SAID_MOST);
}
