// What the pages of access say and suggest, in three languages.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileCatalogue } from '../../client/build/compile-words.ts';
import { browserName } from '../../client/manage/access/browser-name.ts';
import { withoutAccount } from '../../client/manage/people/floor-people.ts';
import { suggestedLogin } from '../../client/manage/people/suggested-login.ts';
import { readyLines } from '../../client/manage/sources/ready-lines.ts';
import { PERSON_ROLES, TRAIL_WORDS } from '../../server/contract/access.ts';
import type { TrailLine } from '../../server/contract/access.ts';
import { isGrant, PRODUCER_GRANT } from '../../server/contract/grants.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { Language } from '../../server/contract/lists.ts';
import { agentRow, teamRow } from '../support/paper-rows.ts';

type Catalogue = Readonly<Record<string, string>>;
interface Speech {
  readonly say: (key: string, params?: Readonly<Record<string, string | number>>) => string;
  readonly nameOf: (id: string) => string;
  readonly teamName: (id: string) => string;
}
interface Choice {
  readonly types: readonly string[];
}
interface Trail {
  readonly deedWords: (line: Pick<TrailLine, 'what' | 'about' | 'by'>, speech: Speech) => string;
  readonly moreWords: (line: Pick<TrailLine, 'what' | 'more'>, speech: Speech) => readonly string[];
}
interface Grants {
  readonly GRANT_CHOICES: readonly Choice[];
  readonly isChosen: (choice: Choice, grant: readonly string[]) => boolean;
  readonly otherTypes: (grant: readonly string[]) => readonly string[];
  readonly turned: (grant: readonly string[], choice: Choice, isOn: boolean) => readonly string[];
  readonly typedTypes: (text: string) => object;
}

/** By a name that the compiler does not follow: the build makes the catalogues, and it alone reads them as functions. */
async function load<M>(path: string): Promise<M> {
  return (await import(/* @vite-ignore */ new URL(path, import.meta.url).href)) as M;
}
const { deedWords, moreWords } = await load<Trail>('../../client/manage/trail/trail-words.ts');
const { GRANT_CHOICES, isChosen, otherTypes, turned, typedTypes } = await load<Grants>(
  '../../client/manage/sources/grant-choices.ts',
);

const catalogue = (language: Language): Catalogue =>
  JSON.parse(readFileSync(`client/manage/access/words/${language}.json`, 'utf8')) as Catalogue;
const english = catalogue('en');

const parameters = (message: string): readonly string[] =>
  [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))]
    .filter((name) => message.includes(`{${name}}`) || message.includes(`{${name},`))
    .filter((name) => name !== 'zero' && name !== 'one' && name !== 'other')
    .sort();

/** As a page says it, by the plain catalogue: these messages have no plural. */
function say(language: Language) {
  const words = catalogue(language);
  return (key: string, params: Readonly<Record<string, string | number>> = {}): string =>
    Object.entries(params).reduce(
      (text, [name, value]) => text.replaceAll(`{${name}}`, String(value)),
      words[key] ?? `MISSING ${key}`,
    );
}

describe('the words of access', () => {
  it.each(LANGUAGES)('[PPL-8] of %s are as many as the English, and compile', (language) => {
    const words = catalogue(language);
    expect(Object.keys(words)).toEqual(Object.keys(english));
    for (const [key, message] of Object.entries(english))
      if (!message.includes('plural'))
        expect([key, parameters(words[key] ?? '')]).toEqual([key, parameters(message)]);
    expect(compileCatalogue(language, words)).toContain('export default');
    if (language !== 'en')
      expect(Object.keys(words).filter((key) => words[key] === english[key])).toEqual([]);
  });

  it.each(LANGUAGES)('[PPL-8] of %s say each word of the trail', (language) => {
    const speech = { say: say(language), nameOf: (id: string) => `<${id}>`, teamName: String };
    const said = TRAIL_WORDS.map((what) => deedWords({ what, about: 'lea', by: 'sydney' }, speech));
    expect(said.filter((text) => text.includes('MISSING'))).toEqual([]);
    expect(new Set(said).size).toBe(TRAIL_WORDS.length);
    // Who is a person is called by name, what is none by its id.
    expect(deedWords({ what: 'invited', about: 'lea', by: 's' }, speech)).toContain('<lea>');
    expect(deedWords({ what: 'token-made', about: 'crm', by: 's' }, speech)).not.toContain('<');
    for (const by of ['password', 'open-id', 'invitation', 'token', 'demo'])
      expect(moreWords({ what: 'signed-in', more: { by } }, speech).join()).toMatch(
        /^(?!MISSING)./,
      );
    for (const role of PERSON_ROLES) {
      const more = { role, teams: 'a b', isDisabled: 'yes', grant: 'contact.*', ended: '2' };
      const clauses = moreWords({ what: 'person-changed', more }, speech);
      expect([clauses.length, clauses.join().includes('MISSING')]).toEqual([5, false]);
    }
    // What one does to oneself is not told as if it were another.
    const own = deedWords({ what: 'password-set', about: 'lea', by: 'lea' }, speech);
    expect(own).not.toContain('<lea>');
  });
});

describe('what the pages of access suggest', () => {
  it.each([
    ['Lea Manette', [], 'lea.manette'],
    ['  Jérôme  O’Brien-Šmits ', [], 'jerome.obrien.smits'],
    ['Lea Manette', ['lea.manette', 'lea.manette2'], 'lea.manette3'],
    ['王 芳', [], '王.芳'],
    ['Йорк', [], 'йорк'],
    ['!?', [], ''],
  ])('[PPL-5] of the name %s with %j taken is %s', (name, taken, login) => {
    expect(suggestedLogin(name, new Set(taken))).toBe(login);
  });

  it('[PPL-1] are those of the floor without an account, with their role and teams', () => {
    const found = withoutAccount(
      [
        agentRow('b', { name: 'Bea', role: 'trainee', team: 'billing' }),
        agentRow('a', { name: 'Ada', role: 'agent', team: 'billing' }),
        agentRow('c', { name: 'Cy', role: 'supervisor' }),
      ],
      [teamRow('support', { leads: ['a'] }), teamRow('billing', { leads: ['a'] })],
      {
        people: [{ id: 'c' } as Parameters<typeof withoutAccount>[2]['people'][number]],
        compare: (a, b) => (a < b ? -1 : 1),
      },
    );
    expect(found).toEqual([
      { id: 'a', name: 'Ada', role: 'lead', teams: ['billing', 'support'] },
      { id: 'b', name: 'Bea', role: 'agent', teams: ['billing'] },
    ]);
  });

  it('[PPL-7] are types that may be granted, each choice turned without the others', () => {
    for (const { types } of GRANT_CHOICES) expect(types.every(isGrant)).toBe(true);
    const [contacts] = GRANT_CHOICES;
    if (contacts === undefined) throw new Error('no choices');
    const without = turned(PRODUCER_GRANT, contacts, false);
    expect([isChosen(contacts, PRODUCER_GRANT), isChosen(contacts, without)]).toEqual([
      true,
      false,
    ]);
    expect(new Set(turned(without, contacts, true))).toEqual(new Set(PRODUCER_GRANT));
    expect(otherTypes([...PRODUCER_GRANT, 'board.saved'])).toEqual(['board.saved']);
    expect(typedTypes(' board.saved\nsite.* ')).toEqual({ types: ['board.saved', 'site.*'] });
    expect(typedTypes('board.saved, all')).toEqual({ bad: 'all' });
  });

  it('[PPL-7] are lines that a shell takes whole, of a type that the source may send', () => {
    const lines = readyLines({
      origin: 'https://pharos.example',
      site: 'main',
      source: "o'crm",
      token: 'pharos_source_x',
      grant: ['queue.profile'],
    });
    expect(lines.xadd).toBe(
      `redis-cli XADD 'pharos:{main}:in:o'\\''crm' '*' type queue.profile subject example-1 data '{"name":"Support"}'`,
    );
    expect(lines.acl).toContain(`'%W~pharos:{main}:in:o'\\''crm' resetchannels -@all +xadd +ping`);
    expect(lines.http).toContain(`'Authorization: Bearer pharos_source_x'`);
    expect(lines.http).toContain('"type":"queue.profile"');
  });

  it('[PPL-6] are names of browsers that people know', () => {
    const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36';
    expect(browserName(chrome)).toEqual({ browser: 'Chrome', system: 'Windows' });
    expect(browserName(`${chrome} Edg/130.0`).browser).toBe('Edge');
    expect(
      browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile/15E Safari/604.1'),
    ).toEqual({ browser: 'Safari', system: 'iPhone' });
    expect(browserName('')).toEqual({ browser: null, system: null });
  });
});
