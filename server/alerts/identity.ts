// The names of things: of a key, of an episode, of a notification. Each is made of what it is about, so every server makes the same.
import { createHash } from 'node:crypto';

/** Characters of an episode's id; 128 bits and more. It says nothing of a number or a name, so it may stand in a push. */
const ID_LENGTH = 24;

/** One open episode at most has it. */
export function keyOf(site: string, rule: string, subject: string): string {
  return `${site} ${rule} ${subject}`;
}

/** `began`: the condition's beginning as known when the episode is opened. */
export function episodeId(key: string, began: number): string {
  return hash(`${key}\n${began}`);
}

export interface NotificationOf {
  readonly episode: string;
  readonly kind: string;
  readonly severity: string;
  readonly round: number;
  readonly loop: number;
  readonly level: number;
  readonly channel: string;
  readonly person: string;
}

/** A receiver that sees it twice can drop it. */
export function notificationId(of: NotificationOf): string {
  const { episode, kind, severity, round, loop, level, channel, person } = of;
  return hash([episode, kind, severity, round, loop, level, channel, person].join('\n'));
}

/** Of several that are told together: of others it is another. */
export function digestId(notifications: readonly string[]): string {
  return hash(['digest', ...notifications].join('\n'));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, ID_LENGTH);
}
