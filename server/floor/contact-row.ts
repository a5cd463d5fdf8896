// A contact's row: how it begins, what is told of its customer, how it lies in a wrap-up, and how a wait may end.
import type { Channel, Direction } from '../contract/lists.ts';
import type { Hold } from '../contract/rows.ts';
import type { DataOf } from '../events/schema.ts';
import { rawCustomer } from './callbacks.ts';
import type { ContactFact, RawCustomer } from './rows.ts';

const NO_HOLD: Hold = { count: 0, totalMs: 0, since: null, atLeast: false, parked: null };

/** How a new contact begins. */
export interface Birth {
  readonly direction?: Direction | undefined;
  readonly channel?: Channel | undefined;
  readonly customer?: { readonly [K in keyof RawCustomer]?: string | undefined } | undefined;
  readonly callback?: string | undefined;
}

/** One event of one contact: who says it, and when, never before the contact's last instant. */
export interface Word {
  readonly id: string;
  readonly source: string;
  readonly at: number;
}

export function newRow({ id, source, at }: Word, birth: Birth): ContactFact {
  return {
    id,
    queue: null,
    channel: birth.channel ?? 'voice',
    direction: birth.direction ?? 'inbound',
    state: 'routing',
    since: at,
    queuedAt: null,
    answeredAt: null,
    agent: null,
    customer: rawCustomer(birth.customer),
    hold: NO_HOLD,
    reason: null,
    incident: null,
    disposition: null,
    priority: 0,
    heldBy: null,
    rungMs: 0,
    ringing: [],
    callback: birth.callback ?? null,
    source,
  };
}

/** The part of the row that changes by what is told of its customer. */
export function named(
  row: ContactFact,
  customer: Birth['customer'],
): { readonly customer?: RawCustomer } {
  if (!customer) return {};
  const { id, name, address } = row.customer;
  const told = rawCustomer(customer);
  const next = {
    id: told.id ?? id,
    name: told.name ?? name,
    address: told.address ?? address,
  };
  const isSame = next.id === id && next.name === name && next.address === address;
  return isSame ? {} : { customer: next };
}

/** The contact as it lies in a wrap-up: no clock of its own runs in it. */
export function asLeft(row: ContactFact): ContactFact {
  const { hold, ringing } = row;
  const isHeld = hold.since !== null || hold.atLeast || hold.parked !== null || row.heldBy !== null;
  // Most are left as they are.
  if (!isHeld && ringing.length === 0) return row;
  const over = { ...hold, since: null, atLeast: false, parked: null };
  return { ...row, ringing: [], heldBy: null, hold: over };
}

/** Abandoned unless its source knows better. */
export function endOfWait({
  by,
  outcome,
}: DataOf['contact.ended']): 'abandoned' | 'left-otherwise' | 'unknown' {
  if (outcome === 'abandoned') return 'abandoned';
  // Answered, and nobody saw it: neither the wait nor who it was is known.
  if (outcome === 'unknown' || outcome === 'answered') return 'unknown';
  if (outcome === 'failed' || by === 'system' || by === 'agent') return 'left-otherwise';
  return 'abandoned';
}
