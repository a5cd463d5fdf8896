// What is said of an episode by one button: take it, give it back, put it off, a word, seen.
import type { AlertRow } from '../../server/contract/rows.ts';
import { ruleWord } from '../looks/episode-words.ts';
import type { Desk } from './desk.svelte.ts';
import type { DeskKey } from './desk-words.ts';
import { whereOf } from './episode-story.ts';
import type { ByForm } from './saying.svelte.ts';
import { readEpisode } from './server-said.ts';

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

interface Words {
  readonly why: string;
  readonly by: ByForm;
}

/** `until`: the site's time in milliseconds. */
export function snooze(
  desk: Desk,
  alert: Told,
  { until, why, by }: Words & { readonly until: number },
): Promise<boolean> {
  const says = { episode: alert.id, expectedVersion: alert.version, until, why };
  return desk.tell('snooze', says, { ...of(desk, 'desk.act.snooze', alert), ...by });
}

/** What the site's clock here may be behind that of the history (milliseconds). */
const BEHIND_MS = 2_000;

/** The server writes each comment that it hears, so the history is asked before one is said again. */
export function comment(desk: Desk, alert: Told, { why, by }: Words): Promise<boolean> {
  const { id } = alert;
  const from = desk.live.now - BEHIND_MS;
  const me = desk.person?.id;
  const wasHeard = async (): Promise<boolean | null> => {
    const told = await readEpisode(id);
    if (told === null || 'trouble' in told) return null;
    return told.moves.some(
      (move) =>
        move.reason === 'commented' && move.by === me && move.why === why && move.at >= from,
    );
  };
  const note = { ...of(desk, 'desk.act.comment', alert), ...by, wasHeard };
  return desk.tell('comment', { episode: id, why }, note);
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
