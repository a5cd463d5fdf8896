// When a screen that nobody touches loads itself anew: because somebody wants it, for a new build, or at the quiet hour of a long day.
import { buildTurn, LONGEST_WAIT_MS } from './new-build.ts';

/** A floor of screens does not come for a new build as one (milliseconds). */
const BUILD_WITHIN_MS = 30_000;
/** A page that is up for so long is loaded anew at the next quiet hour (milliseconds). */
const LONG_MS = 24 * 3_600_000;
/** The quiet hours by the site's own clock, and how their beginning is spread over the screens (minutes). */
const QUIET_FROM = 3 * 60;
const QUIET_TO = 5 * 60;
const SPREAD = 90;

export interface Moment {
  /** The site's time; 0 until it is known. */
  readonly now: number;
  readonly zone: string;
  readonly loaded: string | null;
  readonly running: string | null;
  /** Somebody wants it. */
  readonly isAsked: boolean;
  readonly isLive: boolean;
  readonly openP1: boolean;
  readonly waiting: number;
}

export class LoadingAnew {
  readonly #random: () => number;
  readonly #quietFrom: number;
  #upSince: number | null = null;
  #buildAt: number | null = null;

  /** `random`: in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
    this.#quietFrom = QUIET_FROM + random() * SPREAD;
  }

  /** Whether it is to be loaded now. Never while it is not live, and never under an open P1. */
  isDue(moment: Moment): boolean {
    const { now, isLive, openP1, isAsked } = moment;
    if (isLive) this.#upSince ??= now;
    const isForBuild = this.#isForBuild(moment);
    if (!isLive || openP1) return false;
    return isAsked || isForBuild || this.#isQuietHour(moment);
  }

  #isForBuild(moment: Moment): boolean {
    const { now } = moment;
    const turn = buildTurn(moment);
    if (turn === 'same') {
      this.#buildAt = null;
      return false;
    }
    this.#buildAt ??= now + this.#random() * BUILD_WITHIN_MS;
    return now >= this.#buildAt && (turn === 'now' || now - this.#buildAt > LONGEST_WAIT_MS);
  }

  #isQuietHour({ now, zone, waiting }: Moment): boolean {
    if (waiting > 0 || this.#upSince === null || now - this.#upSince < LONG_MS) return false;
    const minute = minuteOfDay(now, zone);
    return minute >= this.#quietFrom && minute < QUIET_TO;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function minuteOfDay(at: number, zone: string): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, hourCycle: 'h23' },
      ...{ hour: '2-digit', minute: '2-digit' },
    });
  clocks.set(zone, clock);
  const [hours = '0', minutes = '0'] = clock.format(at).split(':');
  return Number(hours) * 60 + Number(minutes);
}
