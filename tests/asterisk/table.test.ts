// What an installer may say, and what a site's UserEvents become by it; times of the PBX; recordings of others.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createInstants } from '../../server/connectors/asterisk/instants.ts';
import { Message } from '../../server/connectors/asterisk/message.ts';
import { DEFAULT_TABLE, parseAsteriskTable } from '../../server/connectors/asterisk/table.ts';
import { createTranslator } from '../../server/connectors/asterisk/translator.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { queueCall, tellStory } from '../support/ami-story.ts';
import { dataFile } from '../support/data.ts';

const fresh = (events: readonly NewEvent[], kind: string): unknown[] =>
  events
    .filter((event) => event.type.startsWith(kind))
    .map(({ type, subject, data }) => [type, subject, data]);

describe('UserEvents', () => {
  it('are promises, attempts and requests for help by the default table [AST-35]', () => {
    const story = tellStory();
    story.member('support', 'PJSIP/101');
    const { customer } = queueCall(story, 'support', 'PJSIP/101');
    const at = story.events.at(-1)!.at!;
    story.on('UserEvent', customer, {
      UserEvent: 'CallbackPromised',
      Agent: 'PJSIP/101',
      Customer: '5550100',
      DueInSeconds: '180',
    });
    story.say('UserEvent', {
      UserEvent: 'CallbackStarted',
      Agent: 'PJSIP/101',
      Customer: '5550100',
    });
    story.say('UserEvent', {
      UserEvent: 'CallbackResult',
      Agent: 'PJSIP/101',
      Customer: '5550100',
      Result: 'NOANSWER',
    });
    story.say('UserEvent', { UserEvent: 'AssistRequested', Agent: 'PJSIP/101' });
    story.say('UserEvent', { UserEvent: 'AssistEnded', Agent: 'PJSIP/101' });
    story.say('UserEvent', { UserEvent: 'NoteAdded', Agent: 'PJSIP/101' });
    expect(fresh(story.events, 'callback')).toEqual([
      [
        'callback.promised',
        'x/callback/5550100',
        {
          customer: { address: '5550100' },
          dueAt: at + 180_000,
          by: '101',
          contact: `x/${customer}`,
        },
      ],
      ['callback.claimed', 'x/callback/5550100', { by: '101' }],
      ['callback.attempted', 'x/callback/5550100', { by: '101', result: 'no-answer' }],
    ]);
    expect(fresh(story.events, 'assist')).toEqual([
      ['assist.requested', 'x/assist/101', { agent: '101', contact: `x/${customer}` }],
      ['assist.closed', 'x/assist/101', { by: '101' }],
    ]);
  });

  it('have an installer’s own names, fields, results and texts, and none of those silenced [AST-35]', () => {
    const story = tellStory({
      results: { VM: 'voicemail' },
      userEvents: {
        RueckrufZugesagt: [
          {
            type: 'callback.promised',
            subject: '{Kunde}-{Nr}',
            data: {
              customer: { address: '{Kunde}' },
              dueAt: '{In|due}',
              note: 'von {Wer}: {TEAM}',
            },
          },
        ],
        Ergebnis: [
          {
            type: 'callback.attempted',
            subject: '{Kunde}-{Nr}',
            data: { result: '{R|result}', talkSeconds: '{Dauer|number}' },
          },
        ],
        AssistRequested: [],
      },
    });
    story.say('UserEvent', {
      UserEvent: 'RueckrufZugesagt',
      Kunde: '371',
      Nr: '7',
      In: '60',
      Wer: 'Ilze',
    });
    story.say('UserEvent', {
      UserEvent: 'Ergebnis',
      Kunde: '371',
      Nr: '7',
      R: 'vm',
      Dauer: '12.5',
    });
    story.say('UserEvent', { UserEvent: 'AssistRequested', Agent: 'PJSIP/101' });
    expect(fresh(story.events, 'callback')).toEqual([
      [
        'callback.promised',
        'x/callback/371-7',
        { customer: { address: '371' }, dueAt: 1_060_000, note: 'von Ilze: ' },
      ],
      ['callback.attempted', 'x/callback/371-7', { result: 'voicemail', talkSeconds: 12.5 }],
    ]);
    expect(fresh(story.events, 'assist')).toEqual([]);
  });

  it('that cannot be are told by a sentence, and not by an event [AST-35]', () => {
    const problems: string[] = [];
    const translator = createTranslator({
      source: 's',
      name: 'x',
      onRefused: (one) => problems.push(one),
    });
    for (const fields of [
      { UserEvent: 'CallbackPromised', Customer: '5550100' },
      { UserEvent: 'CallbackPromised', DueInSeconds: '60' },
      { UserEvent: 'CallbackResult', Customer: '5550100', Result: 'odd' },
      { UserEvent: '__proto__', Customer: '5550100' },
    ])
      expect(translator.take(Message.of({ Event: 'UserEvent', ...fields }), 1)).toEqual([]);
    expect(problems.length).toBe(3);
    expect(problems[0]).toMatch(/^UserEvent CallbackPromised: callback\.promised needs dueAt: /);
  });
});

describe('the table', () => {
  it('that is wrong is refused with sentences that name the place [AST-36]', () => {
    for (const [given, place] of [
      ['{', 'expected JSON'],
      [{ poeple: {} }, 'poeple'],
      [{ people: { hints: 'yes' } }, 'people.hints'],
      [{ userEvents: { A: [{ type: 'callback.promise', subject: 'x' }] } }, 'userEvents.A.0.type'],
      [{ results: { X: 'maybe' } }, 'results.X'],
      [{ dialling: { strip: ['nine'] } }, 'dialling.strip.0'],
    ] as const) {
      const parsed = parseAsteriskTable(given);
      expect(parsed.kind === 'refused' ? parsed.problems.join(' ') : 'taken').toContain(place);
    }
  });

  it('that is empty is the default one [AST-36]', () => {
    expect(parseAsteriskTable('{}')).toEqual({ kind: 'table', table: DEFAULT_TABLE });
  });
});

describe('timestamps', () => {
  const stamped = (seconds: number): Message =>
    Message.of({ Event: 'Hold', Timestamp: seconds.toFixed(6) });

  it('of the PBX count between messages, whatever its clock says and however late they come [AST-37]', () => {
    const instants = createInstants();
    // Behind by ten minutes; the second message was held up for four seconds on its way.
    expect(instants.of(stamped(400), 1_000_000)).toBe(1_000_000);
    expect(instants.of(stamped(401), 1_005_000)).toBe(1_001_000);
    expect(instants.of(Message.of({ Event: 'Plain' }), 1_005_500)).toBe(1_005_500);
    // No instant goes back.
    expect(instants.of(stamped(402), 1_005_600)).toBe(1_005_500);
    // Set forward by an hour, then back again.
    expect(instants.of(stamped(4_010), 1_010_000)).toBe(1_010_000);
    expect(instants.of(stamped(412), 1_012_000)).toBe(1_012_000);
    expect(instants.of(stamped(414), 1_014_000)).toBe(1_014_000);
  });
});

const samples = dataFile('samples/asterisk_ami');

describe.skipIf(samples === null)('recordings of other PBXs', () => {
  it('give one contact a call, answered by the right phone [AST-38]', () => {
    const parsed = parseAsteriskTable({ people: { include: ['SIP/1500*'] } });
    if (parsed.kind === 'refused') throw new Error(parsed.problems.join());
    const told = new Map<string, string>();
    for (const file of readdirSync(samples!).filter((name) => name.endsWith('.json'))) {
      const list = JSON.parse(readFileSync(`${samples!}/${file}`, 'utf8')) as Record<
        string,
        unknown
      >[];
      const translator = createTranslator({ source: 's', name: 'x', table: parsed.table });
      const events = [...translator.connected(0), ...translator.snapshot(0)];
      list.forEach((fields, index) =>
        events.push(...translator.take(Message.of(fields), index * 100)),
      );
      events.push(...translator.pass(1_000_000));
      const of = (type: string): NewEvent[] => events.filter((event) => event.type === type);
      expect([file, of('contact.started').length, of('contact.ended').length]).toEqual([
        file,
        1,
        1,
      ]);
      const answers = of('contact.answered').map((event) =>
        (event.data as { agent: string }).agent.slice(-1),
      );
      told.set(file.replace('.json', ''), answers.join(' then '));
    }
    expect(Object.fromEntries(told)).toEqual({
      ab_callgroup: '2',
      ab_callgroup_no_answer: '',
      queue_a_cancel: '',
      queue_attn_xfer: '1 then 2',
      queue_blind_xfer: '1 then 2',
      queue_group: '2',
      queue_simple: '2',
      xfer_abbcac: '2 then 3',
      xfer_blind_abacbc: '2',
    });
  });
});
