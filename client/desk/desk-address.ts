// Which part of the desk an address means: the desk, one episode of it, the day's episodes, or how one is reached.

export type Place =
  | { readonly kind: 'desk' }
  | { readonly kind: 'episode'; readonly id: string }
  | { readonly kind: 'today' }
  | { readonly kind: 'channels' };

/** `/desk`, `/desk/episode/ID`, `/desk/today`, `/desk/channels`; what is not understood is the desk. */
export function readPlace(path: string): Place {
  const id = /^\/desk\/episode\/([^/]+)\/?$/.exec(path)?.[1];
  if (id !== undefined) return { kind: 'episode', id: decoded(id) };
  if (/^\/desk\/channels\/?$/.test(path)) return { kind: 'channels' };
  return /^\/desk\/today\/?$/.test(path) ? { kind: 'today' } : { kind: 'desk' };
}

export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'desk':
      return '/desk';
    case 'episode':
      return `/desk/episode/${encodeURIComponent(place.id)}`;
    case 'today':
    case 'channels':
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
