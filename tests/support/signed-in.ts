// Signing in as browsers do: with the site's token, or as a person with an account that is made for it.
import type { AccessRole } from '../../server/contract/access.ts';
import type { Bench } from './gateway-bench.ts';
import { TOKEN } from './gateway-bench.ts';
import { call } from './call.ts';
import type { Called } from './call.ts';

export const PASSWORD = 'four plain words together';

export interface Form {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts a form. */
export function post(
  { port }: Pick<Bench, 'port'>,
  fields: Readonly<Record<string, string>>,
  { path = '/sign-in', headers = {} }: Form = {},
): Promise<Called> {
  return call({
    port,
    path,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** The first cookie that an answer sets, as a browser sends it. */
export function cookieOf({ headers }: Called): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** The cookie of a browser that showed the site's token. */
export async function withToken(bench: Pick<Bench, 'port'>, token = TOKEN): Promise<string> {
  return cookieOf(await post(bench, { token }));
}

export interface PersonOptions {
  readonly role: Exclude<AccessRole, 'wall'>;
  readonly teams?: readonly string[];
}

/** Makes an account, takes its invitation up and gives the cookie of that browser. */
export async function asPerson(
  bench: Bench,
  id: string,
  { role, teams = [] }: PersonOptions,
): Promise<string> {
  const made = await bench.access.accounts.make({ id, name: id, login: id, role, teams });
  if (made.kind === 'refused') throw new Error(made.problem);
  const secret = await bench.access.accounts.invite(id, 'test');
  const fields = { password: PASSWORD, again: PASSWORD };
  return cookieOf(await post(bench, fields, { path: `/welcome/${secret}` }));
}
