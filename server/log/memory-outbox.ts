// The outbox of the in-memory twin: the same lanes, claims and endings, and the channels. One room since it is what the scripts do, step by step.
import type { Clock } from '../clock.ts';
import type { Fields } from '../events/decode.ts';
import {
  CALM_MOST,
  CLAIM_MOST,
  DEAD_KEPT_MS,
  DEAD_MOST,
  DONE_KEPT_MS,
  INSTEAD_MOST,
  LANE_MOST,
  LATELY_MS,
  ROWS_MOST,
  TAKEN_AWAY_KEPT_MS,
} from './outbox.ts';
import { notKeptEntry } from './not-kept.ts';
import type {
  ChannelRow,
  ChannelStore,
  DeadLetter,
  Notice,
  OutboxStore,
  Pace,
  WaitingRow,
} from './outbox.ts';

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

/** `endOf`: of an end, the row that waited when it was decided. */
type Row = Notice & Pick<WaitingRow, 'insteadOf' | 'digest'> & { readonly endOf?: string };

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
  const rows = new Map<string, Row>();
  /** By lane, as it came; kept beside `rows` so that a full lane is no walk through all of them. */
  const inLane = new Map<string, Set<string>>();
  const waiting = new Map<string, string>();
  const over = new Map<string, number>();
  const lanes = new Map<string, LaneState>();
  const tries = new Map<string, { readonly tries: number; readonly firstAt: number }>();
  const held = new Map<string, number>();
  const sent = new Map<string, readonly number[]>();
  const done = new Map<string, number>();
  const told = new Map<string, number>();
  const channels = new Map<string, ChannelRow>();
  const secrets = new Map<string, string>();
  let dead: readonly DeadLetter[] = [];
  let channelsAt = '';
  let changes = 0;

  const now = (): number => Math.floor(clock.now());
  const rowsOf = (lane: string): readonly Row[] =>
    [...(inLane.get(lane) ?? [])].flatMap((id) => rows.get(id) ?? []).sort(byTime);

  function put(row: Row): void {
    rows.set(row.id, row);
    const ids = inLane.get(row.lane);
    if (ids === undefined) inLane.set(row.lane, new Set([row.id]));
    else ids.add(row.id);
  }
  function remove(id: string): void {
    const row = rows.get(id);
    rows.delete(id);
    tries.delete(id);
    if (row === undefined) return;
    const ids = inLane.get(row.lane);
    ids?.delete(id);
    if (ids?.size === 0) inLane.delete(row.lane);
    if (waiting.get(topicOf(row)) === id) waiting.delete(topicOf(row));
  }
  /** What is due may be on its way: only what nobody has in hand, and nobody tried, gives up its place. */
  function folded(row: Row, isFree: boolean): Row {
    const id = waiting.get(topicOf(row)) ?? '';
    const old = rows.get(id);
    const isOfAnother = row.marks === 'ends' && row.endOf !== id;
    const isTried = tries.has(id) || old?.digest !== undefined;
    if (old === undefined || isOfAnother || isTried || (!isFree && old.dueAt <= now())) return row;
    remove(id);
    done.set(id, now());
    const instead = [...(row.insteadOf ?? []), ...(old.insteadOf ?? []), id];
    return { ...row, insteadOf: instead.slice(-INSTEAD_MOST) };
  }
  /** Nobody is told of it alone, and it does not come again. */
  function notKept(notice: Notice): null {
    done.set(notice.id, now());
    const entry = notKeptEntry(notice, now());
    if (entry !== null) tell([entry]);
    return null;
  }
  function tell(entries: readonly Fields[]): void {
    try {
      append(entries);
    } catch {
      // What happened stands though the journal refuses to be told of it.
    }
  }
  /** The row as it is to wait; null: there is no room for it. */
  function roomed(notice: Row, isFree: boolean): Row | null {
    const { lane, marks, isUrgent = false } = notice;
    const topic = topicOf(notice);
    const sizeOf = (): number => inLane.get(lane)?.size ?? 0;
    if (marks === 'ends') {
      const endOf = waiting.get(topic);
      if (sizeOf() >= CALM_MOST) return notKept(notice);
      return endOf === undefined ? notice : { ...notice, endOf };
    }
    const row = folded(notice, isFree);
    if (sizeOf() < (isUrgent ? LANE_MOST : CALM_MOST)) {
      waiting.set(topic, row.id);
      return row;
    }
    const kin = kinOf(lane, isUrgent);
    over.set(kin, (over.get(kin) ?? 0) + 1);
    return notKept(row);
  }
  function paceOf(kin: string): Pace {
    return {
      ...{ lately: lately(kin).length, heldUntil: held.get(kin) ?? null },
      over: over.get(kin) ?? 0,
    };
  }
  function isDigestDue({ heldUntil, over: count }: Pace): boolean {
    return count > 0 || (heldUntil !== null && heldUntil <= now());
  }

  function free(lane: string): void {
    const [head] = rowsOf(lane);
    if (head === undefined) lanes.delete(lane);
    else lanes.set(lane, { at: head.dueAt, token: null });
  }
  function forget(kept: Map<string, number>, ms: number): void {
    for (const [name, at] of kept) if (at <= now() - ms) kept.delete(name);
  }
  function setChannel(lane: string, row: ChannelRow): void {
    channels.set(lane, row);
    channelsAt = `${Math.floor(clock.now() / 1_000)}.${++changes}`;
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
        const state = lanes.get(lane);
        const row = roomed(notice, (state?.token ?? AGAIN) === AGAIN);
        if (row === null) continue;
        put(row);
        if (state === undefined) lanes.set(lane, { at: dueAt, token: null });
        else if (state.token === null) state.at = Math.min(state.at, dueAt);
      }
      for (const id of withdrawn) {
        const lane = rows.get(id)?.lane;
        remove(id);
        if (lane !== undefined && lanes.get(lane)?.token === null) free(lane);
      }
    },
    noteTold: (lane, about) => void told.set(`${lane}\n${about}`, now()),
    async claim({ token, leaseMs, lanes: most }) {
      const due = [...lanes]
        .filter(([, { at }]) => at <= now())
        .sort(([, a], [, b]) => a.at - b.at);
      let inAll = 0;
      const claimed = due.slice(0, most).flatMap(([lane]) => {
        if (inAll >= CLAIM_MOST) return [];
        const [calm, urgent] = [paceOf(lane), paceOf(kinOf(lane, true))];
        const all = isDigestDue(calm) || isDigestDue(urgent);
        const ready = rowsOf(lane)
          .slice(0, all ? LANE_MOST : ROWS_MOST)
          .filter(({ dueAt }) => dueAt <= now())
          .map((row) => (row.marks === 'ends' ? folded(row, false) : row));
        for (const row of ready) put(row);
        inAll += ready.length;
        if (ready.length === 0) {
          free(lane);
          return [];
        }
        lanes.set(lane, { at: now() + leaseMs, token });
        const claimedRows: readonly WaitingRow[] = ready.map((row) => ({
          ...row,
          ...(tries.get(row.id) ?? { tries: 0, firstAt: null }),
        }));
        const heard = claimedRows.filter((row) => told.has(topicOf(row)));
        return {
          lane,
          token,
          ...{ rows: claimedRows, calm, urgent, endsLately: lately(endsOf(lane)).length },
          told: new Set(heard.map(({ about }) => about)),
        };
      });
      const at = Math.min(...[...lanes.values()].map((state) => state.at));
      const nextAt = Number.isFinite(at) ? at : null;
      return Promise.resolve({ claimed, nextAt, channelsAt });
    },
    async settle({ lane, token, ids, outcome, entries }) {
      if (lanes.get(lane)?.token !== token) return Promise.resolve(false);
      const kin = kinOf(lane, 'isUrgent' in outcome && outcome.isUrgent);
      if (outcome.kind === 'sent' && outcome.over !== null) {
        const { count, why, via } = outcome.over;
        const head = rows.get(ids[0] ?? '');
        if (head) dead = [...dead, { ...{ at: now(), why, via, tries: 0 }, notice: head }];
        const left = (over.get(kin) ?? 0) - count;
        if (left > 0) over.set(kin, left);
        else over.delete(kin);
      }
      for (const id of ids) {
        const row = rows.get(id);
        if (outcome.kind === 'again') {
          const before = tries.get(id) ?? { tries: 0, firstAt: now() };
          if (row) tries.set(id, { ...before, tries: before.tries + 1 });
        } else if (outcome.kind === 'packed') {
          if (row) put({ ...row, digest: outcome.digest });
        } else if (outcome.kind === 'held') {
          if (row) put({ ...row, dueAt: outcome.until });
        } else {
          remove(id);
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
      if (outcome.kind === 'packed') return Promise.resolve(true);
      if (outcome.kind === 'sent' && outcome.counts !== null) {
        const counted = outcome.counts === 'end' ? endsOf(lane) : kin;
        sent.set(counted, [...lately(counted), now()]);
      }
      if (outcome.kind === 'held') held.set(kin, outcome.until);
      if (outcome.kind === 'again') lanes.set(lane, { at: outcome.at, token: AGAIN });
      else free(lane);
      for (const each of [lane, kinOf(lane, true)]) {
        const heldTo = held.get(each) ?? 0;
        const isPast = heldTo <= now() && (lanes.get(lane)?.at ?? Infinity) > heldTo;
        if (isPast && outcome.kind !== 'again') held.delete(each);
      }
      forget(done, DONE_KEPT_MS);
      forget(told, DONE_KEPT_MS);
      dead = dead.filter(({ at }) => at > now() - DEAD_KEPT_MS).slice(-DEAD_MOST);
      tell(entries);
      return Promise.resolve(true);
    },
    async renew({ lane, token, leaseMs }) {
      if (lanes.get(lane)?.token === token) lanes.set(lane, { at: now() + leaseMs, token });
      return Promise.resolve();
    },
    async backlog() {
      const oldest = Math.min(...[...rows.values()].map(({ dueAt }) => dueAt));
      const oldestDueAt = Number.isFinite(oldest) ? oldest : null;
      return Promise.resolve({ rows: rows.size, oldestDueAt });
    },
    deadLetters: (count) => Promise.resolve([...dead].reverse().slice(0, count)),
    channels: () => Promise.resolve(new Map(channels)),
    async putChannel(lane, text) {
      const before = channels.get(lane)?.changedAt ?? 0;
      setChannel(lane, { text, changedAt: Math.max(now() * 1_000, before + 1) });
      if (text !== null) return Promise.resolve();
      for (const [name, row] of channels)
        if (row.text === null && row.changedAt < (now() - TAKEN_AWAY_KEPT_MS) * 1_000)
          channels.delete(name);
      return Promise.resolve();
    },
    async giveBackChannels(given) {
      for (const [lane, row] of given) {
        const there = channels.get(lane);
        const isThere = there !== undefined && there.text !== null;
        const known = there?.changedAt ?? -1;
        const isLost = row.text !== null && !isThere && row.changedAt === known;
        if (isLost || (row.changedAt > known && (row.text !== null || isThere)))
          setChannel(lane, row);
      }
      return Promise.resolve();
    },
    async secret(name, made) {
      const kept = secrets.get(name) ?? made;
      secrets.set(name, kept);
      return Promise.resolve(kept);
    },
    empty() {
      for (const each of [rows, inLane, waiting, over, lanes, tries, held, sent, done, told])
        each.clear();
      for (const each of [channels, secrets]) each.clear();
      dead = [];
      channelsAt = '';
    },
  };
}

function topicOf({ lane, about }: Pick<Notice, 'lane' | 'about'>): string {
  return `${lane}\n${about}`;
}

/** Urgent ones have their own pace. */
function kinOf(lane: string, isUrgent: boolean): string {
  return isUrgent ? `urgent\n${lane}` : lane;
}

/** Ends, too, of which nobody is to be kept waiting for news. */
function endsOf(lane: string): string {
  return `ends\n${lane}`;
}

function byTime(a: Notice, b: Notice): number {
  return a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1);
}
