// Vite plugin: the class by which Svelte keeps a component's style to itself, in a form that Chromium 87 knows.
// Svelte writes it as `:where(.svelte-…)` from the second part of a selector on; a browser that does not know `:where` drops the whole rule.
import type { Plugin } from 'vite';

const SCOPE = /:where\((\.svelte-[\w-]+)\)/g;

export function scopeForTv(): Plugin {
  return {
    name: 'pharos-scope-for-tv',
    transform(code, id) {
      if (!/[?&]svelte&type=style/.test(id) || !code.includes(':where(')) return null;
      return { code: scopesWritten(code), map: null };
    },
  };
}

/** Each part of a selector weighs one class more by it, as its first one does already. */
export function scopesWritten(style: string): string {
  return style.replace(SCOPE, '$1');
}
