// A start that cannot go on.

/** The message is whole sentences for the one who starts Pharos: no bug, no stack. */
export class StartRefused extends Error {}
