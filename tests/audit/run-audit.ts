// Runs the audit as a process, as a person would.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const TSX = resolve('node_modules/tsx/dist/cli.mjs');
const AUDIT = resolve('server/audit.ts');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function runAudit(args: readonly string[], input?: string): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [TSX, AUDIT, ...args], { stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      done({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
    });
    child.stdin.end(input);
  });
}
