// `/metrics`: counts what the house announces. It subscribes; nobody calls it.
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Happening, Telemetry } from '../telemetry.ts';
import { alertMetrics } from './alert-metrics.ts';
import type { AlertGauges } from './alert-metrics.ts';
import { bounded } from './label-values.ts';

export interface Gauges extends AlertGauges {
  readonly readers: () => number;
  readonly scopes: () => number;
  readonly logAgeMs: () => number;
}

export interface Metrics {
  readonly contentType: string;
  print(): Promise<string>;
  close(): void;
}

interface Counted {
  readonly help: string;
  /** Fields of the happening that become labels. */
  readonly labels: readonly string[];
  /** The field by which it counts; absent: each happening is one. */
  readonly by?: string;
}

/** Counters by the happening that moves them. */
const COUNTED: Readonly<Record<string, Readonly<Record<string, Counted>>>> = {
  'engine.turned': {
    pharos_events_applied_total: {
      help: 'Events that the floor took in.',
      labels: [],
      by: 'applied',
    },
    pharos_events_repeated_total: {
      help: 'Events that had come before and changed nothing.',
      labels: [],
      by: 'repeated',
    },
    pharos_events_unknown_total: {
      help: 'Events of a type that this build does not know.',
      labels: [],
      by: 'unknown',
    },
  },
  'event.refused': {
    pharos_events_refused_total: {
      help: 'Entries of the log that were refused.',
      labels: ['source', 'reason'],
    },
  },
  'alerts.proposed': {
    pharos_alerts_proposed_total: {
      help: 'Moves of episodes that were put to Redis, by its answer: taken, stale or failed.',
      labels: ['answer'],
    },
  },
  'alerts.reconciled': {
    pharos_alerts_reconciled_total: {
      help: 'Episodes of which Redis and this floor held different things, by what was done.',
      labels: ['how'],
    },
  },
  'alerts.moved': {
    pharos_alert_moves_total: {
      help: 'Moves of episodes that this server put to Redis and that were taken, by rule and reason.',
      labels: ['rule', 'reason'],
    },
  },
  'alerts.fleeting': {
    pharos_alerts_fleeting_total: {
      help: 'Conditions that this server saw begin and end before anybody was to hear of them, by rule.',
      labels: ['rule'],
    },
  },
  'notify.told': {
    pharos_notifications_decided_total: {
      help: 'Notifications that were decided by this server, by kind of channel; none: nobody could be told.',
      labels: ['via'],
      by: 'count',
    },
  },
  'notify.settled': {
    pharos_notifications_total: {
      help: 'What became of notifications in the hands of this server: sent, failed (tried again), held (for a digest), dropped or dead, by kind of channel.',
      labels: ['outcome', 'via'],
      by: 'count',
    },
  },
  'gateway.event-refused': {
    pharos_http_events_refused_total: {
      help: 'Events by HTTP that were refused before the log.',
      labels: ['source', 'reason'],
    },
  },
  'gateway.came': {
    pharos_sockets_opened_total: { help: 'Sockets that were opened.', labels: [] },
  },
  'gateway.refused': {
    pharos_sockets_refused_total: {
      help: 'Sockets that were told to leave.',
      labels: ['reason'],
    },
  },
  'gateway.held': {
    pharos_sockets_held_total: {
      help: 'Times that a slow reader was sent nothing until its next word.',
      labels: [],
    },
  },
  'gateway.slow': {
    pharos_sockets_slow_total: { help: 'Readers closed after 10 s without a word.', labels: [] },
  },
  'gateway.sent': {
    pharos_messages_sent_total: {
      help: 'Messages to sockets.',
      labels: ['what'],
      by: 'sockets',
    },
    pharos_bytes_sent_total: {
      help: 'Bytes of messages to sockets, before framing.',
      labels: ['what'],
      by: 'bytes',
    },
  },
  'gateway.worked': {
    pharos_encodings_total: {
      help: 'Rows looked at, and deltas, missing rows and snapshots put together; once a scope.',
      labels: ['what'],
      by: 'times',
    },
  },
};

export function createMetrics(telemetry: Telemetry, gauges: Gauges): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const happenings = new Counter({
    name: 'pharos_happenings_total',
    help: 'Everything that the house announced, by name.',
    labelNames: ['name', 'severity'],
    registers: [registry],
  });
  const counters = new Map<string, ((happening: Happening) => void)[]>();
  for (const [name, counted] of Object.entries(COUNTED))
    counters.set(
      name,
      Object.entries(counted).map(([metric, what]) => counter(registry, metric, what)),
    );
  gauge(registry, 'pharos_readers', 'Sockets that read a board now.', gauges.readers);
  gauge(registry, 'pharos_scopes', 'Scopes that are kept up to date.', gauges.scopes);
  gauge(
    registry,
    'pharos_log_age_seconds',
    'Seconds since the instant up to which the floor is known.',
    () => gauges.logAgeMs() / 1_000,
  );

  const alerts = alertMetrics(registry, gauges);
  counters.set('notify.handed', [(happening) => alerts.handed(happening)]);

  const unsubscribe = telemetry.subscribe((happening) => {
    happenings.inc({ name: happening.name, severity: happening.severity });
    for (const count of counters.get(happening.name) ?? []) count(happening);
  });
  return {
    contentType: registry.contentType,
    async print() {
      await alerts.look();
      return registry.metrics();
    },
    close() {
      unsubscribe();
      registry.clear();
    },
  };
}

function counter(
  registry: Registry,
  name: string,
  { help, labels, by }: Counted,
): (happening: Happening) => void {
  const made = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
  const seen = new Map(labels.map((label) => [label, new Set<string>()]));
  return ({ fields }) => {
    const values: Record<string, string> = {};
    for (const [label, known] of seen) values[label] = bounded(known, String(fields?.[label]));
    const amount = by === undefined ? 1 : Number(fields?.[by] ?? 0);
    if (amount > 0) made.inc(values, amount);
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
