// What is counted of a decision about an episode once Redis took it: which move it was, and by which channels people are to be told.
import type { Move } from '../alerts/machine.ts';
import type { Telling } from '../notify/notices.ts';
import type { Telemetry } from '../telemetry.ts';

export function countMove(
  telemetry: Telemetry,
  { to: { rule }, reason }: Pick<Move, 'to' | 'reason'>,
  { told }: Pick<Telling, 'told'>,
): void {
  telemetry.announce({ name: 'alerts.moved', severity: 'debug', fields: { rule, reason } });
  const kinds = new Map<string, number>();
  for (const { via = 'none' } of told) kinds.set(via, (kinds.get(via) ?? 0) + 1);
  for (const [via, count] of kinds)
    telemetry.announce({ name: 'notify.told', severity: 'debug', fields: { via, count } });
}
