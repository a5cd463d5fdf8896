// The room a wall has: the safe area in pixels, and heights of its parts in sizes of its values.
import { SAFE_AREA, sizesFrom, WANDER_PX } from '../../server/contract/type-size.ts';
import type { Screen, TypeSizes } from '../../server/contract/type-size.ts';

/** Heights and gaps, in sizes of the values. */
export const EM = {
  needed: 1.45,
  neededTall: 2.5,
  neededGap: 0.16,
  more: 0.95,
  gap: 0.36,
  header: 1.12,
  row: 1.4,
  rowMost: 1.75,
  silent: 1.15,
  bottom: 1.1,
  bottomGap: 0.22,
} as const;

/** Under this width, in sizes of the values, an episode takes two lines. */
export const ONE_LINE_EM = 21;
/** Type is not made larger than this part of the screen's height only because there is room. */
const ROOMY = 0.06;
const STEPS = 8;

export interface Frame {
  readonly sizes: TypeSizes;
  readonly safeX: number;
  readonly safeY: number;
  readonly width: number;
  readonly height: number;
}

export function frameOf(screen: Screen, value: number): Frame {
  const safeX = Math.ceil(screen.widthPx * SAFE_AREA) + WANDER_PX;
  const safeY = Math.ceil(screen.heightPx * SAFE_AREA) + WANDER_PX;
  return {
    sizes: sizesFrom(value),
    safeX,
    safeY,
    width: screen.widthPx - 2 * safeX,
    height: screen.heightPx - 2 * safeY,
  };
}

/** The largest type, never under `least`, in which all that the board shows needs no further page. */
export function chooseValue(
  least: number,
  heightPx: number,
  fitsAt: (value: number) => boolean,
): number {
  const roomy = Math.max(least, heightPx * ROOMY);
  for (let step = 0; step < STEPS; step += 1) {
    const value = roomy + ((least - roomy) * step) / STEPS;
    if (fitsAt(value)) return value;
  }
  return least;
}

/** One line each; two where the screen is narrow; mark, word and clock alone where it is low as well. */
export type NeededForm = 'line' | 'tall' | 'short';

export interface NeededPlan {
  readonly form: NeededForm;
  /** How many episodes are shown, and how many are only counted. */
  readonly shown: number;
  readonly more: number;
  readonly height: number;
}

/** What is open: those that call a person, and those that are only shown (P3), which stand after them. */
export interface Open {
  readonly calls: number;
  readonly notes: number;
}

/** Lines of the page that those that call a person leave, and those to which what is only shown gives way. */
const LINES_KEPT = 2;
const LINES_OVER_NOTES = 4;

/** How many episodes stand above the page. */
export function planNeeded({ calls, notes }: Open, frame: Frame): NeededPlan {
  const wanted = calls + notes;
  if (wanted === 0) return planOf('line', 1, 1, frame);
  const narrow = planFor(wanted, frame, LINES_KEPT, formsIn(frame));
  if (narrow.shown <= Math.max(1, calls)) return narrow;
  const shown = Math.max(1, calls, planFor(wanted, frame, LINES_OVER_NOTES, [narrow.form]).shown);
  return planOf(narrow.form, Math.min(narrow.shown, shown), wanted, frame);
}

/** In the order in which they are wished for. */
function formsIn({ width, sizes }: Frame): readonly NeededForm[] {
  return width / sizes.value < ONE_LINE_EM ? ['tall', 'short'] : ['line'];
}

function planFor(
  wanted: number,
  frame: Frame,
  lines: number,
  forms: readonly NeededForm[],
): NeededPlan {
  const em = frame.sizes.value;
  const kept = EM.gap + EM.header + lines * EM.row + EM.bottomGap + EM.bottom;
  const room = frame.height - em * kept;
  for (const form of forms)
    for (let shown = wanted; shown > 0; shown -= 1) {
      const plan = planOf(form, shown, wanted, frame);
      const isLeast = shown === 1 && form === forms[forms.length - 1];
      if (plan.height <= room || isLeast) return plan;
    }
  throw new Error('invariant: the last form is always taken');
}

function planOf(form: NeededForm, shown: number, wanted: number, { sizes }: Frame): NeededPlan {
  const more = wanted - shown;
  const each = form === 'tall' ? EM.neededTall : EM.needed;
  // In the short form the last line itself counts those that are not shown.
  const counting = more > 0 && form !== 'short' ? EM.more : 0;
  const lines = shown * (each + EM.neededGap) - EM.neededGap + counting;
  return { form, shown, more, height: sizes.value * lines };
}

/** Pixels that are left for the page between what is needed now and the bottom line. */
export function pageHeight({ sizes, height }: Frame, neededPx: number, silent: boolean): number {
  const em = sizes.value;
  const below = EM.bottomGap + EM.bottom + (silent ? EM.silent : 0);
  return height - neededPx - em * (EM.gap + below);
}
