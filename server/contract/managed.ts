// Which addresses are pages of management: one document, so that going from one to another loads nothing anew.

const MANAGED = /^\/desk\/(manage|boards|screens|people|sources|limits|trail|account)(\/|$)/;

/** `path`: without its query. */
export function isManage(path: string): boolean {
  return MANAGED.test(path);
}
