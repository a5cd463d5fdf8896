// What the page `/help` is told of the one request that it may make, and whose personal link it is.

/** `GET /api/v1/help-links`. */
export interface HelpLink {
  readonly agent: string;
  /** Milliseconds on the site's clock. */
  readonly madeAt: number;
  /** Who made it. */
  readonly by: string;
}

export interface HelpRequest {
  readonly id: string;
  readonly about: string | null;
  readonly requestedAt: number;
  /** The name of who said "I'm coming"; null: nobody yet. */
  readonly coming: string | null;
  /** Since when; null: nobody yet, or nobody knows. */
  readonly comingSince: number | null;
}

/** `GET /api/v1/help`, by the agent's link. */
export interface HelpAnswer {
  /** The agent's own. */
  readonly name: string;
  readonly request: HelpRequest | null;
  /** The site's clock. */
  readonly now: number;
  /** False: this server does not follow the log just now, so that what it says of a request may be old. */
  readonly isLive: boolean;
}
