// What `/metrics` says of alerts and their notifications: how many are open, what waits, and how long the first word of one took.
import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Facts } from '../floor/rows.ts';
import type { Happening } from '../telemetry.ts';
import { bounded } from './label-values.ts';

export interface AlertGauges {
  readonly openAlerts: () => readonly OpenAlerts[];
  /** Null: there is no outbox. Rejects where Redis fails. */
  readonly backlog: (() => Promise<Backlog>) | null;
  /** The site's clock. */
  readonly now: () => number;
}

interface Backlog {
  readonly rows: number;
  readonly oldestDueAt: number | null;
}

/** Seconds; an alarm should be in somebody's hand within a few. */
const HANDOVER_BUCKETS = [0.5, 1, 2, 3, 5, 10, 30, 60, 300, 900, 3_600];

interface OpenAlerts {
  readonly rule: string;
  readonly severity: string;
  readonly count: number;
}

/** Open episodes by rule and severity. */
export function openAlerts({ alerts }: Pick<Facts, 'alerts'>): readonly OpenAlerts[] {
  const counted = new Map<string, OpenAlerts>();
  for (const { rule, severity, state } of alerts.values()) {
    if (state === 'resolved') continue;
    const name = `${rule} ${severity}`;
    counted.set(name, { rule, severity, count: (counted.get(name)?.count ?? 0) + 1 });
  }
  return [...counted.values()];
}

export interface AlertMetrics {
  /** Before each printing. */
  look(): Promise<void>;
  /** A notification is in its receiver's hands. */
  handed(happening: Happening): void;
}

export function alertMetrics(
  registry: Registry,
  { openAlerts: read, backlog, now }: AlertGauges,
): AlertMetrics {
  openAlertsGauge(registry, read);
  const lookAtBacklog = backlog === null ? null : backlogGauges(registry, backlog, now);
  const handover = new Histogram({
    name: 'pharos_notification_handover_seconds',
    help: 'From the instant at which a limit was passed until a receiver had the first word of it, by kind of channel.',
    labelNames: ['via'],
    buckets: HANDOVER_BUCKETS,
    registers: [registry],
  });
  return {
    look: async () => lookAtBacklog?.(),
    handed: ({ fields }) => handover.observe({ via: String(fields?.via) }, Number(fields?.seconds)),
  };
}

function openAlertsGauge(registry: Registry, read: AlertGauges['openAlerts']): void {
  const rules = new Set<string>();
  new Gauge({
    name: 'pharos_alerts_open',
    help: 'Open episodes.',
    labelNames: ['rule', 'severity'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { rule, severity, count } of read())
        this.inc({ rule: bounded(rules, rule), severity }, count);
    },
  });
}

/** Looks once for both; not a number while Redis cannot be asked. */
function backlogGauges(
  registry: Registry,
  read: () => Promise<Backlog>,
  now: () => number,
): () => Promise<void> {
  const rows = new Gauge({
    name: 'pharos_outbox_rows',
    help: 'Notifications that wait in the outbox of the site.',
    registers: [registry],
  });
  const oldest = new Gauge({
    name: 'pharos_outbox_oldest_seconds',
    help: 'For how long the notification has been due that is overdue longest; 0: none is.',
    registers: [registry],
  });
  return async () => {
    const found = await read().catch(() => null);
    rows.set(found?.rows ?? NaN);
    const dueAt = found === null ? NaN : (found.oldestDueAt ?? now());
    oldest.set(Math.max(0, now() - dueAt) / 1_000);
  };
}
