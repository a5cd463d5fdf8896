// One customer's call as the connector knows it: its channels, its visit to a queue, who has it, who rings for it.

export interface Visit {
  readonly queue: string;
  readonly joinedAt: number;
  /** QueueCallerAbandon has come, which says only that nobody answered. */
  abandonedAt: number | null;
  leftAt: number | null;
  /** A phone was picked up; AgentConnect follows. */
  pickedUp: boolean;
}

export interface Contact {
  readonly id: string;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  /** The channel of the customer (or of the agent who calls a colleague); null while an outbound call has none. */
  customer: string | null;
  /** The agent's channel that an outbound or internal contact began with. */
  readonly origin: string | null;
  address: string;
  name: string;
  visit: Visit | null;
  /** The queue that it last came by. */
  queue: string | null;
  queuedAt: number | null;
  /** Who has it; null in the system's hands. */
  agent: string | null;
  /** That agent's channel. */
  leg: string | null;
  answered: boolean;
  answeredAt: number | null;
  heldAt: number | null;
  heldAtLeast: boolean;
  parked: string | null;
  /** Channels that ring for it, to the person of each. */
  readonly rings: Map<string, string>;
  /** Rings that ended without a word of the queue: who, when. */
  quiet: { readonly agent: string; readonly at: number } | null;
  /** When its agent was gone while the customer stayed. */
  goneAt: number | null;
  /** A blind transfer whose target is not known yet. */
  transfer: { readonly at: number; readonly extension: string } | null;
  endedBy: 'customer' | 'agent' | null;
}

export interface QueueEntry {
  readonly queue: string;
  /** By the caller's own Wait. */
  readonly joinedAt: number;
}

export type Opening = Pick<
  Contact,
  'id' | 'direction' | 'customer' | 'origin' | 'address' | 'name'
>;

export function openContact(opening: Opening): Contact {
  return {
    ...opening,
    visit: null,
    queue: null,
    queuedAt: null,
    agent: null,
    leg: null,
    answered: false,
    answeredAt: null,
    heldAt: null,
    heldAtLeast: false,
    parked: null,
    rings: new Map(),
    quiet: null,
    goneAt: null,
    transfer: null,
    endedBy: null,
  };
}

/** As the contract has a customer; undefined where nothing is known. */
export function customerOf(contact: Contact): { name?: string; address?: string } | undefined {
  if (contact.name === '' && contact.address === '') return undefined;
  return {
    ...(contact.name === '' ? {} : { name: contact.name.slice(0, 200) }),
    ...(contact.address === '' ? {} : { address: contact.address.slice(0, 200) }),
  };
}
