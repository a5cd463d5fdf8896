// Changes of who somebody is, told to every server through the log, and again until it took them.
import { backoffMs } from '../backoff.ts';
import { pause } from '../clock.ts';
import type { Clock } from '../clock.ts';
import type { ScreenOrder } from '../contract/access.ts';
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import { OWN_SOURCE } from '../events/event.ts';
import type { DataOf } from '../events/schema.ts';
import type { Telemetry } from '../telemetry.ts';

export type AccessChange = DataOf['access.changed'];

/** Tries before it is left to the round that looks at everybody, once half a minute. */
const TRIES_MOST = 20;

export interface ChangesOptions {
  readonly append: (entries: readonly Fields[]) => Promise<unknown>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export class Changes {
  readonly #options: ChangesOptions;

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Resolves once the log has it, or once it is known not to take it now; it is tried on. `subject`: whom the journal names. */
  async tell(
    what: AccessChange['what'],
    of: string,
    subject: string,
    order?: ScreenOrder,
  ): Promise<void> {
    const data: AccessChange = { what, of, ...(order === undefined ? {} : { order }) };
    const entry = encode({ type: 'access.changed', subject, source: OWN_SOURCE, data });
    const isTold = await this.#append(entry);
    if (!isTold) void this.#again(entry);
  }

  async #again(entry: Fields): Promise<void> {
    const { clock, telemetry } = this.#options;
    for (let attempt = 1; attempt <= TRIES_MOST; attempt += 1) {
      await pause(clock, backoffMs(attempt, { firstMs: 100, ceilingMs: 2_000 }, 1));
      if (await this.#append(entry)) return;
    }
    const text =
      'The log took no word of a change of who may come in; each server finds it within half a minute.';
    telemetry.announce({ name: 'access.untold', severity: 'warn', text });
  }

  #append(entry: Fields): Promise<boolean> {
    return this.#options.append([entry]).then(
      () => true,
      () => false,
    );
  }
}
