// The page behind a notification's link says of its episode what the letter said.
import { describe, expect, it } from 'vitest';
import { linkPage } from '../../server/gateway/link-page.ts';
import type { AlertFact } from '../../server/floor/rows.ts';
import { at, Scene } from '../floor/scene.ts';
import { alertRow } from '../support/paper-rows.ts';

function page(change: Partial<AlertFact>, language: 'en' | 'zh' | 'lv' = 'en'): string {
  const scene = new Scene();
  scene.tell(0, 'agent.profile', 'anna', { name: 'Anna <1>' });
  const { facts } = scene.floor;
  const episode = alertRow('ep', change);
  return linkPage({ language, facts, now: at(9), episode, person: 'lea', trouble: null });
}

describe('the page behind a link', () => {
  it('[NOT-50] says of a promise who has said that they call', () => {
    const text = { key: 'callback.overdue', params: { owner: 'anna' } };
    const said = page({ rule: 'callback.overdue', text });
    expect(said).toContain('Anna &lt;1&gt; has said that they will call.');
    expect(said).not.toContain('Nobody');
    expect(page({ text: { key: 'hold.long', params: {} } })).toContain('Nobody has it yet.');
  });

  it('[NOT-50] says so to whom it is, and offers to take what they have only promised', () => {
    const text = { key: 'callback.overdue', params: { owner: 'lea' } };
    const said = page({ rule: 'callback.overdue', text });
    expect(said).toContain('You have it.');
    expect(said).toContain('value="acknowledge"');
  });

  it('[NOT-77] says what helps to decide, until it is over', () => {
    const text = { key: 'wait.long', params: { waiting: '3', free: '1' } };
    const said = page({ rule: 'wait.long', text });
    expect(said).toContain('<p>3 waiting, 1 free</p>');
    expect(page({ rule: 'wait.long', text }, 'lv')).toContain('gaida 3, brīvie: 1');
    expect(page({ rule: 'wait.long', text, state: 'resolved' })).not.toContain('waiting');
  });
});
