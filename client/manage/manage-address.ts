// Which page of management an address means, and what it says below that page.

export interface ManagePlace {
  /** The page; null: whichever comes first. */
  readonly page: string | null;
  /** Decoded parts of the address below the page. */
  readonly below: readonly string[];
}

/** `/desk/manage`, or `/desk/NAME` and what is below: `/desk/boards/billing` is page `boards` with `['billing']`. */
export function readManagePlace(path: string): ManagePlace {
  const [, , name = '', ...parts] = path.split('/');
  return {
    page: name === '' || name === 'manage' ? null : name,
    below: parts.filter((part) => part !== '').map(decoded),
  };
}

export function pathOfManage({ page, below }: ManagePlace): string {
  return ['/desk', page ?? 'manage', ...below.map(encodeURIComponent)].join('/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
