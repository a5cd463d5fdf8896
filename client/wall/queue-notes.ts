// The small print beside a service level: its target and the formula that it was counted by.
import type { Target } from '../../server/contract/rows.ts';
import type { View } from './view.svelte.ts';

export function noteOf(
  { percent, seconds, formula }: Target,
  view: View,
): readonly [string, string] {
  return [
    view.say('queues.of-target', { percent: view.format.percent(percent / 100) }),
    view.say(`formula.${formula}`, { seconds }),
  ];
}
