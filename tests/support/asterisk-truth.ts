// What really happened in the recording, and how its words become the floor's.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dataFile } from './data.ts';

export interface TruthAgent {
  readonly device: string;
  readonly unreachable: boolean;
  /** Queue to true, or to the reason of its pause. */
  readonly queues: Readonly<Record<string, true | string>>;
  readonly calls: readonly {
    readonly customer: string;
    readonly hold: boolean;
    readonly state: string;
  }[];
}

export interface TruthBoard {
  readonly t: number;
  readonly waiting: Readonly<Record<string, number>>;
  readonly oldest_wait_s: Readonly<Record<string, number>>;
  readonly answered: Readonly<Record<string, number>>;
  readonly offered: Readonly<Record<string, number>>;
  /** AMI's QueueCallerAbandon: abandoned, timed out and emptied together. */
  readonly abandoned: Readonly<Record<string, number>>;
  readonly agents: Readonly<Record<string, TruthAgent>>;
}

export interface Truth {
  readonly queues: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly calls: readonly {
    readonly number: string;
    readonly queue: string;
    readonly uniqueid: string;
    readonly joined_ms: number;
    readonly answered_ms: number | null;
    readonly agent: string | null;
    readonly outcome: string;
  }[];
  readonly holds: readonly {
    readonly agent: string;
    readonly customer: string;
    readonly start: number;
    readonly end: number;
  }[];
  readonly agent_complete_ms: Readonly<Record<string, readonly number[]>>;
  readonly checkpoints: readonly TruthBoard[];
}

export function readTruth(): Truth | null {
  const file = dataFile('asterisk/main.truth.json.gz');
  return file === null
    ? null
    : (JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Truth);
}

export interface Expected {
  readonly state: string;
  readonly reachable: boolean;
  readonly pausedIn: Readonly<Record<string, string>>;
  readonly memberOf: readonly string[];
}

const WRAP_UP_MS = 5_000;

/**
 * The rules: a phone on hold is holding (also where only the call says so yet), one that rings is ringing, one in use
 * is talking. Else: within 5 s of the end of a queue's call wrap-up, unless paused in all queues; in no queue offline,
 * but supervisors, who are in none, are available; paused in all of them break; else available. A phone that is
 * UNAVAILABLE or marked unreachable is not reachable, whatever its agent does.
 */
export function expectedState(id: string, agent: TruthAgent, truth: Truth, t: number): Expected {
  const memberOf = Object.keys(agent.queues).sort();
  const pausedIn = Object.fromEntries(
    Object.entries(agent.queues)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter((pair): pair is [string, string] => pair[1] !== true),
  );
  const isPaused = memberOf.length > 0 && memberOf.every((queue) => queue in pausedIn);
  const ended = truth.agent_complete_ms[id] ?? [];
  const isWrapping = ended.some((at) => at <= t && t < at + WRAP_UP_MS);
  const reachable = !agent.unreachable && agent.device !== 'UNAVAILABLE';
  return { state: stateOf(), reachable, pausedIn, memberOf };

  function stateOf(): string {
    if (agent.device === 'ONHOLD' || agent.calls.some((call) => call.hold)) return 'holding';
    if (agent.device === 'RINGING') return 'ringing';
    if (agent.device === 'INUSE') return 'talking';
    if (memberOf.length === 0) return id.startsWith('2') ? 'available' : 'offline';
    if (isPaused) return 'break';
    return isWrapping ? 'wrapup' : 'available';
  }
}
