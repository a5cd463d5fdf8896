// Snapshots: the record of all that is older than the journal. Versioned, checked, two of them kept, never thrown away.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Lease } from './leases.ts';
import type { LogPosition } from './log.ts';
import { jsonInSlices } from './slices.ts';

/** How a snapshot lies in the store: a few words, and the state as bytes. */
export interface StoredSnapshot {
  readonly version: string;
  /** The position's id and count of entries. */
  readonly id: string;
  readonly added: string;
  /** Milliseconds on the site's clock. */
  readonly savedAt: string;
  readonly encoding: string;
  /** Of all the other words and the body, in hex. */
  readonly sha256: string;
  readonly body: Buffer;
}

export const SHELVES = ['newest', 'older'] as const;
export type Shelf = (typeof SHELVES)[number];

export interface SnapshotStore {
  /**
   * The newest becomes the older one, or goes aside where it cannot be read, and this becomes the newest; in one script.
   * Rejects with `LeaseLost` where the lease is not ours.
   */
  shelve(lease: Lease, snapshot: StoredSnapshot, newestGoes: 'older' | 'aside'): Promise<void>;
  onShelf(shelf: Shelf): Promise<StoredSnapshot | null>;
  /** The ids up to which the kept snapshots know everything; null where there is none. */
  shelvedIds(): Promise<{ readonly [S in Shelf]: string | null }>;
}

/** What the state's owner knows: which version it writes, and how each older one becomes the next. */
export interface SnapshotForm {
  /** From 1. */
  readonly version: number;
  /** The entry under n makes version n + 1 of version n. */
  readonly migrations: Readonly<Record<number, (state: unknown) => unknown>>;
}

export interface Snapshot {
  readonly position: LogPosition;
  /** Milliseconds on the site's clock. */
  readonly savedAt: number;
  /** Plain JSON. */
  readonly state: unknown;
}

export type Loaded =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'loaded';
      readonly snapshot: Snapshot;
      readonly shelf: Shelf;
      /** Why the newest one was passed over, in a sentence; null where it was not. */
      readonly passedOver: string | null;
    }
  | {
      /** The start must stop: whoever goes on would write over the record with less. */
      readonly kind: 'unreadable';
      readonly why: string;
    };

/** State of more bytes than this is packed. */
const PACK_OVER_BYTES = 64 * 1024;
const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** The newest snapshot that can be read, in the present version. Rejects with `LogTrouble` where Redis fails. */
export async function loadSnapshot(store: SnapshotStore, form: SnapshotForm): Promise<Loaded> {
  const faults: string[] = [];
  for (const shelf of SHELVES) {
    const stored = await store.onShelf(shelf);
    if (stored === null) continue;
    const read = await readSnapshot(stored, form);
    if (read.kind === 'unreadable') faults.push(`The ${shelf} snapshot ${read.why}.`);
    else return { kind: 'loaded', snapshot: read.snapshot, shelf, passedOver: faults[0] ?? null };
  }
  if (faults.length === 0) return { kind: 'none' };
  return {
    kind: 'unreadable',
    why:
      `Pharos does not start, because no snapshot can be read, and it would lose what is older than the journal: ` +
      `${faults.join(' ')} Nothing was changed; restore the snapshots from a backup of Redis.`,
  };
}

/** `breathe` is awaited again and again while a large state is written, and lets others run. Writes snapshots under leases. Before its first under each lease it looks whether the newest is worth keeping as the older one. */
export function createSnapshotWriter(
  store: SnapshotStore,
  form: SnapshotForm,
  breathe: () => Promise<void> = atOnce,
): { save(lease: Lease, snapshot: Snapshot): Promise<void> } {
  const looked = new WeakSet<Lease>();
  return {
    async save(lease, snapshot) {
      const stored = await storedForm(snapshot, form.version, breathe);
      let newestGoes: 'older' | 'aside' = 'older';
      if (!looked.has(lease)) {
        const newest = await store.onShelf('newest');
        if (newest && (await readSnapshot(newest, form)).kind === 'unreadable')
          newestGoes = 'aside';
      }
      await store.shelve(lease, stored, newestGoes);
      looked.add(lease);
    },
  };
}

export async function storedForm(
  { position, savedAt, state }: Snapshot,
  version: number,
  breathe: () => Promise<void> = atOnce,
): Promise<StoredSnapshot> {
  const plain = await jsonInSlices(state, breathe);
  const packed = plain.length > PACK_OVER_BYTES;
  const words = {
    version: String(version),
    id: position.id,
    added: String(position.added),
    savedAt: String(savedAt),
    encoding: packed ? 'gzip' : 'json',
    body: packed ? await pack(plain) : plain,
  };
  return { ...words, sha256: checksumOf(words) };
}

type Read =
  | { readonly kind: 'read'; readonly snapshot: Snapshot }
  | { readonly kind: 'unreadable'; readonly why: string };

export async function readSnapshot(stored: StoredSnapshot, form: SnapshotForm): Promise<Read> {
  if (stored.sha256 === '') return unreadable('is none: something else stands in its place');
  if (checksumOf(stored) !== stored.sha256)
    return unreadable('is damaged: its checksum is another');
  const version = Number(stored.version);
  if (!Number.isInteger(version) || version < 1)
    return unreadable(`has the version "${stored.version}", expected a whole number from 1`);
  if (version > form.version)
    return unreadable(
      `was written by a newer Pharos (version ${version}, this one reads up to ${form.version})`,
    );
  const plain = await plainOf(stored);
  if (plain.kind === 'unreadable') return plain;
  let state = plain.state;
  for (let at = version; at < form.version; at++) {
    const migrate = form.migrations[at];
    if (!migrate) return unreadable(`is of version ${at}, which nothing brings to ${at + 1}`);
    try {
      state = migrate(state);
    } catch (error) {
      return unreadable(`did not migrate from version ${at} to ${at + 1}: ${String(error)}`);
    }
  }
  const position = { id: stored.id, added: Number(stored.added) };
  return { kind: 'read', snapshot: { position, savedAt: Number(stored.savedAt), state } };
}

async function plainOf({
  encoding,
  body,
}: StoredSnapshot): Promise<
  | { readonly kind: 'plain'; readonly state: unknown }
  | { readonly kind: 'unreadable'; readonly why: string }
> {
  if (encoding !== 'json' && encoding !== 'gzip')
    return unreadable(`has the encoding "${encoding}", expected json or gzip`);
  try {
    const text = (encoding === 'gzip' ? await unpack(body) : body).toString('utf8');
    return { kind: 'plain', state: JSON.parse(text) as unknown };
  } catch (error) {
    return unreadable(`cannot be unpacked: ${String(error)}`);
  }
}

function checksumOf(stored: Omit<StoredSnapshot, 'sha256'>): string {
  const { version, id, added, savedAt, encoding, body } = stored;
  return createHash('sha256')
    .update([version, id, added, savedAt, encoding, ''].join('\n'))
    .update(body)
    .digest('hex');
}

function atOnce(): Promise<void> {
  return Promise.resolve();
}

function unreadable(why: string): { readonly kind: 'unreadable'; readonly why: string } {
  return { kind: 'unreadable', why };
}
