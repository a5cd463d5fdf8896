// `npm run audit`: folds a file of events by the code of the live floor, and prints the intervals as CSV.
import { pipeline } from 'node:stream/promises';
import { readEventFile } from './audit/event-file.ts';
import { fold } from './audit/fold.ts';
import { readOptions, USAGE } from './audit/options.ts';
import type { AuditOptions } from './audit/options.ts';
import { report } from './audit/report.ts';
import { wordsOf } from './words-of.ts';

/** The exit code of an audit that could not be done. */
const REFUSED = 2;

async function audit(options: AuditOptions): Promise<string | null> {
  const { file, minutes, zone, dayStarts } = options;
  const { events, complaints, refused, unknown } = await readEventFile(file, process.stdin);
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  if (refused > complaints.length)
    process.stderr.write(`${refused - complaints.length} more lines were refused.\n`);
  if (unknown > 0) process.stderr.write(`${unknown} events of unknown types were skipped.\n`);
  if (events.length === 0)
    return `Events were expected in ${file}, one JSON object a line; there are none.`;
  const { floor, intervals } = fold(events, options);
  const formulaOf = (queue: string) => floor.formulaOf(queue);
  const lines = report(intervals, { minutes, zone, dayStarts, formulaOf });
  const printed = pipeline(function* () {
    for (const line of lines) yield `${line}\n`;
  }, process.stdout);
  // A reader that has seen enough, such as `head`, is no failure.
  await printed.catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  });
  return null;
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = REFUSED;
}

const asked = readOptions(process.argv.slice(2));
switch (asked.kind) {
  case 'help':
    process.stdout.write(`${USAGE}\n`);
    break;
  case 'refused':
    complain(`${asked.sentence}\n\n${USAGE}`);
    break;
  case 'audit': {
    const { file } = asked.options;
    const complaint = await audit(asked.options).catch(
      (error: unknown) => `${file} cannot be read: ${wordsOf(error)}.`,
    );
    if (complaint !== null) complain(complaint);
    break;
  }
  default:
    asked satisfies never;
}
