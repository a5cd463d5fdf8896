/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What a browser measures of a wall: text that is cut off, boxes that overlap or leave the safe area, type that is too small.

export interface Looks {
  /** Text wider or higher than the box that holds it. */
  readonly cut: readonly string[];
  /** Pairs of texts that cover each other. */
  readonly overlapping: readonly string[];
  /** Text in the outer 5 % of the screen. */
  readonly outside: readonly string[];
  readonly small: readonly string[];
  readonly values: number;
}

export interface Least {
  readonly value: number;
  readonly label: number;
  readonly nearValue: number;
  readonly nearLabel: number;
}

/** Runs in the page, so it holds all that it needs. */
export function probe(least: Least): Looks {
  const cut: string[] = [];
  const overlapping: string[] = [];
  const outside: string[] = [];
  const small: string[] = [];
  let values = 0;
  const places: { readonly text: string; readonly box: DOMRect; readonly of: Element }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const edgeX = innerWidth * 0.05;
  const edgeY = innerHeight * 0.05;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const of = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (!of || text === '' || of.closest('.aside, noscript, title, canvas, pre')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const px = Number.parseFloat(getComputedStyle(of).fontSize);
    // Line boxes are taller than their letters: what must be free is from the ascender to the descender.
    const slack = Math.max(0, (box.height - px * 0.98) / 2);
    const ink = new DOMRect(box.x, box.y + slack, box.width, box.height - 2 * slack);
    places.push({ text, box: ink, of });

    if (
      ink.left < edgeX - 0.5 ||
      ink.right > innerWidth - edgeX + 0.5 ||
      ink.top < edgeY - 0.5 ||
      ink.bottom > innerHeight - edgeY + 0.5
    )
      outside.push(text);

    for (let up: Element | null = of; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.display === 'inline' || style.display === 'contents') continue;
      const around = up.getBoundingClientRect();
      const clips = style.overflow !== 'visible';
      const wide = ink.left < around.left - 1.5 || ink.right > around.right + 1.5;
      const high = ink.top < around.top - 1.5 || ink.bottom > around.bottom + 1.5;
      if (wide || (high && clips)) cut.push(`${text} in ${up.tagName}.${up.className}`);
    }

    const near = of.closest('[data-agent], .totals, .note, small, .print') !== null;
    const value = of.closest('[data-value]') !== null;
    const nearValue = of.closest('[data-near-value]') !== null;
    if (value || nearValue) values += 1;
    // An age of hours in a dense cell is a label; all else keeps its class.
    const hours = nearValue && /\d:\d\d:\d\d/.test(text);
    const wanted = value
      ? least.value
      : nearValue && !hours
        ? Math.min(least.nearValue, text.length > 4 ? least.nearLabel : least.nearValue)
        : near
          ? least.nearLabel
          : least.label * (of.tagName === 'B' ? 0.8 : 1);
    if (px < wanted * 0.985) small.push(`${text}: ${px.toFixed(1)} < ${wanted.toFixed(1)}`);
  }
  for (let i = 0; i < places.length; i += 1)
    for (let j = i + 1; j < places.length; j += 1) {
      const a = places[i];
      const b = places[j];
      if (!a || !b) continue;
      const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      const line = Math.min(a.box.height, b.box.height);
      if (x > 1 && y > line * 0.16) overlapping.push(`${a.text} / ${b.text} by ${y.toFixed(0)}`);
    }
  return { cut, overlapping, outside, small, values };
}
