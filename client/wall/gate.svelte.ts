// A gate: what hangs on a value hears of it only when it is another one.
import { untrack } from 'svelte';

/**
 * A derived value that comes out as it was still makes Svelte look at all that hangs on it, through all depths. Behind
 * a gate nothing is looked at: one effect looks, and moves the value on if it is another one. To be made while a
 * component is. Not for what must be there before the component's own effects have run.
 */
export class Gate<T> {
  #value: T;

  constructor(make: () => T) {
    this.#value = $state.raw(untrack(make));
    $effect.pre(() => {
      const next = make();
      if (next !== untrack(() => this.#value)) this.#value = next;
    });
  }

  get value(): T {
    return this.#value;
  }
}
