// Machines with one fault each: the sources of `server/alerts` with one line changed, loaded beside the sound ones.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Parts } from './driven.ts';

export interface Fault {
  readonly name: string;
  readonly file: (typeof FILES)[number];
  readonly line: string;
  readonly instead: string;
}

const FILES = [
  'machine',
  'commands',
  'escalation',
  'timing',
  'episode',
  'identity',
  'next-move',
] as const;

/** The parts with this fault, until `run` is over; none: as they are, by the same way. */
export async function withFault<T>(fault: Fault | null, run: (parts: Parts) => T): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'pharos-mutant-'));
  try {
    for (const file of FILES) {
      const sound = await readFile(`server/alerts/${file}.ts`, 'utf8');
      const source = fault?.file === file ? changed(sound, fault) : sound;
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      await writeFile(
        join(dir, `${file}.mjs`),
        outputText.replace(/(from ')(\.\/[^']*)\.ts'/g, "$1$2.mjs'"),
      );
    }
    const load = async (file: string): Promise<Partial<Parts>> =>
      (await import(
        /* @vite-ignore */ pathToFileURL(join(dir, `${file}.mjs`)).href
      )) as Partial<Parts>;
    const { command } = await load('commands');
    const { nextMoveAt } = await load('machine');
    const { nextMove, currentOf } = await load('next-move');
    if (!command || !nextMoveAt || !nextMove || !currentOf)
      throw new Error('invariant: the parts are exported under their names');
    return run({ command, nextMoveAt, nextMove, currentOf });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function changed(source: string, { name, line, instead }: Fault): string {
  if (source.split(line).length !== 2)
    throw new Error(`"${name}": expected its line once in the source`);
  return source.replace(line, () => instead);
}
