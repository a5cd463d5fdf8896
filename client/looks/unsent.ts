// What stands typed on the page and was not sent: kept before the page goes, so that nobody loses words in silence.

export interface Unsent {
  /** What the field is called. */
  readonly label: string;
  readonly text: string;
}

const TYPED =
  'textarea, input:not([type]), input[type="text"], input[type="email"], input[type="url"], input[type="tel"]';

/** Nothing of what only finds, nor of what is shown to be copied. */
export function unsentOf(page: ParentNode): readonly Unsent[] {
  return [...page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(TYPED)]
    .filter(({ readOnly, value }) => !readOnly && value.trim() !== '')
    .map((field) => ({
      label: (field.labels?.[0]?.textContent ?? field.getAttribute('aria-label') ?? '').trim(),
      text: field.value.trim(),
    }));
}
