// How snapshots are laid down is a promise to the future: those of every version so far are kept as files and must be read.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../server/log/snapshots.ts';
import type { SnapshotForm, StoredSnapshot } from '../../server/log/snapshots.ts';

const FOLDER = new URL('fixtures/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** Three versions of a state: a list of names, then rows, then rows with an age. */
const FORM: SnapshotForm = {
  version: 3,
  migrations: {
    1: (state) => ({ agents: (state as { agents: string[] }).agents.map((id) => ({ id })) }),
    2: (state) => ({
      agents: (state as { agents: { id: string }[] }).agents.map(({ id }) => ({ id, since: null })),
    }),
  },
};

function stored(file: string): StoredSnapshot {
  const words = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as StoredSnapshot & {
    readonly body: string;
  };
  return { ...words, body: Buffer.from(words.body, 'base64') };
}

describe('a stored snapshot', () => {
  it('[LOG-23] of each version so far is read and brought to the present one', async () => {
    expect(files).toEqual(['v1-json.json', 'v2-gzip.json', 'v3-json.json']);
    for (const file of files) {
      const read = await readSnapshot(stored(file), FORM);
      expect(read, file).toEqual({
        kind: 'read',
        snapshot: {
          position: { id: '1795297093489-0', added: 7 },
          savedAt: 1_795_297_100_000,
          state: {
            agents: [
              { id: 'charles', since: null },
              { id: 'žanna', since: null },
            ],
          },
        },
      });
    }
  });

  it('[LOG-24] is refused when any of it was changed, and says what is wrong', async () => {
    const sound = stored('v1-json.json');
    const changed: readonly Partial<StoredSnapshot>[] = [
      { id: '1795297093489-1' },
      { added: '8' },
      { savedAt: '0' },
      { version: '2' },
      { encoding: 'gzip' },
      { body: Buffer.concat([sound.body, Buffer.from(' ')]) },
    ];
    for (const change of changed)
      expect(await readSnapshot({ ...sound, ...change }, FORM)).toEqual({
        kind: 'unreadable',
        why: 'is damaged: its checksum is another',
      });
  });

  it('[LOG-24] is refused when nothing brings its version to the present one, or the step fails', async () => {
    expect(await readSnapshot(stored('v1-json.json'), { version: 2, migrations: {} })).toEqual({
      kind: 'unreadable',
      why: 'is of version 1, which nothing brings to 2',
    });
    const broken: SnapshotForm = {
      version: 2,
      migrations: {
        1: () => {
          throw new Error('no agents');
        },
      },
    };
    expect(await readSnapshot(stored('v1-json.json'), broken)).toEqual({
      kind: 'unreadable',
      why: 'did not migrate from version 1 to 2: Error: no agents',
    });
  });
});
