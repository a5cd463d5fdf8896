// Rows for a floor on paper, each whole and plain until a test says otherwise.
import type { FactOf } from '../../server/floor/rows.ts';

/** 21 November 2026, 14:24 in Riga. */
export const NOON = Date.UTC(2026, 10, 21, 12, 24);

type Made<K extends keyof FactOf> = (id: string, says?: Partial<FactOf[K]>) => FactOf[K];

export const siteRow: Made<'site'> = (id, says) => ({
  id,
  name: 'Tellson',
  zone: 'Europe/Riga',
  country: 'LV',
  dayStartsAt: Date.UTC(2026, 10, 20, 22),
  dayEndsAt: Date.UTC(2026, 10, 21, 22),
  languages: ['en', 'lv'],
  demo: false,
  build: 'test',
  lastWaitingAt: null,
  promises: { due: 0, kept: 0, overdue: 0, nextDueAt: null },
  unseen: 0,
  limits: {},
  dutyManager: null,
  ...says,
});

export const queueRow: Made<'queues'> = (id, says) => ({
  id,
  name: `Queue ${id}`,
  channel: 'voice',
  teams: [],
  waiting: 0,
  oldestAt: null,
  target: { seconds: 20, percent: 80, formula: 'offered' },
  limits: { waitSeconds: 120, holdSeconds: 120 },
  today: {
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandoned: 0,
    leftOtherwise: 0,
    unknown: 0,
    withinTarget: 0,
    serviceLevel: null,
    liveServiceLevel: null,
    asaMs: null,
    ahtMs: null,
    holdMs: 0,
    longestWaitMs: 0,
  },
  agents: {
    offline: 0,
    available: 0,
    ringing: 0,
    talking: 0,
    holding: 0,
    wrapup: 0,
    break: 0,
    busy: 0,
  },
  shortAbandonSeconds: 5,
  wrapUpSeconds: 0,
  ...says,
});

export const intervalRow: Made<'intervals'> = (id, says) => ({
  id,
  queue: id.split(' ')[0] ?? '',
  start: NOON,
  minutes: 30,
  offered: 0,
  answered: 0,
  abandoned: 0,
  withinTarget: 0,
  serviceLevel: null,
  ...says,
});

export const agentRow: Made<'agents'> = (id, says) => ({
  id,
  name: `Agent ${id}`,
  alias: null,
  extension: null,
  team: null,
  role: 'agent',
  state: 'available',
  reason: null,
  since: NOON,
  wish: 'available',
  reachable: true,
  contact: null,
  queue: null,
  pausedIn: {},
  memberOf: [],
  presence: null,
  presenceUntil: null,
  presenceSince: null,
  ...says,
});

export const teamRow: Made<'teams'> = (id, says) => ({
  id,
  name: `Team ${id}`,
  leads: [],
  cover: { state: 'off', since: NOON, present: [] },
  coveredBy: [],
  coverHours: null,
  limits: {},
  takenBy: [],
  ...says,
});

export const contactRow: Made<'contacts'> = (id, says) => ({
  id,
  queue: null,
  channel: 'voice',
  direction: 'inbound',
  state: 'waiting',
  since: NOON,
  queuedAt: NOON,
  answeredAt: null,
  agent: null,
  customer: { id: null, name: null, address: null },
  hold: { count: 0, totalMs: 0, since: null, atLeast: false, parked: null },
  reason: null,
  incident: null,
  disposition: null,
  priority: 0,
  ringing: [],
  callback: null,
  source: 'test',
  ...says,
});

export const callbackRow: Made<'callbacks'> = (id, says) => ({
  id,
  customer: { id: null, name: null, address: null },
  promisedAt: NOON,
  dueAt: NOON + 3_600_000,
  by: null,
  owner: null,
  team: null,
  state: 'open',
  kept: null,
  attempts: 0,
  lastAttemptAt: null,
  proof: null,
  note: null,
  contact: null,
  country: null,
  tries: [],
  closedAt: null,
  closedBy: null,
  why: null,
  addressKey: null,
  ...says,
});

export const assistRow: Made<'assists'> = (id, says) => ({
  id,
  agent: 'charles',
  team: null,
  contact: null,
  about: null,
  requestedAt: NOON,
  claimedBy: null,
  ...says,
});

export const sourceRow: Made<'sources'> = (id, says) => ({
  id,
  state: 'live',
  lastAt: NOON,
  skewMs: 0,
  refused: 0,
  ...says,
});
