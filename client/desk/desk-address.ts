// Which part of the desk an address means: the desk, one thing of it, the day's episodes, what was not delivered, or how one is reached.

/** Things that have a page of their own, so that a link leads to them. */
export const THINGS = ['episode', 'agent', 'contact', 'callback'] as const;
export type Thing = (typeof THINGS)[number];

export type Place =
  | { readonly kind: 'desk' }
  | { readonly kind: Thing; readonly id: string }
  | { readonly kind: 'today' }
  | { readonly kind: 'undelivered' }
  | { readonly kind: 'channels' };

const PAGES = ['today', 'undelivered', 'channels'] as const;

/** `/desk`, `/desk/episode/ID` and the like, `/desk/today`; what is not understood is the desk. */
export function readPlace(path: string): Place {
  const [, thing, id] = /^\/desk\/([a-z]+)\/([^/]+)\/?$/.exec(path) ?? [];
  const known = THINGS.find((one) => one === thing);
  if (known !== undefined && id !== undefined) return { kind: known, id: decoded(id) };
  const name = /^\/desk\/([a-z]+)\/?$/.exec(path)?.[1];
  const page = PAGES.find((one) => one === name);
  return page === undefined ? { kind: 'desk' } : { kind: page };
}

export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'desk':
      return '/desk';
    case 'episode':
    case 'agent':
    case 'contact':
    case 'callback':
      return `/desk/${place.kind}/${encodeURIComponent(place.id)}`;
    case 'today':
    case 'channels':
    case 'undelivered':
      return `/desk/${place.kind}`;
    default: {
      const never: never = place;
      return never;
    }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
