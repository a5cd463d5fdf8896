// What a public screen may show, and what it may not.
import { describe, expect, it } from 'vitest';
import { createProjection } from '../../server/boards/projection.ts';
import { opaqueId, shortCustomer, shortName } from '../../server/boards/mask.ts';
import type { SeenTable } from '../../server/boards/sight.ts';
import type { Audience } from '../../server/contract/lists.ts';
import type { AlertFact } from '../../server/floor/rows.ts';
import {
  agentRow,
  alertRow,
  assistRow,
  callbackRow,
  contactRow,
  intervalRow,
  NOON,
  queueRow,
  siteRow,
  sourceRow,
  teamRow,
} from '../support/paper-rows.ts';

/** The contract's table of rows, section 3, with what the house added to it openly. */
const FIELDS: Readonly<Record<SeenTable, string>> = {
  site: 'id name zone country dayStartsAt dayEndsAt languages demo build lastWaitingAt promises unseen',
  queues: 'id name channel teams waiting oldestAt sources target limits today agents',
  intervals: 'id queue start minutes offered answered abandoned withinTarget serviceLevel',
  agents:
    'id name team role state reason since wish reachable contact queue pausedIn memberOf presence presenceUntil',
  teams: 'id name leads cover',
  contacts: 'id queue channel direction state since queuedAt answeredAt agent customer hold',
  callbacks: 'id customer promisedAt dueAt by owner team state kept attempts lastAttemptAt proof',
  assists: 'id agent team contact about requestedAt claimedBy',
  alerts:
    'id rule severity subject team queue text since raisedAt state level takenBy version stale',
  sources: 'id state lastAt skewMs refused',
};

const rows = {
  site: siteRow('main'),
  queues: queueRow('sales'),
  intervals: intervalRow('sales 1'),
  agents: agentRow('charles'),
  teams: teamRow('red'),
  contacts: contactRow('call-1'),
  callbacks: callbackRow('promise-1'),
  assists: assistRow('help-1'),
  alerts: alertRow('episode-1'),
  sources: sourceRow('pbx'),
};

/** The same, with a field that no list knows, at the top and one step down. */
function withSecrets(row: object): object {
  const deep = Object.entries(row).map(([name, value]: [string, unknown]) => {
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    // Limits and pauses are records by name; their names are theirs.
    const isOpen = ['limits', 'pausedIn', 'target'].includes(name);
    return [name, isRecord && !isOpen ? { ...value, secret: 'SECRET' } : value];
  });
  return { ...(Object.fromEntries(deep) as object), secret: 'SECRET' };
}

function projected(audience: Audience, table: SeenTable, row: object): Record<string, unknown> {
  const project = createProjection(audience, 'key')[table] as (row: never) => object;
  return project(row as never) as Record<string, unknown>;
}

describe('the projection', () => {
  for (const audience of ['public', 'desk'] as const)
    for (const table of Object.keys(rows) as SeenTable[])
      it(`[BRD-1] shows of ${table} to ${audience} what is listed, and nothing that is new`, () => {
        const row = projected(audience, table, withSecrets(rows[table]));
        expect(Object.keys(row).sort()).toEqual(FIELDS[table].split(' ').sort());
        expect(JSON.stringify(row)).not.toContain('SECRET');
      });

  it.each([
    [{ alias: 'Charlie', name: 'Charles Darnay' }, 'Charlie'],
    [{ alias: null, name: 'Charles Darnay' }, 'Charles D.'],
    [{ alias: null, name: 'Jean  Claude van Damme' }, 'Jean D.'],
    [{ alias: null, name: 'Darnay, Charles' }, 'Darnay C.'],
    [{ alias: null, name: 'Charles' }, 'Ch'],
    [{ alias: null, name: '王小明' }, '王小'],
    [{ alias: null, name: 'charles.darnay@tellson.example' }, 'ch'],
    [{ alias: null, name: 'Žanis Ķēniņš' }, 'Žanis Ķ.'],
    [{ alias: null, name: '201' }, '201'],
    [{ alias: null, name: '3712000' }, '37'],
    [{ alias: '', name: '' }, ''],
  ])('[BRD-2] names %j in public "%s"', (agent, shown) => {
    expect(shortName(agent)).toBe(shown);
  });

  it.each([
    ['+371 2612-3417', '…417'],
    ['(030) 123 4567', '…567'],
    ['1234567', '…567'],
    ['123456', ''],
    ['ernest1234567@defarge.example', ''],
    ['sip:37126123417@pbx', ''],
    [null, ''],
  ])('[BRD-3] shows of the address %s in public "%s"', (address, shown) => {
    expect(shortCustomer({ id: 'C-77', name: 'Ernest Defarge', address })).toBe(shown);
  });

  it('[BRD-3] shows no name of a customer in public', () => {
    const customer = { id: 'C-77', name: 'Ernest Defarge', address: null };
    const row = projected('public', 'contacts', contactRow('call-1', { customer }));
    expect(row.customer).toEqual({ label: '' });
  });

  it('[BRD-4] hides ids of contacts, callbacks and assists in public, wherever they occur', () => {
    const call = '+37126123417-0001';
    const opaque = opaqueId('key', 'contacts', call);
    expect(opaque).toMatch(/^[\w-]{12}$/);
    expect(opaqueId('other key', 'contacts', call)).not.toBe(opaque);
    expect(opaqueId('key', 'callbacks', call)).not.toBe(opaque);
    expect(projected('public', 'contacts', contactRow(call)).id).toBe(opaque);
    expect(projected('public', 'agents', agentRow('charles', { contact: call })).contact).toBe(
      opaque,
    );
    const assist = projected('public', 'assists', assistRow(call, { contact: call }));
    expect(assist.contact).toBe(opaque);
    expect(assist.id).not.toBe(call);
    const proof = { contact: call, talkMs: 1, at: NOON };
    const callback = projected('public', 'callbacks', callbackRow(call, { proof }));
    expect(callback.proof).toEqual({ ...proof, contact: opaque });
    expect(callback.id).not.toBe(call);
  });

  it('[BRD-18] tells a desk, and nobody else, who took cover until when, who said where they are, and who the duty manager is', () => {
    const until = NOON + 3_600_000;
    const team = teamRow('red', { takenBy: [{ agent: 'rita', until, at: NOON, how: 'said' }] });
    const agent = agentRow('rita', { presence: 'away', presenceSaidAt: NOON });
    const site = siteRow('main', { dutyManager: 'nora' });
    const desk = projected('desk', 'teams', team);
    expect(desk.coverTaken).toEqual([{ agent: 'rita', until }]);
    expect(projected('desk', 'agents', agent).presenceSaidAt).toBe(NOON);
    expect(projected('desk', 'site', site).dutyManager).toBe('nora');
    for (const [table, row] of [
      ['teams', team],
      ['agents', agent],
      ['site', site],
    ] as const)
      expect(Object.keys(projected('public', table, row)).sort()).toEqual(
        FIELDS[table].split(' ').sort(),
      );
  });

  it('[BRD-19] says of an episode that everybody was told and nobody took it, until somebody does', () => {
    const exhausted = (change: Partial<AlertFact>): unknown =>
      projected('public', 'alerts', alertRow('e', change)).exhausted;
    expect(exhausted({ isExhausted: true })).toBe(true);
    expect(exhausted({ isExhausted: false })).toBeUndefined();
    expect(exhausted({ isExhausted: true, state: 'acknowledged' })).toBeUndefined();
  });

  it('[BRD-17] says who had an episode that nobody has now, unless it was given back', () => {
    const move = { why: null, at: NOON, version: 2, severity: 'P2', level: 1, told: [] } as const;
    const moves = (...said: readonly (readonly [string, string | null])[]): AlertFact['moves'] =>
      said.map(([reason, by]) => ({ ...move, from: null, to: 'firing', reason, by }));
    const hadBy = (change: Partial<AlertFact>): unknown =>
      projected('public', 'alerts', alertRow('e', change)).hadBy;
    const taken: AlertFact['taken'] = {
      ...{ by: 'lea', at: NOON, how: 'acknowledged', until: NOON + 1, why: null },
    };
    expect(hadBy({ moves: moves(['began', null]) })).toBeUndefined();
    expect(hadBy({ moves: moves(['acknowledged', 'lea']), taken })).toBeUndefined();
    const ranOut = moves(['began', null], ['acknowledged', 'lea'], ['taken-ran-out', null]);
    expect(hadBy({ moves: ranOut })).toBe('lea');
    expect(hadBy({ moves: [...ranOut, ...moves(['snoozed', 'sam'])] })).toBe('sam');
    expect(hadBy({ moves: [...ranOut, ...moves(['released', 'lea'])] })).toBeUndefined();
  });

  it('[BRD-5] has no free text in public', () => {
    const agent = projected(
      'public',
      'agents',
      agentRow('charles', { reason: 'doctor', pausedIn: { sales: 'doctor', care: 'angry' } }),
    );
    expect(agent.reason).toBeNull();
    expect(JSON.stringify(agent.pausedIn)).toBe('{"sales":"","care":""}');
    expect(
      projected('public', 'assists', assistRow('a', { about: 'Mr Defarge' })).about,
    ).toBeNull();
    const hold = { count: 1, totalMs: 0, since: NOON, atLeast: false, parked: 'Mr Defarge' };
    expect(projected('public', 'contacts', contactRow('c', { hold })).hold).toEqual({
      ...hold,
      parked: '',
    });
  });

  it('[BRD-6] shows a desk names, numbers, reasons and ids as they are', () => {
    const customer = { id: 'C-77', name: 'Ernest Defarge', address: '+37126123417' };
    expect(projected('desk', 'contacts', contactRow('call-1', { customer }))).toMatchObject({
      id: 'call-1',
      customer: { label: 'Ernest Defarge' },
    });
    const unnamed = { ...customer, name: null };
    expect(projected('desk', 'callbacks', callbackRow('p', { customer: unnamed }))).toMatchObject({
      customer: { label: '+37126123417' },
    });
    const pausedIn = { sales: 'doctor' };
    expect(
      projected(
        'desk',
        'agents',
        agentRow('x', { name: 'Charles Darnay', reason: 'lunch', pausedIn }),
      ),
    ).toMatchObject({ name: 'Charles Darnay', reason: 'lunch', pausedIn });
    expect(projected('desk', 'assists', assistRow('a', { about: 'a refund' })).about).toBe(
      'a refund',
    );
  });
});
