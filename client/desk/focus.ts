// Where the focus goes when what had it is gone: whoever hears the page, or has no mouse, is never left at its beginning.
import { onDestroy, tick } from 'svelte';
import type { Place } from './desk-address.ts';

/** Parts that one may stand on while nothing in them has the focus. */
const PARTS = 'article, section, li, form, main';

export function isLost(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body;
}

export function isSeen(element: Element | null | undefined): element is HTMLElement {
  return element instanceof HTMLElement && element.getClientRects().length > 0;
}

export function cardOf(episode: string): HTMLElement | null {
  return document.getElementById(`card ${episode}`);
}

/** True: it has the focus now. What takes none by itself takes it this once. */
export function stand(element: Element | null | undefined): boolean {
  if (!isSeen(element)) return false;
  element.focus({ preventScroll: true });
  if (document.activeElement === element) return true;
  element.tabIndex = -1;
  element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

/** To be called while a part is made that opens and closes: when it goes with the focus in it, what opened it has it again. */
export function focusBack(): void {
  const opener = document.activeElement;
  onDestroy(() => {
    void tick().then(() => {
      if (isLost()) stand(opener === document.body ? null : opener);
    });
  });
}

/** Follows the focus; where its element goes while the page changes, the next part around it is stood on. */
export function keepFocus(page: HTMLElement): () => void {
  let path: readonly Element[] = [];
  /** Where it was before it went to a note, which passes. */
  let before: readonly Element[] = [];
  const come = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element)) return;
    if (!isNote(target)) before = [];
    else if (!path.some(isNote)) before = path;
    path = around(target);
  };
  // Who presses beside it leaves it.
  const press = ({ target }: PointerEvent): void => {
    if (target instanceof Element && !isNote(target) && !path.includes(target)) path = [];
  };
  const look = (): void => {
    if (path.length === 0 || !isLost()) return;
    for (const part of [...path, ...before])
      if (stand(part.isConnected ? part : part.id === '' ? null : document.getElementById(part.id)))
        return;
    for (const head of page.querySelectorAll('main h1, main h2')) if (stand(head)) return;
  };
  // A form that closes gives it back itself, a moment before.
  const changes = new MutationObserver(() => {
    if (path.length > 0 && isLost()) requestAnimationFrame(look);
  });
  changes.observe(page, { childList: true, subtree: true });
  page.addEventListener('focusin', come);
  document.addEventListener('pointerdown', press);
  return () => {
    changes.disconnect();
    page.removeEventListener('focusin', come);
    document.removeEventListener('pointerdown', press);
  };
}

/** Goes with its person from place to place: to the head of what is opened, and back to where they were. */
export class PlaceFocus {
  #left: { readonly element: Element | null; readonly link: string | null; readonly y: number } = {
    element: null,
    link: null,
    y: 0,
  };

  /** Before another place is drawn. */
  leave(from: Place): void {
    if (from.kind !== 'desk') return;
    const element = isLost() ? null : document.activeElement;
    this.#left = { element, link: element?.getAttribute('href') ?? null, y: scrollY };
  }

  /** After it was drawn. */
  arrive(to: Place, from: Place): void {
    if (to.kind === 'desk') this.#back(from);
    else this.#open();
  }

  #open(): void {
    const page = document.querySelector('.middle > article, .one');
    const head = page?.querySelector('h1') ?? page;
    const top = head?.getBoundingClientRect().top ?? -1;
    if (top < 0 || top > innerHeight) scrollTo(0, 0);
    // A form that was asked for with the page has it already.
    if (page?.contains(document.activeElement) !== true) stand(head);
  }

  #back(from: Place): void {
    const { element, link, y } = this.#left;
    scrollTo(0, y);
    const card = from.kind === 'episode' ? cardOf(from.id) : null;
    const places = [
      card !== null && element !== null && card.contains(element) ? element : card,
      element,
      link === null ? null : document.querySelector(`main a[href="${CSS.escape(link)}"]`),
      ...document.querySelectorAll('main h2'),
    ];
    const stood = places.find((one) => stand(one));
    stood?.scrollIntoView({ block: 'nearest' });
  }
}

function isNote(element: Element): boolean {
  return element.closest('[data-notes]') !== null;
}

/** It, and the parts around it from the nearest outward. */
function around(element: Element): readonly Element[] {
  const parts: Element[] = [element];
  for (let up = element.parentElement; up !== null; up = up.parentElement)
    if (up.matches(PARTS)) parts.push(up);
  return parts;
}
