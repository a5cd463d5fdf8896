// The lines of the benches as a table, and the place in the README where it stands.
import type { Line } from './line.ts';

export const BEGINS = '<!-- bench: written by `npm run bench -- --write` -->';
export const ENDS = '<!-- /bench -->';

export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly node: string;
  readonly redis: string;
}

export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) =>
    [
      ...[line.promise, line.what, line.workload, line.measured, line.beside, line.promised],
      line.holds ? 'yes' : '**no**',
    ].map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')),
  );
  return [HEADS, HEADS.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function sentenceOf({ date, cores, node, redis }: Machine): string {
  return `Measured on ${date} by \`npm run bench\` on a machine of ${cores} cores that also ran Redis and all clients; Node ${node}, Redis ${redis}.`;
}

/** `text` with what stands between the two marks replaced; null where it has no such place. */
export function putBetweenMarks(text: string, what: string): string | null {
  const from = text.indexOf(BEGINS);
  const to = text.indexOf(ENDS);
  if (from < 0 || to < from) return null;
  return `${text.slice(0, from + BEGINS.length)}\n\n${what}\n\n${text.slice(to)}`;
}

const HEADS = [
  'promise',
  'what',
  'workload',
  'measured',
  'beside it, in the same run',
  'promised',
  'holds',
];
