// Scripts by their hash, so that a line to Redis can be stopped at one by its name.
import * as decisions from '../../server/log/scripts/decisions.ts';
import * as inbound from '../../server/log/scripts/inbound.ts';
import * as leases from '../../server/log/scripts/leases.ts';
import * as log from '../../server/log/scripts/log.ts';
import * as outbox from '../../server/log/scripts/outbox.ts';
import * as record from '../../server/log/scripts/record.ts';

const all = { ...decisions, ...inbound, ...leases, ...log, ...outbox, ...record };

/** SHA-1 of the text, and the constant's name. */
export const SCRIPT_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(all).map(([name, { sha1 }]) => [sha1, name]),
);
