// A house that watches, decides and tells, on a clock and a store in hand: all rules, the real outbox, and a receiver that notes what comes.
import { RULES } from '../../server/alerts/rules.ts';
import { laneOf } from '../../server/log/outbox.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { createCapabilities } from '../../server/notify/capability.ts';
import { Channels } from '../../server/notify/channels.ts';
import type { Channel } from '../../server/notify/channel-form.ts';
import type { Letter } from '../../server/notify/letter.ts';
import { Notifier } from '../../server/notify/notifier.ts';
import type { Sent } from '../../server/notify/sender.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { openWatchingHouse } from '../alerts/watching-house.ts';
import type { Before, WatchingHouse } from '../alerts/watching-house.ts';
import { OPTIONS } from '../floor/scene.ts';
import { castOf, peopleOf } from './alarm-cast.ts';
import type { Cast } from './alarm-cast.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

/** What a person was handed, and when on the house's clock. */
export interface Came {
  readonly at: number;
  readonly to: string;
  readonly letter: Letter;
}

export interface Table {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  /** In the order in which it came. */
  readonly came: readonly Came[];
  /** Opens a house on them; another one that is open goes on beside it. */
  open(before?: Before): Promise<TellingHouse>;
}

export interface TellingHouse extends WatchingHouse {
  readonly notifier: Notifier;
}

export interface TableOptions {
  readonly startAt: number;
  /** Each has one channel, a phone. */
  readonly people: readonly string[];
  /** How a receiver answers; absent: it takes everything. */
  readonly answer?: (to: string, clock: ManualClock) => Sent | Promise<Sent>;
  readonly onCame?: (came: Came, house: TellingHouse) => void;
  readonly lookMs?: number;
}

const NINE = Date.parse('2026-03-02T09:00:00+02:00');

/** So many of the cast, who are all on the floor at nine in the morning. */
export async function withCast(
  size: number,
  more: Partial<TableOptions> = {},
): Promise<{ readonly table: Table; readonly cast: readonly Cast[] }> {
  const cast = Array.from({ length: size }, (_, number) => castOf(number));
  const people = cast.flatMap(({ lead, relief }) => [lead, relief]);
  const table = await setTable({ startAt: NINE, people, ...more });
  for (const each of cast) await table.store.append(peopleOf(each));
  return { table, cast };
}

export async function closed({ clock }: Table, house: TellingHouse): Promise<void> {
  const closing = house.close();
  await clock.advance(20_000);
  await closing;
}

const TAKEN: Sent = { kind: 'sent' };

export async function setTable(options: TableOptions): Promise<Table> {
  const { people, answer = () => TAKEN, onCame, lookMs } = options;
  const clock = createManualClock(options.startAt);
  const store = openMemoryStore(clock);
  const came: Came[] = [];
  for (const of of people) {
    const phone = { id: 'phone', kind: 'webhook', url: `https://phones.example/${of}` };
    await store.putChannel(
      laneOf({ owner: 'person', of, channel: 'phone' }),
      JSON.stringify(phone),
    );
  }
  let opened = 0;
  return {
    clock,
    store,
    came,
    async open(before = {}) {
      const channels = new Channels({
        ...{ store, site: 'main', onUnread: () => undefined },
        fixed: [
          {
            id: 'site',
            kind: 'webhook',
            url: 'https://site.example/',
            secret: null,
            shape: 'json',
            breaksQuiet: true,
          },
        ],
      });
      await channels.refresh();
      let wake = (): void => undefined;
      const onTold = (): void => wake();
      const watching = openWatchingHouse(store, clock, {
        ...{ rules: RULES, book: channels, onTold },
        ...(lookMs === undefined ? {} : { lookMs }),
        ...before,
      });
      await clock.advance(1_000);
      const { floor, ...rest } = await watching;
      const { facts } = floor;
      const capabilities = createCapabilities('k', () => clock.now());
      const { zone } = OPTIONS;
      const site = { site: 'main', zone, language: 'en', publicUrl: null } as const;
      const notifier = new Notifier({
        ...{ store, channels, clock, facts, telemetry: createTelemetry() },
        holder: `house-${(opened += 1)}`,
        letters: { facts, ...site, capabilities },
        async send(channel: Channel, letter) {
          const to = channel.kind === 'webhook' ? (channel.url.split('/').at(-1) ?? '') : '';
          const each = { at: clock.now(), to: to === '' ? 'site' : to, letter };
          const sent = await answer(each.to, clock);
          if (sent.kind !== 'sent') return sent;
          came.push(each);
          onCame?.(each, house);
          return sent;
        },
      });
      wake = () => notifier.wake();
      const house: TellingHouse = {
        ...rest,
        floor,
        notifier,
        async close() {
          await rest.close();
          await notifier.close();
        },
      };
      notifier.wake();
      await clock.advance(0);
      return house;
    },
  };
}
