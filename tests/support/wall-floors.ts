// Floors that a wall is looked at with: calm and busy, five people and five hundred, long names, and each kind of episode. One room, since it is one wardrobe of floors.
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import type { Board } from '../../server/contract/board.ts';
import type { AgentState } from '../../server/contract/lists.ts';
import type {
  AgentRow,
  AlertRow,
  CallbackRow,
  IntervalRow,
  QueueRow,
  SiteRow,
  TeamRow,
} from '../../server/contract/rows.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { Tables } from '../../server/contract/tables.ts';

/** 21 November 2026, 15:42:07 in Riga. */
export const NOW = Date.UTC(2026, 10, 21, 13, 42, 7);
const DAY_STARTS = Date.UTC(2026, 10, 20, 22, 0, 0);
const DAY_MS = 86_400_000;
const HALF_HOUR = 1_800_000;

export interface FloorPlan {
  readonly queues: number;
  readonly agents: number;
  readonly teams: number;
  /** Waiting, past limits, holds past limits. */
  readonly busy: boolean;
  readonly longNames: boolean;
  readonly alerts: 'none' | 'three' | 'many';
  readonly demo: boolean;
}

export const FLOORS = {
  calm: {
    queues: 4,
    agents: 26,
    teams: 4,
    busy: false,
    longNames: false,
    alerts: 'none',
    demo: true,
  },
  busy: {
    queues: 4,
    agents: 26,
    teams: 4,
    busy: true,
    longNames: false,
    alerts: 'three',
    demo: true,
  },
  small: {
    queues: 2,
    agents: 5,
    teams: 1,
    busy: true,
    longNames: false,
    alerts: 'none',
    demo: false,
  },
  demo: {
    queues: 6,
    agents: 60,
    teams: 5,
    busy: true,
    longNames: false,
    alerts: 'none',
    demo: true,
  },
  large: {
    queues: 60,
    agents: 500,
    teams: 25,
    busy: true,
    longNames: false,
    alerts: 'three',
    demo: false,
  },
  long: {
    queues: 9,
    agents: 40,
    teams: 6,
    busy: true,
    longNames: true,
    alerts: 'many',
    demo: true,
  },
} as const satisfies Readonly<Record<string, FloorPlan>>;
export type FloorName = keyof typeof FLOORS;

const QUEUES = [
  'Billing',
  'Support',
  'Deliveries',
  'Sales',
  'Returns',
  'Complaints',
  'Travel',
  'Cards',
];
const LONG_QUEUES = [
  'Kundenbetreuung Großkunden und Rückfragen',
  'Abonementu un līgumu izmaiņu nodaļa',
  '大客户投诉与售后服务专线（华东区）',
  'Billing',
];
const FIRST =
  'Charles Ann Ivo Zane Petr Mara Uldis Rita Jānis Olga Karl Inga Dina Oto Sydney Elif Hiro Grace Farid Chloé Ben Anna Dmitri Noor Jerry Lucie Toms Eva Ilze Ernest'.split(
    ' ',
  );
const LAST = 'D P L V S B K M G F C Ž'.split(' ');
const LONG_FIRST = [
  'Maximiliane-Charlotte',
  'Konstantīns',
  '欧阳小',
  'Wilhelmina',
  'Aleksandrs',
  'Jo',
];
const STATES: readonly AgentState[] = [
  'talking',
  'talking',
  'available',
  'talking',
  'wrapup',
  'talking',
  'break',
  'available',
  'ringing',
  'talking',
  'busy',
  'available',
  'holding',
];

/** All rows of a floor at `now`; the same plan gives the same floor. */
export function floorRows(plan: FloorPlan, now = NOW): Tables {
  const tables = emptyTables();
  for (let i = 0; i < plan.teams; i += 1) {
    const team = teamRow(i, plan, now);
    tables.teams.set(team.id, team);
  }
  for (let i = 0; i < plan.agents; i += 1) {
    const agent = agentRow(i, plan, now);
    tables.agents.set(agent.id, agent);
  }
  for (let i = 0; i < plan.queues; i += 1) {
    const queue = queueRow(i, plan, now);
    tables.queues.set(queue.id, queue);
    if (i < 6)
      for (const interval of intervals(queue.id, i)) tables.intervals.set(interval.id, interval);
  }
  for (const alert of alertRows(plan, now)) tables.alerts.set(alert.id, alert);
  for (const callback of callbackRows(plan, now)) tables.callbacks.set(callback.id, callback);
  const site = siteRow(plan, now);
  tables.site.set(site.id, site);
  return tables;
}

export function boardOf(part: Partial<Board>): Board {
  return { ...DEFAULT_BOARD, ...part };
}

function siteRow(plan: FloorPlan, now: number): SiteRow {
  return {
    id: plan.demo ? 'demo' : 'main',
    name: plan.longNames ? 'Tellson & Co., Temple Bar' : 'Tellson’s',
    zone: 'Europe/Riga',
    country: 'LV',
    dayStartsAt: DAY_STARTS,
    dayEndsAt: DAY_STARTS + DAY_MS,
    languages: ['en', 'lv', 'zh'],
    demo: plan.demo,
    build: 'one',
    lastWaitingAt: now - 260_000,
    promises: { due: 46, kept: 41, overdue: plan.busy ? 2 : 0, nextDueAt: now + 173_000 },
    unseen: 0,
  };
}

function queueRow(i: number, plan: FloorPlan, now: number): QueueRow {
  const list = plan.longNames ? LONG_QUEUES : QUEUES;
  const round = Math.floor(i / list.length);
  const name = `${list[i % list.length] ?? ''}${round > 0 ? ` ${round + 1}` : ''}`;
  const waits = plan.busy ? ([192, 41, 8, 0, 274, 15][i % 6] ?? 0) : 0;
  const agents = plan.busy ? 0 : 2;
  return {
    id: `q${i}`,
    name,
    channel: 'voice',
    teams: [],
    waiting: plan.busy ? ([7, 2, 1, 0, 12, 1][i % 6] ?? 0) : 0,
    oldestAt: waits === 0 ? null : now - waits * 1000,
    target: {
      seconds: i % 5 === 4 ? 30 : 20,
      percent: i % 3 === 2 ? 85 : 80,
      formula: i % 4 === 3 ? 'ignore-short-abandons' : 'offered',
    },
    limits: { waitSeconds: 120, holdSeconds: 120 },
    today: {
      offered: 210,
      answered: 188,
      abandoned: 20,
      shortAbandoned: 3,
      leftOtherwise: 2,
      unknown: i === 2 ? 3 : 0,
      withinTarget: 150,
      serviceLevel: i === 5 ? null : ([0.61, 0.84, 0.91, 0.88, 1, 0.7][i % 6] ?? 0.8),
      liveServiceLevel: 0.6,
      asaMs: 17_000,
      ahtMs: 240_000,
      holdMs: 90_000,
      longestWaitMs: 300_000,
    },
    agents: {
      available: agents + (i % 4),
      ringing: 1,
      talking: 6 + (i % 3),
      holding: 1,
      wrapup: 1,
      break: 2,
      busy: 0,
      offline: 4,
    },
  };
}

function teamRow(i: number, plan: FloorPlan, now: number): TeamRow {
  const name = (plan.longNames ? LONG_QUEUES : QUEUES)[i % 4] ?? '';
  const covers = ['uncovered', 'covered', 'thin', 'covered', 'off'] as const;
  const state = plan.busy ? (covers[i % 5] ?? 'covered') : 'covered';
  return {
    id: `t${i}`,
    name: i >= 4 ? `${name} ${Math.floor(i / 4) + 1}` : name,
    leads: [`a${i}`],
    cover: {
      state,
      since: now - 600_000,
      present:
        state === 'uncovered' || state === 'off'
          ? []
          : [`a${i}`, `a${i + 7}`].slice(0, state === 'thin' ? 1 : 2),
    },
  };
}

function agentRow(i: number, plan: FloorPlan, now: number): AgentRow {
  const first = plan.longNames ? LONG_FIRST : FIRST;
  const state = STATES[(i * 7 + 12) % STATES.length] ?? 'available';
  const seconds = state === 'holding' ? (i % 2 === 0 ? 160 : 45) : 5 + ((i * 53) % 700);
  const age = plan.agents > 100 && i % 97 === 5 ? 8_000 : seconds;
  return {
    id: `a${i}`,
    name: `${first[i % first.length] ?? ''} ${LAST[i % LAST.length] ?? ''}.`,
    team: `t${i % plan.teams}`,
    role: i < plan.teams ? 'lead' : 'agent',
    state: plan.busy || state !== 'holding' ? state : 'talking',
    reason: null,
    since: now - age * 1000,
    wish: state === 'break' ? 'break' : 'available',
    reachable: i % 17 !== 9,
    contact: null,
    queue: 'q0',
    pausedIn: {},
    memberOf: ['q0'],
    presence: null,
    presenceUntil: null,
  };
}

function alert(i: number, part: Partial<AlertRow>, now: number): AlertRow {
  return {
    id: `e${i}`,
    rule: 'cover.lost',
    severity: 'P1',
    subject: 't0',
    team: 't0',
    queue: null,
    text: { key: 'cover.lost', params: {} },
    since: now - 124_000,
    raisedAt: now - 4_000,
    state: 'firing',
    level: 1,
    takenBy: null,
    version: 1,
    stale: false,
    ...part,
  };
}

function alertRows(plan: FloorPlan, now: number): readonly AlertRow[] {
  if (plan.alerts === 'none') return [];
  const three = [
    alert(0, { text: { key: 'cover.lost', params: { agent: 'a0', nearest: 'a1' } } }, now),
    alert(
      1,
      {
        rule: 'hold.long',
        severity: 'P2',
        subject: 'c1',
        text: { key: 'hold.long', params: { agent: 'a0', holds: '2' } },
        since: now - 160_000,
      },
      now,
    ),
    alert(
      2,
      {
        rule: 'callback.overdue',
        severity: 'P2',
        subject: 'b1',
        team: null,
        text: {
          key: 'callback.overdue',
          params: { dueAt: String(now - 727_000) },
        },
        since: now - 727_000,
        state: 'acknowledged',
        takenBy: 'a14',
      },
      now,
    ),
  ];
  if (plan.alerts === 'three') return three;
  const rules = [
    'wait.long',
    'callback.unproved',
    'callback.customer-first',
    'agent.doubtful',
    'queue.target',
  ];
  return [
    ...three,
    ...rules.map((rule, i) =>
      alert(
        i + 3,
        {
          rule,
          severity: i % 2 === 0 ? 'P3' : 'P2',
          subject: `a${i}`,
          queue: 'q0',
          team: null,
          since: now - 3_000_000 - i * 400_000,
          takenBy: i === 1 ? 'a3' : null,
          text: { key: rule, params: { agent: `a${i}` } },
        },
        now,
      ),
    ),
  ];
}

function callbackRows(plan: FloorPlan, now: number): readonly CallbackRow[] {
  const dues = plan.busy ? [-727, -95, 173, 473, 1673, 3600, 79_200, 86_400] : [173, 79_200];
  return dues.map((due, i) => ({
    id: `b${i}`,
    customer: { label: i % 4 === 3 ? '' : `…${(417 + i * 131) % 1000}` },
    promisedAt: now - 7_200_000,
    dueAt: now + due * 1000,
    by: 'a2',
    owner: i % 3 === 1 ? null : `a${i + 3}`,
    team: null,
    state: i % 3 === 1 ? 'open' : 'claimed',
    kept: due < 0 ? false : null,
    attempts: i % 3,
    lastAttemptAt: null,
    proof: null,
  }));
}

/** Today until now and the same weekday a week ago, with the shape of a real day. */
function intervals(queue: string, seed: number): readonly IntervalRow[] {
  const rows: IntervalRow[] = [];
  for (const [day, until] of [
    [DAY_STARTS, NOW],
    [DAY_STARTS - 7 * DAY_MS, DAY_STARTS - 6 * DAY_MS],
  ] as const)
    for (let slot = 16; slot < 40; slot += 1) {
      const start = day + slot * HALF_HOUR;
      if (start >= until) continue;
      const hour = slot / 2;
      const shape = Math.exp(-((hour - 10.5) ** 2) / 7) + 0.8 * Math.exp(-((hour - 15) ** 2) / 9);
      const ripple = 1 + 0.14 * Math.sin(slot * 1.7 + seed + (day === DAY_STARTS ? 0 : 2));
      const offered = Math.round(26 * shape * ripple);
      const answered = Math.round(offered * (0.93 - 0.06 * shape));
      const withinTarget = Math.round(answered * (0.95 - 0.22 * shape * ripple));
      rows.push({
        id: `${queue} ${start}`,
        queue,
        start,
        minutes: 30,
        offered,
        answered,
        abandoned: offered - answered,
        withinTarget,
        serviceLevel: offered === 0 ? null : withinTarget / offered,
      });
    }
  return rows;
}
