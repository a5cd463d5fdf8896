// What an episode is about, and which episodes are about a thing: by its rule, its subject and the ids in its words.
import type { AlertRow } from '../../server/contract/rows.ts';
import type { Thing } from './desk-address.ts';

export interface ThingOf {
  readonly kind: Exclude<Thing, 'episode'>;
  readonly id: string;
}

type About = Pick<AlertRow, 'rule' | 'subject'> & {
  readonly text: { readonly params: Readonly<Record<string, string>> };
};

/** What the subject of a rule is. */
const SUBJECTS: Readonly<Record<string, ThingOf['kind']>> = {
  'hold.long': 'contact',
  'hold.forgotten': 'contact',
  'callback.customer-first': 'contact',
  'callback.at-risk': 'callback',
  'callback.overdue': 'callback',
  'callback.unproved': 'callback',
  'agent.doubtful': 'agent',
};

/** Each once; a callback before its contact, a contact before its agent. */
export function thingsOf({ rule, subject, text: { params } }: About): readonly ThingOf[] {
  const kind = Object.prototype.hasOwnProperty.call(SUBJECTS, rule) ? SUBJECTS[rule] : undefined;
  const found: ThingOf[] = kind === undefined ? [] : [{ kind, id: subject }];
  for (const name of ['callback', 'contact', 'agent'] as const) {
    const id = params[name];
    if (id !== undefined && !found.some((one) => one.kind === name && one.id === id))
      found.push({ kind: name, id });
  }
  return found;
}

export function isAbout(about: About, { kind, id }: ThingOf): boolean {
  return thingsOf(about).some((one) => one.kind === kind && one.id === id);
}
