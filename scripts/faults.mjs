// `npm run faults`: every fault as often as is promised, or the suites that are named, and the table of what was found; with --write into docs/faults.md. Plain Node, since nothing may be installed yet.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { relative } from 'node:path';

/** As in tests/faults/record.ts, which writes it. */
const FOUND_FILE = 'dist/faults.jsonl';
/** Which suites failed in the last run, and since when the run lasts. */
const STATE_FILE = 'dist/faults-run.json';
const REPORT_FILE = 'dist/faults-report.json';
const PAGE = 'docs/faults.md';
const KNOWN = ['--write', '--again'];

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--'));
const unknown = words.filter((word) => word.startsWith('--') && !KNOWN.includes(word));
const absent = named.filter((name) => !existsSync(suiteOf(name)));
if (unknown.length + absent.length > 0)
  fail(
    `faults: expected --write, --again (only the suites that failed in the last run; what the others found stays), names of suites in tests/faults (likewise) or nothing, got "${[...unknown, ...absent].join(' ')}".`,
  );
const isPart = words.includes('--again') || named.length > 0;
const last = isPart ? lastRun() : { failed: ['tests/faults'], minutes: 0, again: [] };
if (named.length > 0) last.failed = named.map(suiteOf);

const prepared = spawnSync(process.execPath, ['scripts/prepare.mjs', 'test'], { stdio: 'inherit' });
if (prepared.status !== 0) process.exit(prepared.status ?? 1);
// After the preparing, which may build anew: what an earlier run found must not stand in this table.
const before = isPart ? found() : [];
rmSync(FOUND_FILE, { force: true });

const began = new Date();
const suite = ['node_modules/vitest/vitest.mjs', 'run', ...last.failed, '--mode', 'full'];
const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT_FILE}`];
const { status } = spawnSync(process.execPath, [...suite, ...reports], { stdio: 'inherit' });
const minutes = last.minutes + Math.round((Date.now() - began.getTime()) / 60_000);
const again = isPart ? [...new Set([...last.again, ...last.failed])] : [];
writeFileSync(STATE_FILE, JSON.stringify({ failed: failedSuites(), minutes, again }));

if (!existsSync(FOUND_FILE)) fail('faults: the suites recorded nothing.');
const after = found();
const tried = new Set(after.map(({ fault }) => fault));
const all = [...before.filter(({ fault }) => !tried.has(fault)), ...after];
writeFileSync(FOUND_FILE, all.map((one) => `${JSON.stringify(one)}\n`).join(''));
const table = tableOf(merged(all));
console.log(`\n${table}\n`);
if (status !== 0) {
  console.error('faults: some of the promises were broken; what broke stands above.');
} else if (words.includes('--write')) {
  mkdirSync('docs', { recursive: true });
  writeFileSync(PAGE, pageOf(table));
  execFileSync(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', PAGE]);
  console.log(`pharos: written to ${PAGE}`);
}
process.exit(status ?? 1);

/** One for each fault, in the order of their names, however many suites and runs tried it. */
function merged(founds) {
  const byFault = new Map();
  for (const found of founds) {
    const known = byFault.get(found.fault);
    byFault.set(found.fault, known ? both(known, found) : found);
  }
  return [...byFault.values()].sort((a, b) => a.fault.localeCompare(b.fault, 'en'));
}

function found() {
  if (!existsSync(FOUND_FILE)) return [];
  const lines = readFileSync(FOUND_FILE, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

function suiteOf(name) {
  return `tests/faults/${name}.test.ts`;
}

function lastRun() {
  if (!existsSync(STATE_FILE)) {
    if (named.length > 0) return { failed: [], minutes: 0, again: [] };
    fail('faults: --again, and there was no run before.');
  }
  const run = JSON.parse(readFileSync(STATE_FILE, 'utf8'));
  if (run.failed.length === 0 && named.length === 0)
    fail('faults: --again, and nothing failed in the last run.');
  return run;
}

function failedSuites() {
  if (!existsSync(REPORT_FILE)) return last.failed;
  const { testResults } = JSON.parse(readFileSync(REPORT_FILE, 'utf8'));
  const failed = testResults.filter((suite) => suite.status !== 'passed');
  return failed.map(({ name }) => relative(process.cwd(), name));
}

function both(a, b) {
  const sum = (x, y) => (x === null && y === null ? null : (x ?? 0) + (y ?? 0));
  return {
    fault: a.fault,
    times: a.times + b.times,
    noticedMs: [...a.noticedMs, ...b.noticedMs],
    backMs: [...a.backMs, ...b.backMs],
    lost: sum(a.lost, b.lost),
    twice: sum(a.twice, b.twice),
    says: a.says === b.says ? a.says : `${a.says}; ${b.says}`,
  };
}

function tableOf(all) {
  const head = ['fault', 'times', 'noticed after, ms', 'back after, ms', 'lost', 'twice', 'seen'];
  const rows = all.map(({ fault, times, noticedMs, backMs, lost, twice, says }) => [
    ...[fault, times, spread(noticedMs), spread(backMs), lost ?? '–', twice ?? '–', says],
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Median and most. */
function spread(ms) {
  if (ms.length === 0) return '–';
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
  return `${at(0.5)}, most ${at(1)}`;
}

function pageOf(table) {
  const redis = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  const version = /v=(\S+)/.exec(redis)?.[1] ?? 'of an unknown version';
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Redis ${version}, Node ${process.versions.node}`;
  return `# Faults: what was tried, and what was seen

Each fault is made on a real Redis and the built product, as often as is promised. *Noticed* is from
the fault until the slower of the screens that watch says so, *back* from its end until all of them are
live again, each as the median of the tries and the most; *lost* and *twice* count events of the log
that are missing in the state, or in it twice. Of alarms, *lost* counts notifications that were planned
and that no receiver heard, *twice* those that somebody heard under two names.

${began.toISOString().slice(0, 10)}, ${machine}; it took ${minutes} minutes. To repeat it: \`npm run faults -- --write\`.${
    again.length === 0 ? '' : ` Run by themselves after the rest: ${again.join(', ')}.`
  }

${table}
`;
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
