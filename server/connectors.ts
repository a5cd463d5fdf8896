// Which connectors run here, each under its lease: the phone systems, the demo, and the copier of less trusted streams.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pause } from './clock.ts';
import { startCopying } from './copying.ts';
import { demoBegin, isDemoTold } from './demo-work.ts';
import type { DemoParts } from './demo-work.ts';
import { createAsteriskConnector } from './connectors/asterisk/connector.ts';
import { parseAsteriskTable } from './connectors/asterisk/table.ts';
import type { AsteriskTable } from './connectors/asterisk/table.ts';
import { OWN_SOURCE } from './events/event.ts';
import type { NewEvent } from './events/event.ts';
import type { Refusal } from './log/refusals.ts';
import type { Store } from './log/store.ts';
import { StartRefused } from './start-refused.ts';
import { underLease } from './under-lease.ts';
import type { LeasedWork, Running } from './under-lease.ts';

export interface ConnectorParts extends DemoParts {
  readonly store: Store;
  readonly holder: string;
  /** Types that a source may send by its own stream; undefined: the usual ones. */
  readonly grantOf: (source: string) => readonly string[] | undefined;
  readonly onRefused: (refusal: Refusal) => void;
}

export interface Connectors {
  /**
   * Once the floor has caught up, since the demo asks it who else is there. Resolves once a new demo's past is on the floor, since a
   * half-told morning looks like a calm one. Throws `StartRefused`.
   */
  start(): Promise<void>;
  /** After a gap of the log: everybody who can tells anew what is true, and the screens mark `untold`, the sources that cannot. */
  tellAnew(untold: readonly string[]): void;
  close(): Promise<void>;
}

interface Gap {
  readonly untold: readonly string[];
  /** On the monotonic clock. */
  readonly at: number;
}

const NO_GAP: Gap = { untold: [], at: -Infinity };
/** Longer than another server's lease lives after it. */
const GAP_MS = 15_000;

/** A morning is told within a second, and within some on a machine that has much to do; whoever waits for more is let in all the same (milliseconds). */
const DEMO_PATIENCE_MS = 20_000;
const DEMO_LOOK_MS = 20;

export function createConnectors(parts: ConnectorParts): Connectors {
  let works: readonly LeasedWork[] = [];
  let running: readonly { close(): Promise<void> }[] = [];
  let closed = false;
  let gap: Gap | null = null;
  /** Ends and beginnings come one after the other, whoever asks for them: two of one work would hold its lease against each other. */
  let turns: Promise<void> = Promise.resolve();

  function begin(): void {
    running = closed ? [] : works.map(underLease);
  }

  /** Only whoever has the lease soon after it marks the sources: another server has done so long before. */
  function takeGap(): readonly string[] {
    const { untold, at } = gap ?? NO_GAP;
    gap = null;
    return parts.clock.monotonic() - at < GAP_MS ? untold : [];
  }

  async function end(): Promise<void> {
    const were = running;
    running = [];
    await Promise.all(were.map((work) => work.close()));
  }

  return {
    async start() {
      const { config, floor, clock } = parts;
      const isNewDemo = config.demo && !floor.facts.sources.has('demo');
      const play = demoBegin(parts);
      const demos = play === null ? [] : [leased(parts, 'demo', play)];
      works = [...asterisks(parts), ...demos, copier(parts, takeGap)];
      turns = turns.then(begin);
      await turns;
      const until = clock.monotonic() + DEMO_PATIENCE_MS;
      while (isNewDemo && !closed && clock.monotonic() < until && !isDemoTold(floor.facts))
        await pause(clock, DEMO_LOOK_MS);
    },
    tellAnew(untold) {
      gap = { untold, at: parts.clock.monotonic() };
      // Each begins with a snapshot, so beginning again is telling anew.
      turns = turns.then(end).then(begin);
    },
    close() {
      closed = true;
      turns = turns.then(end);
      return turns;
    },
  };
}

function leased(
  { store, clock, telemetry, holder }: ConnectorParts,
  name: string,
  begin: LeasedWork['begin'],
): LeasedWork {
  return { store, clock, telemetry, holder, name, begin };
}

function asterisks(parts: ConnectorParts): readonly LeasedWork[] {
  const { config, clock, telemetry } = parts;
  const table = asteriskTable(config.asteriskTable);
  return config.asterisk.map((link) => {
    const source = `asterisk/${link.name}`;
    return leased(parts, source, (append) => {
      const connector = createAsteriskConnector({
        link,
        source,
        append,
        clock,
        telemetry,
        random: chance,
        ...(table === undefined ? {} : { table }),
      });
      connector.start();
      return connector;
    });
  });
}

function asteriskTable(path: string | null): AsteriskTable | undefined {
  if (path === null) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new StartRefused(
      `PHAROS_ASTERISK_TABLE: expected a file that can be read, got "${path}".`,
    );
  }
  const parsed = parseAsteriskTable(text);
  if (parsed.kind === 'refused')
    throw new StartRefused(`PHAROS_ASTERISK_TABLE: ${parsed.problems.join(' ')}`);
  return parsed.table;
}

/** The copier also speaks for the sources that cannot tell anew what is true. */
function copier(parts: ConnectorParts, takeGap: () => readonly string[]): LeasedWork {
  const { store, clock, telemetry, onRefused, floor, grantOf } = parts;
  return leased(parts, 'copier', (append, lease): Running => {
    const marks = takeGap().map((subject) => markOf(subject));
    // Where this fails Redis is away again, and the next gap is told.
    if (marks.length > 0) void append(marks).catch(() => undefined);
    const heardAt = (source: string): number | null =>
      floor.facts.sources.get(source)?.lastAt ?? null;
    return startCopying({ store, lease, clock, telemetry, heardAt, grantOf, onRefused });
  });
}

function markOf(source: string): NewEvent<'source.faulted'> {
  return {
    source: OWN_SOURCE,
    type: 'source.faulted',
    subject: source,
    data: { fault: 'trimmed' },
  };
}

/** In [0, 1), with 32 bits. */
function chance(): number {
  return randomBytes(4).readUInt32BE() / 2 ** 32;
}
