// What a lead is sent: their teams, what serves them, what is nobody's; of other teams not a word, in whatever comes over the wire.
import { afterEach, expect, it } from 'vitest';
import { createChance } from '../support/chance.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import {
  agentRow,
  alertRow,
  assistRow,
  callbackRow,
  contactRow,
  intervalRow,
  queueRow,
  teamRow,
} from '../support/paper-rows.ts';
import { asPerson } from '../support/signed-in.ts';
import { isLive } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';

let bench: Bench;
afterEach(() => bench.close());

async function open(): Promise<void> {
  bench = await openBench({ settings: { demo: false, bootstrapToken: TOKEN } });
}
async function leadOf(teams: readonly string[], board = 'desk'): Promise<WireClient> {
  const cookie = await asPerson(bench, `lead-${teams.join('-')}`, { role: 'lead', teams });
  const client = bench.open({ auth: { board }, headers: { cookie } });
  await client.until(isLive);
  return client;
}
const idsOf = (client: WireClient, table: 'queues' | 'agents' | 'alerts' | 'contacts') =>
  [...client.tables[table].keys()].sort();

it('[ACC-20] is nothing of another team, while it works, alarms and is looked at anew', async () => {
  await open();
  const chance = createChance(20);
  const words: string[] = [];
  const secret = (kind: string): string => {
    const made = `${kind}${chance.below(1e9)}${chance.below(1e9)}`;
    words.push(made);
    return made;
  };
  const own = { team: 'sales', queue: 'sell' };
  const other = { team: secret('team'), queue: secret('queue') };
  for (const { team, queue } of [own, other]) {
    bench.floor.put('teams', teamRow(team, { name: `Team ${team}` }));
    bench.floor.put('queues', queueRow(queue, { name: `Queue ${queue}`, teams: [team] }));
    bench.floor.put('intervals', intervalRow(`${queue} 1`, { queue }));
  }
  bench.tell();
  const client = await leadOf(['sales']);
  const wall = await leadOf(['sales', 'nobody-at-all'], 'main');
  const hears = [client, wall];
  for (let n = 0; n < 150; n += 1) {
    const isOwn = n % 3 === 0;
    const { team, queue } = isOwn ? own : other;
    const named = (kind: string): string => (isOwn ? `own-${kind}-${n}` : secret(kind));
    const agent = named('agent');
    const customer = { id: named('id'), name: named('name'), address: `${named('mail')}@x.lv` };
    bench.floor.put('agents', agentRow(agent, { name: named('surname'), team }));
    const contact = named('call');
    bench.floor.put('contacts', contactRow(contact, { customer, agent, queue }));
    bench.floor.put('callbacks', callbackRow(named('promise'), { customer, team, by: agent }));
    bench.floor.put('assists', assistRow(named('assist'), { team, agent, about: named('about') }));
    bench.floor.put(
      'alerts',
      alertRow(named('episode'), { team, queue, subject: contact, state: 'firing' }),
    );
    bench.floor.put(
      'queues',
      queueRow(queue, { name: `Queue ${queue}`, teams: [team], waiting: n }),
    );
    bench.tell();
    if (n % 30 === 0) for (const each of hears) each.comeBack();
  }
  bench.floor.put('agents', agentRow('the end', { team: 'sales' }));
  bench.tell();
  for (const each of hears) await each.until(({ tables }) => tables.agents.has('the end'));
  const heard = client.heard + wall.heard;
  expect(idsOf(client, 'queues')).toEqual(['sell']);
  expect(idsOf(client, 'contacts')).toHaveLength(50);
  expect(idsOf(client, 'alerts')).toHaveLength(50);
  expect(words.length).toBeGreaterThan(700);
  expect(words.filter((each) => heard.includes(each))).toEqual([]);
});

it('[ACC-20] has what is nobody’s, and the supervisors of the site', async () => {
  await open();
  bench.floor.put('queues', queueRow('everybody', { teams: [] }));
  bench.floor.put('queues', queueRow('bill', { teams: ['billing'] }));
  bench.floor.put('agents', agentRow('nora', { role: 'supervisor', team: 'billing' }));
  bench.floor.put('agents', agentRow('charles', { team: 'billing' }));
  bench.floor.put('alerts', alertRow('of-nobody', { team: null, queue: null, state: 'firing' }));
  bench.floor.put('alerts', alertRow('of-billing', { team: 'billing', state: 'firing' }));
  bench.tell();
  const client = await leadOf(['sales']);
  expect([idsOf(client, 'queues'), idsOf(client, 'agents'), idsOf(client, 'alerts')]).toEqual([
    ['everybody'],
    ['nora'],
    ['of-nobody'],
  ]);
});

it('[ACC-21] follows a queue that begins to serve a team, and one that ends to', async () => {
  await open();
  bench.floor.put('queues', queueRow('sell', { teams: ['sales'] }));
  bench.floor.put('queues', queueRow('bill', { teams: ['billing'] }));
  bench.tell();
  const client = await leadOf(['sales']);
  const { position } = client;
  bench.floor.put('queues', queueRow('bill', { teams: ['billing'], waiting: 3 }));
  bench.tell();
  bench.floor.put('queues', queueRow('sell', { teams: ['sales'], waiting: 4 }));
  bench.tell();
  await client.until(({ tables }) => tables.queues.get('sell')?.waiting === 4);
  // Other figures are no other scope.
  expect(client.position?.epoch).toBe(position?.epoch);
  bench.floor.put('queues', queueRow('bill', { teams: ['billing', 'sales'], waiting: 3 }));
  bench.tell();
  await client.until(({ tables }) => tables.queues.has('bill'));
  expect(client.tables.queues.get('bill')?.waiting).toBe(3);
  bench.floor.put('queues', queueRow('sell', { teams: ['billing'] }));
  bench.tell();
  await client.until(({ tables }) => !tables.queues.has('sell'));
  expect(idsOf(client, 'queues')).toEqual(['bill']);
});
