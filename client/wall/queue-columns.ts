// Which columns the table of queues can afford, and how wide each is, in pixels.
import type { Measure } from '../lib/fit-text.ts';
import type { TypeSizes } from '../../server/contract/type-size.ts';

export interface QueueTexts {
  readonly names: readonly string[];
  /** Longest first. */
  readonly heads: Readonly<
    Record<'name' | 'waiting' | 'oldest' | 'level' | 'agents', readonly string[]>
  >;
  /** The widest that may come in a column. */
  readonly widest: Readonly<Record<'waiting' | 'oldest' | 'level' | 'agents', string>>;
  /** The two lines of small print beside a service level. */
  readonly notes: readonly string[];
}

export interface QueueColumns {
  readonly gap: number;
  readonly name: number;
  readonly waiting: number;
  readonly oldest: number;
  /** 0: no bar, no service level, no small print, no agents on a screen this small. */
  readonly bar: number;
  readonly level: number;
  readonly note: number;
  readonly agents: number;
}

const GAP_EM = 0.42;
const NAME_LEAST_EM = 3.6;
/** A name as wide as this is worth more than the column of small print, which then stands below it. */
const NAME_WHOLE_EM = 6.5;
const NAME_MOST_EM = 8.5;
const BAR_LEAST_EM = 2.2;
const BAR_MOST_EM = 8;
const LOOSER_EM = 1.2;
/** The mark of a limit that is passed stands before the number. */
export const MARK_EM = 0.8;

/** Drops, in this order, what is least needed: the small print, the agents, the bar, the service level. */
export function queueColumns(
  width: number,
  sizes: TypeSizes,
  texts: QueueTexts,
  measure: Measure,
): QueueColumns {
  const em = sizes.value;
  const value = (text: string): number => measure(text, em, 600);
  const widest = (list: readonly string[], px: number): number =>
    list.reduce((most, text) => Math.max(most, measure(text, px, 500)), 0);
  const head = (wordings: readonly string[]): number => {
    const shortest = wordings[wordings.length - 1] ?? '';
    return measure(shortest, sizes.label, 500);
  };
  const gap = em * GAP_EM;
  const name = Math.max(widest(texts.names, sizes.label), head(texts.heads.name));
  const waiting = Math.max(value(texts.widest.waiting), head(texts.heads.waiting));
  const oldest = value(texts.widest.oldest) + em * MARK_EM;
  const level = value(texts.widest.level);
  const note = widest(texts.notes, sizes.nearLabel);
  const agents = Math.max(value(texts.widest.agents), head(texts.heads.agents));
  const bar = em * BAR_LEAST_EM;
  const nameLeast = Math.min(name, em * NAME_LEAST_EM);
  const plans = [
    { note, agents, bar, level },
    { note: 0, agents, bar, level },
    { note: 0, agents: 0, bar, level },
    { note: 0, agents: 0, bar: 0, level },
    { note: 0, agents: 0, bar: 0, level: 0 },
  ];
  for (const plan of plans) {
    const columns = 3 + Object.values(plan).filter((px) => px > 0).length;
    const fixed =
      waiting + oldest + plan.level + plan.note + plan.agents + plan.bar + gap * (columns - 1);
    const left = width - fixed;
    const last = plan.level === 0;
    const wanted = plan.note > 0 ? Math.min(name, em * NAME_WHOLE_EM) : nameLeast;
    if (left < wanted && !last) continue;
    const named = Math.min(name, em * NAME_MOST_EM, left);
    const spare = Math.max(0, left - named);
    const wider = plan.bar > 0 ? Math.min(spare, em * (BAR_MOST_EM - BAR_LEAST_EM)) : 0;
    // What is left over goes between the columns first, so that an eye finds its way along the line.
    const looser = Math.min((spare - wider) / columns, em * LOOSER_EM);
    return {
      gap: gap + looser,
      // In this order: a column that is a hair narrower than what was measured would cut every name.
      name: named + Math.max(0, spare - wider - looser * (columns - 1)),
      waiting,
      oldest,
      bar: plan.bar === 0 ? 0 : plan.bar + wider,
      level: plan.level,
      note: plan.note,
      agents: plan.agents,
    };
  }
  throw new Error('invariant: the last plan is always taken');
}
