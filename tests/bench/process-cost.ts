// What a process costs, as Linux counts it.
import { readFileSync } from 'node:fs';

/** Linux counts a process' time in hundredths of a second, whatever the machine (`USER_HZ`). */
const TICK_MS = 10;

/** Milliseconds of processor that it has used, the kernel's work for it included. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets and may have blanks; utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory in KiB. */
export function rssKbOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? Number.NaN);
}
