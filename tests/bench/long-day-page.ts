// The long day as tables: printed on the terminal, and written into docs with its workload and the machine.
import { digits, signed, verdictsOf } from './long-day-verdicts.ts';
import type { BesideAnew } from './long-day-anew.ts';
import type { Figure } from './long-day-figures.ts';
import type { Told } from './long-day-told.ts';

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { title, unit, start, end, least, most, line } = figure;
    const lean = line === null ? '–' : `${signed(line.slope * 60)} ± ${digits(line.error * 60)}`;
    const cells = [
      title,
      unit || '–',
      digits(start),
      digits(end),
      lean,
      digits(least),
      digits(most),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| what | unit | after warm-up | at the end | an hour (± standard error) | least | most |',
    '| --- | --- | --: | --: | --: | --: | --: |',
    ...rows,
  ].join('\n');
}

export function anewTableOf(pages: readonly BesideAnew[]): string {
  const rows = [...pages]
    .sort((a, b) => (a.name + a.shown < b.name + b.shown ? -1 : 1))
    .map(({ name, shown, stood, anew }) => {
      const cells = (['nodes', 'listeners', 'heapMb'] as const).flatMap((of) => [
        digits(stood[of]),
        digits(anew[of]),
      ]);
      return `| ${name} | ${[shown.trim(), ...cells].join(' | ')} |`;
    });
  return [
    '| wall | page and part | nodes | anew | listeners | anew | heap, MB | anew |',
    '| --- | --- | --: | --: | --: | --: | --: | --: |',
    ...rows,
  ].join('\n');
}

/** Lists of the record that grew or shrank by more than a hundredth, and what the rest comes to. */
export function growthOf(state: Told['state']): string {
  const [start, end] = [state.start.lists, state.end.lists];
  const paths = [...new Set([...start.keys(), ...end.keys()])].sort();
  const moved = paths.filter((path) => {
    const [from, to] = [start.get(path) ?? 0, end.get(path) ?? 0];
    return Math.abs(to - from) > Math.max(1, from * 0.01);
  });
  const rows = moved.map((path) => {
    const [from, to] = [start.get(path) ?? 0, end.get(path) ?? 0];
    return `| \`${path}\` | ${from} | ${to} | ${to - from > 0 ? '+' : ''}${to - from} |`;
  });
  const still = paths.filter((path) => !moved.includes(path) && (end.get(path) ?? 0) > 0);
  return [
    '| list of the record | after warm-up | at the end | grew by |',
    '| --- | --: | --: | --: |',
    ...rows,
    '',
    `Unchanged: ${still.map((path) => `\`${path}\` (${end.get(path) ?? 0})`).join(', ')}.`,
  ].join('\n');
}

/** What the walls' heaps consist of: code is what Chromium keeps of functions, the faster the larger. */
export function kindsTableOf({ start, end }: Told['state']): string {
  const mb = (bytes: number): string => (bytes / 1024 / 1024).toFixed(2);
  const rows = (['turning', 'floor'] as const).flatMap((wall) =>
    (['code', 'strings', 'rest'] as const).map((kind) => {
      const [from, to] = [start.kinds[wall][kind], end.kinds[wall][kind]];
      return `| ${wall} | ${kind} | ${mb(from)} | ${mb(to)} |`;
    }),
  );
  return [
    '| wall | kind | after warm-up, MB | at the end, MB |',
    '| --- | --- | --: | --: |',
    ...rows,
  ].join('\n');
}

export function pageOf(told: Told): string {
  const { minutes, warmUpMinutes, speed, size, screens, figures } = told;
  const hours = Math.round((minutes * speed) / 6) / 10;
  return `# A long day

${hours} hours of a contact centre told in ${minutes} minutes, ${told.date}. Does anything grow that should not?

![Small pictures of memory, handles and DOM nodes over ${minutes} minutes](long-day.png)

${verdictsOf(told)
  .map((verdict) => `- ${verdict}`)
  .join('\n')}

${tableOf(figures)}

Everything is measured from minute ${warmUpMinutes} on: until then the window of deduplication (ten minutes) and the list of ended contacts (10,000) fill.
"An hour" is an hour of the wall's clock, in which ${speed} hours of the floor go by. The lean is that of the least-squares line through the
low water: the least reading of each minute.

## Beside a wall loaded anew

How many nodes a wall has hangs on the rows of the hour. So at the end each wall is held beside the same one loaded anew, page by page, once both had shown every page:

${anewTableOf(told.anew)}

## What may grow

The state of a day is more at its end than at its beginning. These are the lists of the server's own record (its snapshot in Redis):

${growthOf(told.state)}

And these are the kinds of which the walls' heaps consist (heap snapshots; code is what Chromium keeps of functions, and it grows while it makes
them faster; the rest is objects, arrays and closures, and depends on the page that is shown at that moment):

${kindsTableOf(told.state)}

## Workload

- ${size.agents} agents who take contacts, ${size.people} people in all, ${size.queues} queues; ${told.events.toLocaleString('en')} events in ${minutes} minutes (seed ${told.seed}): contacts with their
  ringing, answers, holds, transfers and ends, states of agents, wrap-up, breaks, sign-ins and sign-outs, promises and their calls, requests
  for help, where supervisors are. Talks and waits are ${speed} times shorter, so as many contacts are open at once as on such a day.
- Phones write into \`in:pbx\`, from where the copier brings them; where supervisors are comes by HTTP; names and boards are in the journal.
- The journal begins with ${told.oldEntries.toLocaleString('en')} entries of two days before, so that each minute there is something to trim: ${told.trimmed.toLocaleString('en')} were trimmed
  in the run, and ${told.snapshots} snapshots were written.
- 40 screens on 10 boards: 38 programs (24 stay, 8 leave and come back with their position, 2 load anew, 4 dawdle, of these half the times reading
  nothing) and 2 walls in Chromium (1920 × 1080; one turning through its pages with the chart, each 5 s, one on the floor page).
  ${screens.cameBack} lines were opened again, ${screens.closedAsSlow} of them after the server had closed a slow one; ${screens.misfits} deltas did not fit; ${screens.httpCalls} calls by HTTP.
- Each 10 s: \`/metrics\`, \`/proc\` and Redis, and both pages right after a forced collection; each 30 s the server's heap right after one, by Node's inspector.
- At the end both walls are loaded anew in two more pages, and once the new ones have shown every page the four are read for a minute, beside each other.
- After the warm-up and at the end a second server begins from the same record, is collected and read, and ends: what it holds is the state of the day.
- ${told.machine}.

## What this does not show

The clock is not compressed, only the floor: the day has ${Math.ceil(minutes / 15)} intervals of 15 minutes a queue, not ${hours * 4}; and nothing of what Pharos keeps for 48 hours or for 35
days falls out in ${minutes} minutes.

## Again

\`npm run long-day -- --minutes ${minutes} --write\` (redis-server and Chromium must be installed; \`--minutes 1\` to see that it works; without \`--write\` it only prints).
`;
}
