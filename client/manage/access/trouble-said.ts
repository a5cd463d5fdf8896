// Why the server did not do what was asked on a page of access, in words.
import { PASSWORD_LEAST, PASSWORD_MOST } from '../../../server/contract/access.ts';
import type { Trouble } from '../../live/ask.ts';
import type { SayManage } from '../manage-words.ts';
import { troubleSaid } from '../manage.svelte.ts';
import type { SayAccess } from './access-words.ts';

const PROBLEMS = [
  'id-taken',
  'login-taken',
  'last-installer',
  'wrong',
  'short',
  'long',
  'plain',
] as const;

export function whyNot(trouble: Trouble, say: SayAccess, frame: SayManage): string {
  const known = PROBLEMS.find((problem) => problem === trouble.problem);
  if (known !== undefined)
    return say(`access.trouble.${known}`, { least: PASSWORD_LEAST, most: PASSWORD_MOST });
  switch (trouble.status) {
    case 401:
      return say('access.trouble.session');
    case 403:
      return say('access.trouble.not-yours');
    case 404:
      return say('access.trouble.unknown');
    case 429:
      return say('access.trouble.blocked');
    default:
      return say('access.not-done', { why: troubleSaid(trouble, frame) });
  }
}
