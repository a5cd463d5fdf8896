// A notification as a person reads it, made at the moment at which it is sent: what is so now, by name, and no customer.
import { DateTime } from 'luxon';
import { z } from 'zod';
import { SEVERITIES } from '../contract/lists.ts';
import type { Language } from '../contract/lists.ts';
import { duration } from '../contract/duration.ts';
import { caseSaid } from '../contract/case-words.ts';
import { oneLine } from '../contract/one-line.ts';
import { RULE_WORDS, ruleWord } from '../contract/rule-words.ts';
import { holderOf } from '../floor/holder.ts';
import type { Facts } from '../floor/rows.ts';
import { lanePartsOf } from '../log/outbox.ts';
import type { Digest, WaitingRow } from '../log/outbox.ts';
import type { Capabilities } from './capability.ts';
import { CAPABILITY_MS } from './capability.ts';
import type { Row } from './notices.ts';
import { NOTICE_WORDS } from './words.ts';

const MINUTE_MS = 60_000;
/** A digest names so many in words. */
const LINES_MOST = 20;
/** And so many to a program, for 64 KB are the most that is sent. */
const ROWS_SAID = 50;

export interface Letter {
  /** The notification's name: a receiver that sees it twice can drop it. */
  readonly id: string;
  /** What stands on a screen under this name is replaced by it: an end takes the place of its alarm. */
  readonly tag: string;
  readonly kind: Row['kind'] | 'digest' | 'trial';
  readonly severity: Row['severity'];
  readonly title: string;
  readonly lines: readonly string[];
  /** Where a person opens it: absolute where the site's own address is known, else a path. */
  readonly page: string;
  /** For that page: what its reader may do; null: only look. */
  readonly capability: string | null;
  /** Whether it makes a sound. */
  readonly isSilent: boolean;
  /** Milliseconds: when it was sent. */
  readonly at: number;
  readonly site: string;
  readonly language: Language;
  readonly rows: readonly Row[];
  readonly labels: { readonly open: string; readonly take: string };
}

export interface LetterParts {
  readonly facts: Facts;
  readonly site: string;
  readonly zone: string;
  readonly language: Language;
  /** Null: nobody said by which address browsers reach Pharos. */
  readonly publicUrl: URL | null;
  readonly capabilities: Capabilities;
}

/** What letters are made of. */
const readable = z.object({
  kind: z.enum(['fire', 'escalate', 'raise', 'unstable', 'end']),
  episode: z.string(),
  rule: z.string(),
  severity: z.enum(['P1', 'P2', 'P3']),
  team: z.string().nullable(),
  queue: z.string().nullable(),
  params: z.record(z.string(), z.string()),
  since: z.number(),
  raisedAt: z.number(),
  decidedAt: z.number(),
  passed: z.array(z.number()),
});

/** False: somebody else wrote it, and no letter can be made of it. */
export function isReadable({ text }: Pick<WaitingRow, 'text'>): boolean {
  try {
    return readable.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

export function rowIn({ text }: Pick<WaitingRow, 'text'>): Row {
  return JSON.parse(text) as Row;
}

export function letterOf(waiting: WaitingRow, parts: LetterParts, now: number): Letter {
  const row = rowIn(waiting);
  const { owner, of } = lanePartsOf(waiting.lane);
  const words = NOTICE_WORDS[parts.language];
  const capability =
    owner === 'person'
      ? parts.capabilities.make({
          episode: row.episode,
          person: of,
          until: Math.floor(now) + CAPABILITY_MS,
        })
      : null;
  return {
    id: waiting.id,
    tag: row.episode,
    kind: row.kind,
    severity: row.severity,
    title: titleOf(row, parts),
    lines: linesOf(row, parts, now),
    page: pageOf(capability, parts),
    capability,
    isSilent: row.kind === 'end',
    at: Math.floor(now),
    site: parts.site,
    language: parts.language,
    rows: [row],
    labels: words,
  };
}

/** What came too fast to be said one by one. */
export function digestOf(
  { rows: waiting, digest }: { readonly rows: readonly WaitingRow[]; readonly digest: Digest },
  parts: LetterParts,
  now: number,
): Letter {
  const { id, over } = digest;
  const rows = waiting.map(rowIn).sort(byWeight);
  const words = NOTICE_WORDS[parts.language];
  const last = lastOfEach(rows);
  const isUrgent = rows.some(({ kind, severity }) => kind !== 'end' && severity === 'P1');
  const named = oneOfEachRule(last).slice(0, LINES_MOST);
  const others = last.length - named.length + over;
  const lines = named.map((row) => [titleOf(row, parts), ...linesOf(row, parts, now)].join(' · '));
  return {
    // A phone that was off keeps them all: the next one says other things.
    ...{ id, tag: id, kind: 'digest' },
    severity: isUrgent ? 'P1' : 'P2',
    title: words.digest(last.length + over),
    lines: others === 0 ? lines : [...lines, words.others(others)],
    page: pageOf(null, parts),
    capability: null,
    isSilent: over === 0 && rows.every(({ kind }) => kind === 'end'),
    at: Math.floor(now),
    site: parts.site,
    language: parts.language,
    rows: rows.slice(0, ROWS_SAID),
    labels: words,
  };
}

/** What is urgent first, what has lasted longest before the others, what is over last. */
function byWeight(a: Row, b: Row): number {
  const isEnd = ({ kind }: Row): number => (kind === 'end' ? 1 : 0);
  return (
    isEnd(a) - isEnd(b) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.raisedAt - b.raisedAt ||
    (a.episode < b.episode ? -1 : a.episode > b.episode ? 1 : a.decidedAt - b.decidedAt)
  );
}

/** So that one rule's storm leaves the others their lines: the first of each rule comes before the second of any. */
function oneOfEachRule(rows: readonly Row[]): readonly Row[] {
  const rules = new Set<string>();
  const firsts = rows.filter(({ rule }) => !rules.has(rule) && rules.add(rule));
  const taken = new Set(firsts);
  return [...firsts, ...rows.filter((row) => !taken.has(row))];
}

/** Of each episode what was decided last. */
function lastOfEach(rows: readonly Row[]): readonly Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) {
    const known = last.get(row.episode);
    if (known === undefined || known.decidedAt <= row.decidedAt) last.set(row.episode, row);
  }
  return rows.filter((row) => last.get(row.episode) === row);
}

/** By which a person sees that a channel works. */
export function trialOf(
  id: string,
  parts: Pick<LetterParts, 'site' | 'language' | 'publicUrl'>,
  now: number,
): Letter {
  const { site, language, publicUrl } = parts;
  const words = NOTICE_WORDS[language];
  return {
    ...{ id, tag: 'trial', kind: 'trial', severity: 'P3' },
    title: words.trial,
    lines: [words.trialLine],
    page: atSite('/desk/channels', publicUrl),
    capability: null,
    isSilent: false,
    at: Math.floor(now),
    site,
    language,
    rows: [],
    labels: words,
  };
}

function pageOf(capability: string | null, { publicUrl }: LetterParts): string {
  return atSite(capability === null ? '/desk' : `/a/${capability}`, publicUrl);
}

function atSite(path: string, publicUrl: URL | null): string {
  return publicUrl === null ? path : new URL(path, publicUrl).href;
}

function titleOf({ rule, queue, team, params }: Row, { facts, language }: LetterParts): string {
  const place =
    (queue === null ? undefined : (facts.queues.get(queue)?.name ?? queue)) ??
    (team === null ? undefined : (facts.teams.get(team)?.name ?? team)) ??
    params.source;
  const what = ruleWord(rule, language);
  return place === undefined ? what : `${what} · ${oneLine(place)}`;
}

function linesOf(row: Row, { facts, zone, language }: LetterParts, now: number): readonly string[] {
  const words = NOTICE_WORDS[language];
  const nameOf = (id: string): string => oneLine(facts.agents.get(id)?.name ?? id);
  const timeOf = (at: number): string => DateTime.fromMillis(at, { zone }).toFormat('HH:mm');
  const { agent, nearest, dueAt } = row.params;
  const who = agent === undefined ? [] : [nameOf(agent)];
  if (row.kind === 'end') return [[words.over, ...who].join(' · ')];
  const alert = facts.alerts.get(row.episode);
  const holder = alert === undefined ? null : holderOf(alert);
  const taken = holder === null ? words.untaken : words.taken(nameOf(holder));
  // As it is now, not as it was decided.
  const params = alert === undefined || alert.state === 'resolved' ? row.params : alert.text.params;
  const first = [
    RULE_WORDS[language].severity[row.severity],
    ...(row.kind === 'raise' ? [words.raised] : row.kind === 'unstable' ? [words.unstable] : []),
    ...who,
    dueAt === undefined
      ? words.since(timeOf(row.since), duration(now - row.since))
      : words.due(timeOf(Number(dueAt))),
    alert?.state === 'resolved' ? words.over : taken,
  ];
  const lateMs = now - (row.kind === 'fire' && row.round === 1 ? row.raisedAt : row.decidedAt);
  const more = [
    ...caseSaid({ rule: row.rule, params }, language),
    ...(nearest === undefined ? [] : [words.nearest(nameOf(nearest))]),
    ...(row.passed.length === 0 ? [] : [words.passed(row.passed.join(', '))]),
    ...(lateMs < MINUTE_MS ? [] : [words.late(Math.floor(lateMs / MINUTE_MS))]),
  ];
  return [first.join(' · '), ...more];
}
