// Which part of the desk an address means: the desk, one episode of it, or the day's episodes.

export type Place =
  | { readonly kind: 'desk' }
  | { readonly kind: 'episode'; readonly id: string }
  | { readonly kind: 'today' };

/** `/desk`, `/desk/episode/ID`, `/desk/today`; what is not understood is the desk. */
export function readPlace(path: string): Place {
  const id = /^\/desk\/episode\/([^/]+)\/?$/.exec(path)?.[1];
  if (id !== undefined) return { kind: 'episode', id: decoded(id) };
  return /^\/desk\/today\/?$/.test(path) ? { kind: 'today' } : { kind: 'desk' };
}

export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'desk':
      return '/desk';
    case 'episode':
      return `/desk/episode/${encodeURIComponent(place.id)}`;
    case 'today':
      return '/desk/today';
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
