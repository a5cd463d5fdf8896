// A connector on a played recording, and a floor that folds what it appends through the door of events.
import { createAsteriskConnector } from '../../server/connectors/asterisk/connector.ts';
import type { AsteriskConnector } from '../../server/connectors/asterisk/connector.ts';
import { parseAsteriskTable } from '../../server/connectors/asterisk/table.ts';
import type { AsteriskTable } from '../../server/connectors/asterisk/table.ts';
import type { Clock } from '../../server/clock.ts';
import { decode } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent, PharosEvent } from '../../server/events/event.ts';
import { Floor } from '../../server/floor/floor.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import type { Happening } from '../../server/telemetry.ts';
import { playAmi } from '../support/ami-playback.ts';
import type { Playback, PlaybackOptions } from '../support/ami-playback.ts';

export const SECRET = 's3cret: with blanks';
export const SOURCE = 'asterisk/pbx1';

export interface HallHold {
  readonly contact: string;
  readonly agent: string | null;
  readonly from: number;
  readonly to: number;
  readonly atLeast: boolean;
}

export interface Hall {
  readonly floor: Floor;
  readonly events: readonly PharosEvent[];
  /** Holds by agents that are over, in the order of their ends. */
  readonly holds: readonly HallHold[];
  readonly happenings: readonly Happening[];
  readonly playback: Playback;
  readonly connector: AsteriskConnector;
  close(): Promise<void>;
}

export interface HallOptions extends Omit<PlaybackOptions, 'secret' | 'clock'> {
  readonly clock: Clock;
  readonly byDevice?: readonly string[];
  readonly random?: () => number;
  readonly wrapUpSeconds?: number;
  readonly queues?: readonly string[];
}

function tableFor(byDevice: readonly string[]): AsteriskTable {
  const parsed = parseAsteriskTable({ people: { byDevice } });
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join(' '));
  return parsed.table;
}

export async function openHall(options: HallOptions): Promise<Hall> {
  const { clock } = options;
  const floor = new Floor({
    site: 'main',
    zone: 'UTC',
    country: null,
    dayStarts: '00:00',
    languages: ['en'],
    demo: false,
    build: 'test',
    now: clock.now(),
    defaults: { wrapUpSeconds: options.wrapUpSeconds ?? 5 },
  });
  const events: PharosEvent[] = [];
  const holds: HallHold[] = [];
  const running = new Map<string, Omit<HallHold, 'to'>>();
  let entries = 0;

  function fold(event: NewEvent): string {
    entries += 1;
    const entryId = `${clock.now()}-${entries}`;
    const door = decode(encode(event), { entryAt: clock.now(), entryId, trusted: true });
    if (door.kind !== 'event') throw new Error(`refused: ${JSON.stringify([door, event])}`);
    events.push(door.event);
    floor.expire(clock.now());
    for (const id of floor.apply(door.event).contacts ?? []) noteHold(id, door.event.at);
    return entryId;
  }

  function noteHold(id: string, at: number): void {
    const row = floor.facts.contacts.get(id);
    const since = row?.state === 'held' && row.hold.parked === null ? row.hold.since : null;
    const before = running.get(id);
    if (before && before.from !== since) {
      running.delete(id);
      holds.push({ ...before, to: at });
    }
    if (row && since !== null && !running.has(id))
      running.set(id, { contact: id, agent: row.agent, from: since, atLeast: row.hold.atLeast });
  }

  const playback = await playAmi({ ...options, secret: SECRET });
  const telemetry = createTelemetry();
  const happenings: Happening[] = [];
  telemetry.subscribe((happening) => happenings.push(happening));
  const connector = createAsteriskConnector({
    link: {
      host: '127.0.0.1',
      port: playback.port,
      tls: false,
      user: 'wallboard-min',
      secret: SECRET,
      name: 'pbx1',
    },
    source: SOURCE,
    append: (batch) => Promise.resolve(batch.map(fold)),
    clock,
    telemetry,
    random: options.random ?? (() => 0),
    table: tableFor(options.byDevice ?? ['SIP/201', 'SIP/202']),
  });
  return {
    floor,
    events,
    holds,
    happenings,
    playback,
    connector,
    async close() {
      await connector.stop();
      await playback.close();
    },
  };
}
