// `GET /api/v1/intervals`: what was asked for, checked, and the answer as JSON or CSV.
import type { FastifyInstance } from 'fastify';
import { DateTime } from 'luxon';
import { isId } from '../contract/ids.ts';
import { INTERVAL_COLUMNS } from '../contract/interval-columns.ts';
import { parseInstant } from '../events/instant.ts';
import type { Facts } from '../floor/rows.ts';
import { INTERVAL_STEPS } from './options.ts';
import type { GatewayOptions, IntervalFigures, IntervalQuery, IntervalStep } from './options.ts';

/** Days of one answer; intervals are kept for 35. */
const DAYS_MOST = 36;

const COLUMNS = INTERVAL_COLUMNS satisfies readonly (keyof IntervalFigures)[];

const PARAMETERS = ['queue', 'team', 'from', 'to', 'every'];

export interface QueryProblem {
  readonly field: string;
  readonly expected: string;
  readonly given: string;
}

export interface Calendar {
  readonly zone: string;
  readonly dayStartsAt: number;
  readonly now: number;
}

export function intervalsDoor(
  app: FastifyInstance,
  { facts, intervals, now }: Pick<GatewayOptions, 'facts' | 'intervals' | 'now'>,
): void {
  app.get('/api/v1/intervals', { config: { least: 'supervisor' } }, async (request, reply) => {
    const calendar = calendarOf(facts, now());
    const read = readQuery(request.query as Record<string, unknown>, calendar);
    if ('problems' in read) return reply.code(400).send(read.problems);
    const rows = (await intervals(read.query)).map((figures) => ({
      ...figures,
      start: localTime(figures.start, calendar.zone),
    }));
    const accepted = request.headers.accept ?? '';
    if (!accepted.includes('text/csv'))
      return reply.send({ intervals: rows.map((row) => pick(row)) });
    return reply.type('text/csv; charset=utf-8').send(toCsv(rows));
  });
}

/** Defaults: today until now, by half hours, each queue and all together. */
export function readQuery(
  given: Readonly<Record<string, unknown>>,
  { zone, dayStartsAt, now }: Calendar,
): { readonly query: IntervalQuery } | { readonly problems: readonly QueryProblem[] } {
  const problems: QueryProblem[] = [];
  const complain = (field: string, expected: string): void => {
    problems.push({ field, expected, given: cut(given[field]) });
  };
  for (const name of Object.keys(given))
    if (!PARAMETERS.includes(name)) complain(name, `one of ${PARAMETERS.join(', ')}`);
  const id = (name: 'queue' | 'team'): string | null => {
    const value = given[name];
    if (value === undefined) return null;
    if (typeof value === 'string' && isId(value)) return value;
    complain(name, `the id of a ${name}`);
    return null;
  };
  const instant = (name: 'from' | 'to', byDefault: number): number => {
    const value = given[name];
    if (value === undefined) return byDefault;
    const at = typeof value === 'string' ? readInstant(value, zone) : null;
    if (at === null) complain(name, 'RFC 3339 with offset, or a day of the site as YYYY-MM-DD');
    return at ?? byDefault;
  };
  const every = given.every ?? '30m';
  if (typeof every !== 'string' || !Object.hasOwn(INTERVAL_STEPS, every))
    complain('every', Object.keys(INTERVAL_STEPS).join(', '));
  const query: IntervalQuery = {
    queue: id('queue'),
    team: id('team'),
    from: instant('from', dayStartsAt),
    to: instant('to', now),
    every: every as IntervalStep,
  };
  if (problems.length === 0 && query.to < query.from) complain('to', 'an instant after from');
  if (problems.length === 0 && query.to - query.from > DAYS_MOST * 86_400_000)
    complain('to', `at most ${DAYS_MOST} days after from`);
  return problems.length > 0 ? { problems } : { query };
}

function readInstant(text: string, zone: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return parseInstant(text);
  const day = DateTime.fromISO(text, { zone });
  return day.isValid ? day.toMillis() : null;
}

function calendarOf(facts: Facts, now: number): Calendar {
  for (const { zone, dayStartsAt } of facts.site.values()) return { zone, dayStartsAt, now };
  return { zone: 'UTC', dayStartsAt: now, now };
}

type Row = Omit<IntervalFigures, 'start'> & { readonly start: string };

function pick(row: Row): Record<string, string | number | null> {
  return Object.fromEntries(COLUMNS.map((column) => [column, row[column]]));
}

/** RFC 4180, with a header. */
function toCsv(rows: readonly Row[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 3339 with the offset of that instant in the zone. */
function localTime(at: number, zone: string): string {
  const local = DateTime.fromMillis(at, { zone });
  return local.isValid ? local.toISO({ suppressMilliseconds: true }) : new Date(at).toISOString();
}

function cut(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
