// Named happenings of the server itself. Code announces; the printed log and `/metrics` subscribe.

export type Severity = 'debug' | 'info' | 'warn' | 'error';

export interface Happening {
  /** Dotted, in the past tense or as a state: `log.lost`, `gateway.refused`. */
  readonly name: string;
  readonly severity: Severity;
  /** One sentence for a person; happenings that are only counted have none. */
  readonly text?: string;
  /** Labels and figures. No customer data, no secrets. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

export type Subscriber = (happening: Happening) => void;

export interface Telemetry {
  announce(happening: Happening): void;
  /** Returns the way to unsubscribe. */
  subscribe(subscriber: Subscriber): () => void;
}

export function createTelemetry(): Telemetry {
  const subscribers = new Set<Subscriber>();
  return {
    announce(happening) {
      for (const subscriber of subscribers) subscriber(happening);
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
  };
}
