// The parts of a path behind a prefix, each decoded by itself, since an id may have a slash in it and be longer than a router's parameter.

/** Null: it does not begin so, or is not well encoded. */
export function decodedParts(url: string, prefix: string): readonly string[] | null {
  const [path = ''] = url.split('?');
  if (!path.startsWith(prefix)) return null;
  try {
    return path.slice(prefix.length).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}
