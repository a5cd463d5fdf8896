// Retry arithmetic: exponential with a ceiling and full jitter.

export interface Backoff {
  /** Milliseconds before the second try. */
  readonly firstMs: number;
  /** Milliseconds that no pause exceeds. */
  readonly ceilingMs: number;
}

/** Milliseconds to wait before try `attempt` (1 is the first retry); `random` in [0, 1) spreads a herd. */
export function backoffMs(
  attempt: number,
  { firstMs, ceilingMs }: Backoff,
  random: number,
): number {
  const most = Math.min(ceilingMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(most / 2 + (most / 2) * random);
}
