// What each key does at the desk; a key in a field or with a modifier belongs to the browser.

export type KeyAction =
  'next' | 'previous' | 'open' | 'take' | 'snooze' | 'comment' | 'release' | 'back' | 'list';

const KEYS: Readonly<Record<string, KeyAction>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Enter: 'open',
  t: 'take',
  s: 'snooze',
  c: 'comment',
  r: 'release',
  Escape: 'back',
  '?': 'list',
};

/** As they are listed for a person. */
export const KEY_LIST: readonly (readonly [
  keys: string,
  action: Exclude<KeyAction, 'previous' | 'next'> | 'move',
])[] = [
  ['j ↓  k ↑', 'move'],
  ['Enter', 'open'],
  ['t', 'take'],
  ['s', 'snooze'],
  ['c', 'comment'],
  ['r', 'release'],
  ['Esc', 'back'],
  ['?', 'list'],
];

export interface Pressed {
  readonly key: string;
  readonly hasModifier: boolean;
  /** A word is being composed of several keys, as Chinese is: each of them belongs to the word. */
  readonly isComposing: boolean;
  /** Lower-case name of the element that it was pressed in. */
  readonly inside: string;
}

export function actionOf({ key, hasModifier, isComposing, inside }: Pressed): KeyAction | null {
  const action = Object.prototype.hasOwnProperty.call(KEYS, key) ? KEYS[key] : undefined;
  if (action === undefined || hasModifier || isComposing) return null;
  if (action === 'back') return action;
  if (inside === 'input' || inside === 'select' || inside === 'textarea') return null;
  if (action === 'open' && (inside === 'button' || inside === 'a' || inside === 'summary'))
    return null;
  return action;
}
