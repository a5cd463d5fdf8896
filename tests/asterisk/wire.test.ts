// Bytes to messages: whatever comes, in whatever pieces.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Message } from '../../server/connectors/asterisk/message.ts';
import { createTranslator } from '../../server/connectors/asterisk/translator.ts';
import {
  createWireReader,
  formatAction,
  MESSAGE_MAX_BYTES,
} from '../../server/connectors/asterisk/wire.ts';
import { readAmiRecording } from '../support/ami-recording.ts';
import { createChance, seedFor } from '../support/chance.ts';

const BANNER = 'Asterisk Call Manager/9.0.0\r\n';

function read(bytes: Buffer | string, size = Infinity): Message[] {
  const reader = createWireReader();
  const all = Buffer.concat([Buffer.from(BANNER), Buffer.from(bytes)]);
  const messages: Message[] = [];
  for (let start = 0; start < all.length; start += Math.min(size, all.length))
    messages.push(...reader.read(all.subarray(start, start + Math.min(size, all.length))));
  return messages;
}

describe('the wire', () => {
  it('splits on CRLF only, so that a line feed in a value forges no header [AST-20]', () => {
    const [only, ...more] = read(
      'Event: UserEvent\r\nNote: said:\nEvent: Hangup\nbye\r\nAfter: yes\r\n\r\n',
      1,
    );
    expect(more).toEqual([]);
    expect([only?.event, only?.text('Note'), only?.text('After')]).toEqual([
      'UserEvent',
      'said:\nEvent: Hangup\nbye',
      'yes',
    ]);
  });

  it('reads each value as UTF-8, or as Latin-1 where it is not [AST-20]', () => {
    const bytes = Buffer.concat([
      Buffer.from('Event: A\r\nName: '),
      Buffer.from('André Müller', 'latin1'),
      Buffer.from('\r\nOther: 田中 Elif Şahin\r\n\r\n'),
    ]);
    for (const size of [1, 2, 3, 1_000]) {
      const [message] = read(bytes, size);
      expect([message?.text('name'), message?.text('OTHER')]).toEqual([
        'André Müller',
        '田中 Elif Şahin',
      ]);
    }
  });

  it('keeps every value of a key that repeats, and empty ones [AST-20]', () => {
    const [message] = read(
      'Event: A\r\nChanVariable: TEAM=x\r\nChanVariable: R=\r\nEmpty: \r\nNo colon\r\n\r\n',
    );
    expect(message?.all('ChanVariable')).toEqual(['TEAM=x', 'R=']);
    expect([message?.text('Empty'), message?.has('empty'), message?.has('No colon')]).toEqual([
      '',
      true,
      false,
    ]);
  });

  it('skips a message that is too long and reads the next one [AST-21]', () => {
    for (const filler of [
      'x'.repeat(MESSAGE_MAX_BYTES + 5),
      `${'y: z\r\n'.repeat(60_000)}y: z`,
      '\r'.repeat(300_000),
    ]) {
      const text = `Event: Huge\r\nFiller: ${filler}\r\nMore: 1\r\n\r\nEvent: Next\r\n\r\n`;
      for (const size of [1_400, 65_536, Infinity])
        expect(read(text, size).map((message) => message.event)).toEqual(['Next']);
    }
  });

  it('reads the same in any pieces [AST-20]', () => {
    const value = fc.stringMatching(/^[\x20-\x7e\n]{0,20}$/);
    const message = fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z]{1,8}$/), value), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.integer({ min: 1, max: 30 }),
        (list, size) => {
          const text = list
            .map((lines) => `${lines.map(([key, one]) => `${key}: ${one}`).join('\r\n')}\r\n\r\n`)
            .join('');
          const whole = read(text).map((one) => [...one.entries()]);
          expect(read(text, size).map((one) => [...one.entries()])).toEqual(whole);
          expect(whole.length).toBe(list.length);
        },
      ),
    );
  });

  it('sends one line a header, whatever is in a value [AST-22]', () => {
    expect(formatAction({ Action: 'Login', Secret: 'a\r\nAction: Originate' })).toBe(
      'Action: Login\r\nSecret: a Action: Originate\r\n\r\n',
    );
  });
});

const recording = readAmiRecording('main');

describe('malformed bytes', () => {
  it('of any kind are read without an error [AST-23]', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (chunks) => {
        const reader = createWireReader();
        const translator = createTranslator({ source: 'asterisk/x', name: 'x' });
        translator.connected(0);
        chunks.forEach((chunk, at) => {
          for (const message of reader.read(chunk)) translator.take(message, at);
        });
      }),
    );
  });

  it.skipIf(!recording)(
    'in a real stream, lost and doubled messages, and wrong values do no harm [AST-23]',
    () => {
      const chance = createChance(seedFor('malformed'));
      let events = 0;
      for (let story = 0; story < 3; story += 1) {
        const reader = createWireReader();
        const translator = createTranslator({ source: 'asterisk/x', name: 'x' });
        reader.read(recording!.banner);
        translator.connected(0);
        for (const { bytes, t } of recording!.messages) {
          const dice = chance.below(30);
          if (dice === 0) continue;
          const copy = Buffer.from(bytes);
          if (dice === 1)
            for (let n = 0; n < 5; n += 1) copy[chance.below(copy.length)] = chance.below(256);
          if (dice === 2) copy.fill(chance.below(256), chance.below(copy.length));
          const times = dice === 3 ? 2 : 1;
          for (let n = 0; n < times; n += 1)
            for (const message of reader.read(copy)) {
              events += translator.take(message, t).length;
              if (message.event === 'ParkedCallsComplete') events += translator.snapshot(t).length;
            }
          events += translator.pass(t).length;
          if (chance.below(4_000) === 0) {
            translator.disconnected();
            translator.connected(t);
            translator.snapshot(t);
          }
        }
      }
      expect(events).toBeGreaterThan(1_000);
    },
  );
});
