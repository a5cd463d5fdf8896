// Keeps the screen awake where the browser can, and asks again each time the page comes back to sight.

interface Lockable {
  readonly wakeLock?: { request(kind: 'screen'): Promise<unknown> };
}

/** Returns its own undoing. A browser that refuses is left alone: the screen then sleeps as it is set to. */
export function keepAwake(): () => void {
  const ask = (): void => {
    if (document.hidden) return;
    (navigator as Lockable).wakeLock?.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', ask);
  ask();
  return () => document.removeEventListener('visibilitychange', ask);
}
