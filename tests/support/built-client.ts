// The client as it ships, built once for a test file into a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

export interface BuiltClient {
  readonly folder: string;
  remove(): void;
}

export async function buildClient(): Promise<BuiltClient> {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-client-'));
  await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
