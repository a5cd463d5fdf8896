// The door of `npm run bench`: which benches, how large, and where the table goes.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { BENCHES } from './all.ts';
import type { Line } from './line.ts';
import { runBench } from './run-bench.ts';
import { BEGINS, ENDS, putBetweenMarks, sentenceOf, tableOf } from './table.ts';
import type { Machine } from './table.ts';

const README = 'README.md';
const EXIT_FAILED = 1;
const EXIT_REFUSED = 2;
const NAMES = [...BENCHES.keys()];

const HELP = `npm run bench [-- [WORDS] [--tiny] [--write]]

Runs each bench in a fresh process, one after another, and prints a table. Nothing else should run meanwhile.

  WORDS    the benches to run: ${NAMES.join(', ')}; without any: all
  --tiny   seconds instead of the workload that is promised; shows that the benches work, and measures nothing
  --write  puts the table into ${README}, between "${BEGINS}" and "${ENDS}"; of all benches and whole only
  --help   this
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = read();
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n`);
    return EXIT_REFUSED;
  }
  if (asked.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const lines: Line[] = [];
  const failed: string[] = [];
  for (const name of asked.names) {
    process.stderr.write(`${name}:\n`);
    try {
      lines.push(...(await runBench(name, asked.tiny ? 'tiny' : 'whole')));
    } catch (error) {
      failed.push(error instanceof Error ? error.message : String(error));
    }
  }
  const text = `${sentenceOf(machine())}\n\n${tableOf(lines)}\n`;
  process.stdout.write(`\n${text}`);
  for (const why of failed) process.stderr.write(`${why}\n`);
  if (failed.length > 0) return EXIT_FAILED;
  return asked.write ? write(text) : 0;
}

type Asked = {
  readonly names: readonly string[];
  readonly tiny: boolean;
  readonly write: boolean;
  readonly help: boolean;
};

/** What is asked for, or a sentence that says what is wrong with it. */
function read(): Asked | string {
  let given;
  try {
    given = parseArgs({
      allowPositionals: true,
      options: {
        tiny: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { positionals, values } = given;
  const bad = positionals.filter((word) => !BENCHES.has(word));
  if (bad.length > 0)
    return `WORDS: expected some of ${NAMES.join(', ')}, got "${bad.join(' ')}". Try --help.`;
  if (values.write && (values.tiny || positionals.length > 0))
    return '--write: expected the whole of all benches, so that the table is of one run, got --tiny or WORDS.';
  return {
    names: positionals.length > 0 ? NAMES.filter((name) => positionals.includes(name)) : NAMES,
    ...values,
  };
}

function write(text: string): number {
  const written = putBetweenMarks(readFileSync(README, 'utf8'), text.trim());
  if (written === null) {
    process.stderr.write(
      `${README}: expected the two lines "${BEGINS}" and "${ENDS}", and found none to write between.\n`,
    );
    return EXIT_REFUSED;
  }
  writeFileSync(README, written);
  process.stderr.write(`The table stands in ${README}.\n`);
  return 0;
}

function machine(): Machine {
  const said = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    node: process.versions.node,
    redis: /v=(\S+)/.exec(said)?.[1] ?? 'of an unknown version',
  };
}
