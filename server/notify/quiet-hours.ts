// Whether it is somebody's quiet hours, by their own clock, and what comes in them all the same.
import { DateTime } from 'luxon';
import type { Severity } from '../contract/lists.ts';
import type { Channel, Quiet } from './channel-form.ts';

/** Is this instant in these hours? They may pass midnight; from and to the same: all day. */
export function isQuietAt({ from, to, zone }: Quiet, now: number, siteZone: string): boolean {
  const own = DateTime.fromMillis(now, { zone: zone ?? siteZone });
  // A zone that this machine does not know is the site's.
  const time = (own.isValid ? own : DateTime.fromMillis(now, { zone: siteZone })).toFormat('HH:mm');
  return from < to ? from <= time && time < to : time >= from || time < to;
}

/** In quiet hours P1 comes, and its end, where its reader allows it: for this channel, or for all. */
export function breaksQuiet(
  severity: Severity,
  { breaksQuiet: isAllowed }: Pick<Channel, 'breaksQuiet'>,
  { urgent }: Quiet,
): boolean {
  return severity === 'P1' && (isAllowed || urgent === true);
}
