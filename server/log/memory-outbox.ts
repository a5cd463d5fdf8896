// The outbox of the in-memory twin: the same lanes, claims and endings.
import type { Clock } from '../clock.ts';
import type { Fields } from '../events/decode.ts';
import { DEAD_KEPT_MS, DEAD_MOST, DONE_KEPT_MS, LATELY_MS, ROWS_MOST } from './outbox.ts';
import type { ChannelStore, DeadLetter, Notice, OutboxStore, WaitingRow } from './outbox.ts';

export interface MemoryOutbox extends OutboxStore, ChannelStore {
  /** As the script that decides does. */
  add(notices: readonly Notice[], withdrawn: readonly string[]): void;
  /** As the script that reconciles does. */
  noteTold(lane: string, about: string): void;
  /** What waits, in the order in which it came. */
  readonly rows: ReadonlyMap<string, Notice>;
  /** As FLUSHALL. */
  empty(): void;
}

interface LaneState {
  at: number;
  token: string | null;
}

const AGAIN = 'again';

/** `append` writes to the journal, or throws. */
export function createMemoryOutbox(
  clock: Clock,
  append: (entries: readonly Fields[]) => void,
): MemoryOutbox {
  const rows = new Map<string, Notice>();
  const lanes = new Map<string, LaneState>();
  const tries = new Map<string, { readonly tries: number; readonly firstAt: number }>();
  const held = new Map<string, number>();
  const sent = new Map<string, readonly number[]>();
  const done = new Map<string, number>();
  const told = new Map<string, number>();
  const channels = new Map<string, string>();
  const secrets = new Map<string, string>();
  let dead: readonly DeadLetter[] = [];
  let channelsAt = '';
  let changes = 0;

  const now = (): number => Math.floor(clock.now());
  const rowsOf = (lane: string): readonly Notice[] =>
    [...rows.values()].filter((row) => row.lane === lane).sort(byTime);

  function free(lane: string): void {
    const [head] = rowsOf(lane);
    if (head === undefined) lanes.delete(lane);
    else lanes.set(lane, { at: head.dueAt, token: null });
  }
  function forget(kept: Map<string, number>, ms: number): void {
    for (const [name, at] of kept) if (at <= now() - ms) kept.delete(name);
  }
  function lately(lane: string): readonly number[] {
    return (sent.get(lane) ?? []).filter((at) => at >= now() - LATELY_MS);
  }

  return {
    rows,
    add(notices, withdrawn) {
      for (const notice of notices) {
        const { id, lane, dueAt } = notice;
        if (rows.has(id) || done.has(id)) continue;
        rows.set(id, notice);
        const state = lanes.get(lane);
        if (state === undefined) lanes.set(lane, { at: dueAt, token: null });
        else if (state.token === null) state.at = Math.min(state.at, dueAt);
      }
      for (const id of withdrawn) {
        const lane = rows.get(id)?.lane;
        rows.delete(id);
        tries.delete(id);
        if (lane !== undefined && lanes.get(lane)?.token === null) free(lane);
      }
    },
    noteTold: (lane, about) => void told.set(`${lane}\n${about}`, now()),
    async claim({ token, leaseMs, lanes: most }) {
      const due = [...lanes]
        .filter(([, { at }]) => at <= now())
        .sort(([, a], [, b]) => a.at - b.at);
      const claimed = due.slice(0, most).flatMap(([lane]) => {
        const ready = rowsOf(lane)
          .slice(0, ROWS_MOST)
          .filter(({ dueAt }) => dueAt <= now());
        if (ready.length === 0) {
          free(lane);
          return [];
        }
        lanes.set(lane, { at: now() + leaseMs, token });
        const waiting: readonly WaitingRow[] = ready.map((row) => ({
          ...row,
          ...(tries.get(row.id) ?? { tries: 0, firstAt: null }),
        }));
        const heard = waiting.filter(({ about }) => told.has(`${lane}\n${about}`));
        return {
          lane,
          token,
          rows: waiting,
          sentLately: lately(lane).length,
          heldUntil: held.get(lane) ?? null,
          told: new Set(heard.map(({ about }) => about)),
        };
      });
      const at = Math.min(...[...lanes.values()].map((state) => state.at));
      const nextAt = Number.isFinite(at) ? at : null;
      return Promise.resolve({ claimed, nextAt, channelsAt });
    },
    async settle({ lane, token, ids, outcome, entries }) {
      if (lanes.get(lane)?.token !== token) return Promise.resolve(false);
      for (const id of ids) {
        const row = rows.get(id);
        if (outcome.kind === 'again') {
          const before = tries.get(id) ?? { tries: 0, firstAt: now() };
          if (row) tries.set(id, { ...before, tries: before.tries + 1 });
        } else if (outcome.kind === 'held') {
          if (row) rows.set(id, { ...row, dueAt: outcome.until });
        } else {
          rows.delete(id);
          tries.delete(id);
          done.set(id, now());
          const name = `${lane}\n${row?.about ?? ''}`;
          if (row && outcome.kind === 'sent')
            if (row.marks === 'ends') told.delete(name);
            else told.set(name, now());
          if (row && outcome.kind === 'dead')
            dead = [
              ...dead,
              {
                ...{ at: now(), why: outcome.why, notice: row },
                ...{ tries: outcome.tries, via: outcome.via },
              },
            ];
        }
      }
      if (outcome.kind === 'sent' && outcome.isCounted) sent.set(lane, [...lately(lane), now()]);
      if (outcome.kind === 'held') held.set(lane, outcome.until);
      if (outcome.kind === 'again') lanes.set(lane, { at: outcome.at, token: AGAIN });
      else free(lane);
      const heldTo = held.get(lane) ?? 0;
      const isPast = heldTo <= now() && (lanes.get(lane)?.at ?? Infinity) > heldTo;
      if (isPast && outcome.kind !== 'again') held.delete(lane);
      forget(done, DONE_KEPT_MS);
      forget(told, DONE_KEPT_MS);
      dead = dead.filter(({ at }) => at > now() - DEAD_KEPT_MS).slice(-DEAD_MOST);
      try {
        append(entries);
      } catch {
        // What happened stands though the journal refuses to be told of it.
      }
      return Promise.resolve(true);
    },
    async backlog() {
      const oldest = Math.min(...[...rows.values()].map(({ dueAt }) => dueAt));
      const oldestDueAt = Number.isFinite(oldest) ? oldest : null;
      return Promise.resolve({ rows: rows.size, oldestDueAt });
    },
    deadLetters: (count) => Promise.resolve([...dead].reverse().slice(0, count)),
    channels: () => Promise.resolve(new Map(channels)),
    async putChannel(lane, text) {
      if (text === null) channels.delete(lane);
      else channels.set(lane, text);
      channelsAt = `${Math.floor(clock.now() / 1_000)}.${++changes}`;
      return Promise.resolve();
    },
    async secret(name, made) {
      const kept = secrets.get(name) ?? made;
      secrets.set(name, kept);
      return Promise.resolve(kept);
    },
    empty() {
      for (const each of [rows, lanes, tries, held, sent, done, told, channels, secrets])
        each.clear();
      dead = [];
      channelsAt = '';
    },
  };
}

function byTime(a: Notice, b: Notice): number {
  return a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1);
}
