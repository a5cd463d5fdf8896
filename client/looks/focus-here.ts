// Takes the focus to what just appeared; for `{@attach}`.

export function focusHere(one: HTMLElement): void {
  one.focus();
}
