// Real data beside the repository: where it is, and what is said where it is missing.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A file of the folder of real data, or null after saying so. */
export function dataFile(path: string): string | null {
  const folder = process.env.PHAROS_DATA ?? '../shared/data';
  const file = resolve(folder, path);
  if (existsSync(file)) return file;
  console.log(`Skipped: no data at ${file} (PHAROS_DATA names the folder).`);
  return null;
}
