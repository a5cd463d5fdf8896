// What is said of an episode by one button: take it, give it back, put it off, a word, seen.
import type { AlertRow } from '../../server/contract/rows.ts';
import { ruleWord } from '../wall/episode-words.ts';
import type { Desk } from './desk.svelte.ts';
import type { DeskKey } from './desk-words.ts';
import { whereOf } from './episode-story.ts';

type Told = Pick<AlertRow, 'id' | 'rule' | 'subject' | 'team' | 'queue' | 'text' | 'version'>;

export function take(desk: Desk, alert: Told): Promise<boolean> {
  const { id, version } = alert;
  return desk.tell(
    'acknowledge',
    { episode: id, expectedVersion: version },
    of(desk, 'desk.act.take', alert),
  );
}

export function release(desk: Desk, alert: Told): Promise<boolean> {
  const { id, version } = alert;
  return desk.tell(
    'release',
    { episode: id, expectedVersion: version },
    of(desk, 'desk.act.release', alert),
  );
}

/** `until`: the site's time in milliseconds. */
export function snooze(
  desk: Desk,
  alert: Told,
  { until, why }: { readonly until: number; readonly why: string },
): Promise<boolean> {
  const says = { episode: alert.id, expectedVersion: alert.version, until, why };
  return desk.tell('snooze', says, of(desk, 'desk.act.snooze', alert));
}

export function comment(desk: Desk, alert: Told, why: string): Promise<boolean> {
  return desk.tell('comment', { episode: alert.id, why }, of(desk, 'desk.act.comment', alert));
}

export function see(desk: Desk, alert: Told): Promise<boolean> {
  return desk.tell('see', { episode: alert.id }, of(desk, 'desk.act.see', alert));
}

/** What a note calls it, and the row that it is about. */
function of(desk: Desk, button: DeskKey, alert: Told): { what: string; about: string } {
  const { view } = desk;
  const what = [desk.say(button), ruleWord(alert.rule, view.say), whereOf(alert, view)].join(' · ');
  return { what, about: alert.id };
}
