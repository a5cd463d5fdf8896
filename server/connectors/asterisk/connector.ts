// The connector to one Asterisk: starts and stops the link, hands what happened to the log, beats while the link is alive.
import type { Clock } from '../../clock.ts';
import type { Append } from '../../events/event.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { AsteriskLink } from './link.ts';
import type { AsteriskTable } from './table.ts';

export interface AsteriskOptions {
  /** From `parseAsteriskUrl`. */
  readonly link: AsteriskLink;
  /** The events' source, `asterisk/NAME`. */
  readonly source: string;
  readonly append: Append;
  /** On the site's time. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** In [0, 1). */
  readonly random: () => number;
  /** From `parseAsteriskTable`; absent: the default one. */
  readonly table?: AsteriskTable;
}

export interface AsteriskConnector {
  /** Connects, and again for ever; never throws for what a PBX or a network may do. */
  start(): void;
  /** Resolves once the link is closed and what was being appended is done with. */
  stop(): Promise<void>;
}
