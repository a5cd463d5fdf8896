// agent.doubtful and source.stale, instant by instant; what open episodes say now; and what the rules cost.
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../server/alerts/rule.ts';
import { RULES } from '../../../server/alerts/rules.ts';
import { at } from '../../floor/scene.ts';
import { Tale } from './tale.ts';

function charles(): Tale {
  return new Tale()
    .tell(-2, 'agent.profile', 'charles', { name: 'Charles', team: 'blue' })
    .tell(-1, 'agent.state', 'charles', { state: 'available' }, 'pbx');
}

describe('agent.doubtful', () => {
  it('[ALR-26] is P3 once an available agent has been unreachable for 30 seconds, and over 30 after', () => {
    const reach = (tale: Tale, seconds: number, reachable: boolean) =>
      tale.tell(seconds, 'agent.state', 'charles', { state: 'available', reachable }, 'pbx');
    const tale = reach(charles(), 10, false);
    expect(tale.severities('agent.doubtful', 39, 40, 40.25)).toBe('- - P3');
    expect(tale.open('agent.doubtful')).toMatchObject({
      subject: 'charles',
      team: 'blue',
      since: at(10),
      sources: ['pbx'],
      text: { params: { agent: 'charles', why: 'unreachable' } },
    });
    reach(tale, 60, true).until(100);
    expect(tale.lines('agent.doubtful')).toEqual(['40.25 P3 began', '60 P3 ending', '90 P3 ended']);
    const short = reach(reach(charles(), 10, false), 39, true).until(100);
    expect(short.lines('agent.doubtful')).toEqual([]);
  });

  it('[ALR-26] is P3 once an available agent missed three contacts, until they take one', () => {
    const tale = charles();
    for (const n of [1, 2, 3]) {
      expect(tale.scene.agent('charles').missed).toBe(n - 1);
      tale
        .tell(n * 10, 'contact.queued', `c${n}`, { queue: 'billing' }, 'pbx')
        .tell(n * 10, 'contact.ringing', `c${n}`, { agent: 'charles' }, 'pbx')
        .tell(n * 10 + 5, 'contact.unanswered', `c${n}`, { agent: 'charles' }, 'pbx');
    }
    expect(tale.severities('agent.doubtful', 64, 65, 65.25)).toBe('- - P3');
    expect(tale.open('agent.doubtful')?.text.params.why).toBe('missed');
    tale.tell(70, 'contact.answered', 'c1', { agent: 'charles' }, 'pbx').until(101);
    expect(tale.lines('agent.doubtful').at(-1)).toBe('100 P3 ended');
  });

  it('[ALR-26] is not put off by the next contact that rings at them in vain', () => {
    const tale = charles();
    for (let n = 0; n < 8; n++)
      tale
        .tell(n * 20, 'contact.queued', `c${n}`, { queue: 'billing' }, 'pbx')
        .tell(n * 20 + 5, 'contact.ringing', `c${n}`, { agent: 'charles' }, 'pbx')
        .tell(n * 20 + 20, 'contact.unanswered', `c${n}`, { agent: 'charles' }, 'pbx');
    tale.until(130);
    // The third was missed at 60.
    expect(tale.lines('agent.doubtful')).toEqual(['90.25 P3 began']);
  });

  it('[ALR-27] is P3 for whoever is 30 seconds longer in a state than its limit, where there is one', () => {
    const rest = () => charles().tell(0, 'agent.state', 'charles', { state: 'break' }, 'pbx');
    expect(rest().until(40_000).open('agent.doubtful')).toBeUndefined();
    const limits = { 'stateSeconds.break': 600, 'stateSeconds.offline': 1 };
    const tale = rest().tell(1, 'team.profile', 'blue', { name: 'Blue', limits });
    expect(tale.severities('agent.doubtful', 629, 630, 630.25)).toBe('- - P3');
    expect(tale.open('agent.doubtful')?.text.params).toEqual({ agent: 'charles', why: 'break' });
    tale.tell(700, 'agent.state', 'charles', { state: 'offline' }, 'pbx').until(731);
    expect(tale.lines('agent.doubtful').at(-1)).toBe('730 P3 ended');
    const changed = rest().tell(100, 'site.profile', 'main', {
      limits: { 'stateSeconds.break': 60 },
    });
    // Its 30 seconds on top of the limit are over already.
    expect(changed.open('agent.doubtful')?.severity).toBe('P3');
  });

  it('[ALR-26] neither begins nor ends while their source is silent', () => {
    const tale = charles()
      .tell(10, 'agent.state', 'charles', { state: 'available', reachable: false }, 'pbx')
      .tell(11, 'source.heartbeat', 'pbx', { everySeconds: 3 }, 'pbx');
    expect(tale.until(100).open('agent.doubtful')).toBeUndefined();
    tale.tell(101, 'source.heartbeat', 'pbx', { everySeconds: 3 }, 'pbx');
    expect(tale.open('agent.doubtful')?.severity).toBe('P3');
  });
});

describe('source.stale', () => {
  const beat = (tale: Tale, seconds: number) =>
    tale.tell(seconds, 'source.heartbeat', 'pbx', { everySeconds: 10 }, 'pbx');

  it('[ALR-28] is P1 after three missed heartbeats, and over ten seconds after the next word', () => {
    const tale = beat(new Tale(), 0);
    // A second is allowed for the way.
    expect(tale.severities('source.stale', 30, 31, 31.25)).toBe('- - P1');
    expect(tale.open('source.stale')).toMatchObject({
      subject: 'pbx',
      team: null,
      queue: null,
      since: at(0),
      stale: false,
      text: { params: { why: 'stale' } },
    });
    expect(tale.until(101).says('source.stale')?.params.why).toBe('lost');
    beat(tale, 200).until(211);
    expect(tale.lines('source.stale')).toEqual(['31.25 P1 began', '200 P1 ending', '210 P1 ended']);
  });

  it('[ALR-28] is not raised of a source that never declared a heartbeat', () => {
    const tale = new Tale().tell(0, 'agent.state', 'charles', { state: 'available' }, 'script');
    expect(tale.until(50_000).open('source.stale')).toBeUndefined();
  });

  it('[ALR-29] is P1 for a source whose stream was tampered with', () => {
    const tale = beat(new Tale(), 0).tell(5, 'source.faulted', 'pbx', { fault: 'trimmed' });
    expect(tale.severities('source.stale', 5, 5.25)).toBe('- P1');
    expect(tale.open('source.stale')).toMatchObject({
      since: at(5),
      text: { params: { why: 'trimmed' } },
    });
  });
});

describe('what an open episode says', () => {
  it('[ALR-30] is told where it has changed, and is no more than what was decided once it has ended', () => {
    const tale = new Tale()
      .tell(0, 'assist.requested', 'h1', { agent: 'charles' })
      .tell(0, 'agent.profile', 'rita', { name: 'Rita', role: 'supervisor' })
      .until(1);
    const id = tale.open('assist.unanswered')?.id ?? '';
    tale.alerts.words.take();
    tale.tell(2, 'supervisor.presence', 'rita', { presence: 'desk' });
    expect([...tale.alerts.words.take()]).toEqual([id]);
    const { alerts } = tale.alerts.words.facts;
    expect(alerts.get(id)?.text.params).toEqual({ agent: 'charles', nearest: 'rita' });
    expect([...alerts.values()]).toEqual([alerts.get(id)]);
    tale.tell(3, 'queue.profile', 'billing', { name: 'Billing' });
    expect(tale.alerts.words.take().size).toBe(0);
    tale.tell(4, 'assist.claimed', 'h1', { by: 'rita' });
    expect(alerts.get(id)).toBe(tale.scene.floor.facts.alerts.get(id));
  });
});

describe('the cost', () => {
  /** The twelve rules, and how often they were asked. */
  function counted(): { readonly rules: readonly Rule[]; readonly asked: () => number } {
    let asked = 0;
    const rules = RULES.map((rule) => ({
      ...rule,
      judge(subject: string, view: Parameters<Rule['judge']>[1]) {
        asked += 1;
        return rule.judge(subject, view);
      },
    }));
    return { rules, asked: () => asked };
  }

  /** Judgements for 1,000 events on a floor of so many agents, queues, waiting contacts and promises. */
  function judgements(size: number): number {
    const { rules, asked } = counted();
    const tale = new Tale(rules);
    for (let n = 0; n < size; n++) {
      const [team, queue] = [`team-${n % 10}`, `queue-${n % 20}`];
      tale.tell(0, 'agent.profile', `a${n}`, { name: `A ${n}`, team, queues: [queue] });
      tale.tell(0, 'agent.state', `a${n}`, { state: 'available' }, 'pbx');
      tale.tell(0, 'contact.queued', `w${n}`, { queue }, 'pbx');
      const customer = { address: `+3712${String(1_000_000 + n)}` };
      tale.tell(0, 'callback.promised', `p${n}`, { customer, dueAt: at(86_000), by: `a${n}` });
      tale.tell(0, 'assist.requested', `h${n}`, { agent: `a${n}` });
      tale.tell(0, 'assist.claimed', `h${n}`, { by: 'lea' });
    }
    tale.until(1);
    const before = asked();
    for (let n = 0; n < 250; n++) {
      const [id, agent] = [`c${n}`, `a${n % 50}`];
      const seconds = 1 + n / 100;
      tale.tell(seconds, 'contact.queued', id, { queue: `queue-${n % 20}` }, 'pbx');
      tale.tell(seconds, 'contact.ringing', id, { agent }, 'pbx');
      tale.tell(seconds, 'contact.answered', id, { agent }, 'pbx');
      tale.tell(seconds, 'contact.ended', id, {}, 'pbx');
    }
    return asked() - before;
  }

  it('[ALR-31] of 1,000 events is the same on a floor of any size, and a few judgements each', () => {
    const [small, large] = [judgements(60), judgements(600)];
    console.log(`1,000 events: ${small} judgements on 60 agents, ${large} on 600.`);
    expect(large).toBeLessThan(1_000 * 12);
    expect(large).toBeLessThan(small * 1.2);
  });
});
