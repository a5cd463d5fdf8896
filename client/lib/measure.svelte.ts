// The width of text, asked of a canvas and remembered; forgotten once when the fonts have come.
import type { Measure, Weight } from './fit-text.ts';

/** Inter first; Chinese by whatever the system has. The stylesheet names the same. */
export const FONT_FAMILY =
  "Inter, 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif";

const MEASURED_AT_PX = 100;
/** Widths that are remembered; past this all are forgotten, so that a screen that runs for months does not grow. */
const REMEMBERED = 4_000;

let turns = $state(0);
// eslint-disable-next-line svelte/prefer-svelte-reactivity -- A memory, not a state.
const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null = null;

/** Follows the arrival of the fonts: what was measured before it is measured anew. */
export const measure: Measure = (text, px, weight) => {
  if (turns < 0) return 0;
  return (widthAt100(text, weight) * px) / MEASURED_AT_PX;
};

/** To be called once, at the start. */
export async function awaitFonts(): Promise<void> {
  await Promise.all(
    [500, 600, 700].map((weight) =>
      document.fonts.load(`${weight} ${MEASURED_AT_PX}px Inter`, 'aā'),
    ),
  );
  widths.clear();
  turns += 1;
}

function widthAt100(text: string, weight: Weight): number {
  // Figures are tabular on the page, and a canvas cannot be told so: each is as wide as a zero.
  const figures = text.replace(/[0-9]/g, '0');
  const key = `${weight}${figures}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return figures.length * MEASURED_AT_PX * 0.6;
  context.font = `${weight} ${MEASURED_AT_PX}px ${FONT_FAMILY}`;
  const width = context.measureText(figures).width * 1.01;
  if (widths.size >= REMEMBERED) widths.clear();
  widths.set(key, width);
  return width;
}
