// Whether this browser can be pushed to at all, and if not, what a person can do about it.

/** `insecure`: not https, nor this machine. `home`: an iPhone pushes to what is on its Home Screen only. `denied`: its person said no once. */
export const CANNOT = ['insecure', 'home', 'unsupported', 'denied'] as const;
export type Cannot = (typeof CANNOT)[number];

export interface BrowserSigns {
  readonly isSecure: boolean;
  readonly hasPush: boolean;
  readonly userAgent: string;
  /** Fingers that it can feel: an iPad says that it is a Mac. */
  readonly touches: number;
  readonly permission: NotificationPermission | null;
}

/** Null: it can. */
export function cannot(signs: BrowserSigns): Cannot | null {
  if (!signs.isSecure) return 'insecure';
  if (!signs.hasPush) return isApple(signs) ? 'home' : 'unsupported';
  return signs.permission === 'denied' ? 'denied' : null;
}

export function readSigns(): BrowserSigns {
  return {
    isSecure: isSecureContext,
    hasPush: 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window,
    userAgent: navigator.userAgent,
    touches: navigator.maxTouchPoints,
    permission: 'Notification' in window ? Notification.permission : null,
  };
}

function isApple({ userAgent, touches }: BrowserSigns): boolean {
  return /\b(iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMac/.test(userAgent) && touches > 1);
}
