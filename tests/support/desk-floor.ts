// A floor as a desk sees it: names and ids in full, supervisors, contacts on hold, calls for help, episodes and their history. One room, since it is one floor.
import type { AlertRow, AssistRow, ContactRow } from '../../server/contract/rows.ts';
import type { Tables } from '../../server/contract/tables.ts';
import { FLOORS, floorRows, NOW } from './wall-floors.ts';
import type { FloorName } from './wall-floors.ts';

export interface DeskFloor {
  readonly tables: Tables;
  /** As `GET /api/v1/alerts?state=all` tells them, oldest first. */
  readonly episodes: readonly EpisodeJson[];
}

export interface EpisodeJson extends Omit<AlertRow, 'takenBy'> {
  readonly resolvedAt: number | null;
  readonly isSeen: boolean;
  readonly taken: {
    readonly how: 'acknowledged' | 'snoozed';
    readonly by: string;
    readonly at: number;
    readonly until: number;
    readonly why: string | null;
  } | null;
  readonly moves: readonly object[];
  readonly deliveries: readonly object[];
}

/** Who sits at the desk: a supervisor of the second team, nearest to the first. */
export const ME = 'lea';

export function deskFloor(name: FloorName, now = NOW): DeskFloor {
  const plan = FLOORS[name];
  const tables = floorRows(plan, now);
  const base = tables.agents.get('a0');
  if (!base) throw new Error('Expected agent a0 on the floor.');
  for (const [id, called, team] of [
    [ME, 'Lea Manette', 't1'],
    ['jarvis', 'Jarvis Lorry', `t${plan.teams - 1}`],
    ['miss', 'Miss Pross', 't0'],
  ] as const)
    tables.agents.set(id, {
      ...base,
      id,
      name: called,
      team,
      role: 'supervisor',
      state: 'available',
      presence: id === ME ? 'desk' : 'meeting',
      presenceUntil: now + 1_800_000,
    });
  if (plan.alerts === 'none') return { tables, episodes: [ended(0, now), ended(1, now)] };

  const contact: ContactRow = {
    id: 'c1',
    queue: 'q0',
    channel: 'voice',
    direction: 'inbound',
    state: 'held',
    since: now - 160_000,
    queuedAt: now - 520_000,
    answeredAt: now - 400_000,
    agent: 'a0',
    customer: { label: 'Ernest Defarge' },
    hold: { count: 2, totalMs: 72_000, since: now - 160_000, atLeast: false, parked: null },
  };
  tables.contacts.set('c1', contact);
  tables.agents.set('a0', { ...base, state: 'holding', contact: 'c1', since: now - 160_000 });
  for (const assist of [
    call('h1', { agent: 'a0', contact: 'c1', about: 'lost parcel' }, now - 100_000),
    call('h2', { agent: 'a5', about: null, claimedBy: 'jarvis' }, now - 240_000),
  ])
    tables.assists.set(assist.id, assist);
  const cover = tables.alerts.get('e0');
  if (cover)
    tables.alerts.set('e0', { ...cover, text: { key: 'cover.lost', params: { nearest: ME } } });
  for (const alert of [
    alertRow(
      'e20',
      {
        rule: 'assist.unanswered',
        subject: 'h1',
        team: 't0',
        text: { key: 'assist.unanswered', params: { agent: 'a0', nearest: ME } },
        since: now - 100_000,
      },
      now,
    ),
    alertRow(
      'e21',
      {
        rule: 'wait.long',
        severity: 'P3',
        subject: 'q0',
        team: null,
        queue: 'q0',
        text: { key: 'wait.long', params: { waiting: '7', free: '0' } },
        since: now - 72_000,
      },
      now,
    ),
    alertRow(
      'e22',
      {
        rule: 'agent.doubtful',
        severity: 'P3',
        subject: 'a9',
        text: { key: 'agent.doubtful', params: { agent: 'a9', why: 'missed' } },
        state: 'snoozed',
        takenBy: 'jarvis',
        since: now - 900_000,
      },
      now,
    ),
  ])
    tables.alerts.set(alert.id, alert);
  const site = [...tables.site.values()][0];
  if (site) tables.site.set(site.id, { ...site, unseen: 2 });
  return {
    tables,
    episodes: [
      ...[...tables.alerts.values()].map((alert) => episodeOf(alert)),
      ...[0, 1, 2, 3, 4].map((i) => ended(i, now)),
    ],
  };
}

/** An open episode with the history that its row must have. */
export function episodeOf(alert: AlertRow): EpisodeJson {
  const { takenBy, ...rest } = alert;
  const isSnoozed = alert.state === 'snoozed';
  const raisedAt = alert.since + 20_000;
  const takenAt = raisedAt + 40_000;
  const moves = [
    move('began', raisedAt, {
      severity: alert.severity,
      told: [
        { owner: 'person', of: 'a0', level: 1, channel: null, notification: null, why: 'quiet' },
      ],
    }),
    ...(alert.severity === 'P3'
      ? []
      : [move('escalated', raisedAt + 30_000, { severity: alert.severity, level: 2 })]),
    ...(takenBy === null
      ? []
      : [
          move(isSnoozed ? 'snoozed' : 'acknowledged', takenAt, {
            by: takenBy,
            how: 'said',
            to: alert.state,
            why: isSnoozed ? 'new headset on its way' : null,
          }),
        ]),
  ];
  return {
    ...rest,
    resolvedAt: null,
    isSeen: takenBy !== null,
    taken:
      takenBy === null
        ? null
        : {
            how: isSnoozed ? 'snoozed' : 'acknowledged',
            by: takenBy,
            at: takenAt,
            until: takenAt + 900_000,
            why: isSnoozed ? 'new headset on its way' : null,
          },
    moves,
    deliveries: [
      delivery('n1', { of: 'miss', via: 'push', outcome: 'sent', at: raisedAt + 1_000 }),
      delivery('n2', {
        owner: 'team',
        of: 't0',
        via: 'webhook',
        outcome: 'failed',
        at: raisedAt + 31_000,
        why: 'the address answers 502',
      }),
    ],
  };
}

export function alertRow(id: string, part: Partial<AlertRow>, now: number): AlertRow {
  return {
    id,
    rule: 'hold.long',
    severity: 'P1',
    subject: 'c1',
    team: 't0',
    queue: null,
    text: { key: 'hold.long', params: { agent: 'a0', holds: '2' } },
    since: now - 160_000,
    raisedAt: now - 60_000,
    state: 'firing',
    level: 1,
    takenBy: null,
    version: 1,
    stale: false,
    ...part,
  };
}

function call(id: string, part: Partial<AssistRow>, requestedAt: number): AssistRow {
  return {
    id,
    agent: 'a0',
    team: 't0',
    contact: null,
    about: null,
    requestedAt,
    claimedBy: null,
    ...part,
  };
}

/** Ended earlier today: each third one was never looked at. */
function ended(i: number, now: number): EpisodeJson {
  const raisedAt = now - (i + 1) * 1_900_000;
  const rule = ['wait.long', 'hold.long', 'cover.lost'][i % 3] ?? '';
  const isSeen = i % 3 !== 0;
  const alert = alertRow(
    `old${i}`,
    {
      rule,
      severity: i % 2 === 0 ? 'P2' : 'P1',
      subject: rule === 'wait.long' ? 'q1' : rule === 'cover.lost' ? 't1' : 'c9',
      queue: rule === 'wait.long' ? 'q1' : null,
      team: rule === 'wait.long' ? null : 't1',
      text: { key: rule, params: rule === 'hold.long' ? { agent: 'a3', holds: '1' } : {} },
      since: raisedAt - 120_000,
      raisedAt,
      state: 'resolved',
    },
    now,
  );
  const takenAt = raisedAt + 25_000 + i * 30_000;
  const resolvedAt = raisedAt + 200_000 + i * 40_000;
  return {
    ...episodeOf(alert),
    isSeen,
    resolvedAt,
    moves: [
      move('began', raisedAt, { severity: alert.severity }),
      ...(isSeen ? [move('acknowledged', takenAt, { by: 'jarvis', to: 'acknowledged' })] : []),
      move('ended', resolvedAt, { to: 'resolved' }),
    ],
  };
}

function move(reason: string, at: number, part: object): object {
  return {
    at,
    from: null,
    to: 'firing',
    reason,
    by: null,
    why: null,
    version: 1,
    severity: 'P2',
    level: 1,
    ...part,
  };
}

function delivery(notification: string, part: object): object {
  return {
    owner: 'person',
    channel: 'c',
    notification,
    kind: 'fire',
    attempt: 1,
    why: null,
    ...part,
  };
}
