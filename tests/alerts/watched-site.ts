// A site of a test: one journal in memory, one clock that the test sets, and the houses that watch it.
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { openWatchingHouse } from './watching-house.ts';
import type { Before, WatchingHouse } from './watching-house.ts';

const SECOND = 1_000;

export class WatchedSite {
  readonly clock: ManualClock = createManualClock();
  readonly store: MemoryStore = openMemoryStore(this.clock);
  readonly #houses = new Set<WatchingHouse>();

  /** Takes a second of the clock, as each of these does. `store`: another way to the same journal. */
  async open(before: Before = {}, store: MemoryStore = this.store): Promise<WatchingHouse> {
    const opened = openWatchingHouse(store, this.clock, before);
    await this.clock.advance(SECOND);
    const house = await opened;
    this.#houses.add(house);
    return house;
  }

  /** One that begins where another was. */
  openAfter(from: WatchingHouse | undefined, before: Before): Promise<WatchingHouse> {
    const record = from && { floor: from.floor, standing: from.standing() };
    return this.open({ ...record, ...before });
  }

  /** Absent: all of them. */
  async close(one?: WatchingHouse): Promise<void> {
    const houses = one === undefined ? [...this.#houses] : [one];
    for (const house of houses) this.#houses.delete(house);
    const closing = Promise.all(houses.map((house) => house.close()));
    await this.clock.advance(SECOND);
    await closing;
  }
}
