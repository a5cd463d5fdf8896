// Refusals in the printed log: the first at once, a flood as one line a minute, and nothing that writes on a terminal.
import { expect, it } from 'vitest';
import { tellRefusals } from '../../server/refusals-told.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { createManualClock } from '../support/manual-clock.ts';

it('[HSE-15] tells the first refusal at once, and then how many with an example once a minute', async () => {
  const clock = createManualClock();
  const telemetry = createTelemetry();
  const said: string[] = [];
  telemetry.subscribe(({ text }) => {
    if (text !== undefined) said.push(text);
  });
  const tell = tellRefusals({ clock, telemetry });
  tell({ source: 'crm', field: 'subject', expected: 'an id' });
  for (let n = 0; n < 1_000; n += 1)
    tell({ source: `rubbish-${n}`, field: 'type', expected: 'the type of the event' });
  expect(said).toEqual([
    'An entry was refused, the last of source "crm": "subject", expected an id. The stream "refused" has them all.',
  ]);
  await clock.advance(60_000);
  tell({ source: '\u001b[2Jx', field: 'data', expected: 'a JSON object' });
  expect(said).toHaveLength(2);
  expect(said[1]).toMatch(
    /^1001 entries were refused, the last of a source of another name: "data"/,
  );
});
