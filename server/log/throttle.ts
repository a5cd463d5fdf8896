// Guessing is slowed down: so many tries for a time, counted in Redis for all servers, and by each for itself while Redis is away.
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { keysOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

/** What may be guessed at, how often, and in how many seconds. */
export const TRIES = {
  /** Wrong bearer tokens, by address. */
  token: { points: 5, seconds: 60 },
  /** Passwords, by login and address together; then by login alone, so that many addresses do not help; and by address alone. */
  'login-here': { points: 5, seconds: 300 },
  // More than one address gets through `login-here`, so that nobody locks somebody out by themselves.
  login: { points: 100, seconds: 3_600 },
  address: { points: 30, seconds: 300 },
  /** Sign-ins that are begun at the company's own provider, by address; a whole floor may share one. */
  'open-id': { points: 300, seconds: 300 },
  /** Codes of televisions, by who types them. */
  code: { points: 5, seconds: 60 },
  /** Personal links that are nobody's, by address; a whole floor may share one. */
  'help-link': { points: 20, seconds: 60 },
  /** Televisions that ask for a code, by address. */
  pairing: { points: 10, seconds: 60 },
} as const;
export type Guess = keyof typeof TRIES;

export interface Throttle {
  /** Counts one try, before it is looked at; milliseconds until the next may be, 0: this one may be now. Never rejects. */
  take(what: Guess, who: string): Promise<number>;
  /** Counts one try that was looked at and was wrong; milliseconds for which no other may be, 0: another may be now. */
  spend(what: Guess, who: string): Promise<number>;
  /** This one try was no guess. */
  giveBack(what: Guess, who: string): Promise<void>;
  /** None of them was a guess. */
  forget(what: Guess, who: string): Promise<void>;
}

/** `where` null: this process counts for itself. */
export function createThrottle(
  where: { readonly link: RedisLink; readonly site: string } | null,
): Throttle {
  const limiters = new Map<Guess, RateLimiterAbstract>();
  function limiterOf(what: Guess): RateLimiterAbstract {
    const known = limiters.get(what);
    if (known !== undefined) return known;
    const { points, seconds } = TRIES[what];
    const own = new RateLimiterMemory({ points, duration: seconds });
    const made =
      where === null
        ? own
        : new RateLimiterRedis({
            storeClient: where.link.redis,
            keyPrefix: keysOf(where.site).tries(what),
            points,
            duration: seconds,
            insuranceLimiter: own,
          });
    limiters.set(what, made);
    return made;
  }
  return {
    async take(what, who) {
      try {
        await limiterOf(what).consume(who);
        return 0;
      } catch (error) {
        if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
        throw error;
      }
    },
    async spend(what, who) {
      const { remainingPoints, msBeforeNext } = await limiterOf(what)
        .consume(who)
        .catch((error: unknown) => {
          if (error instanceof RateLimiterRes) return error;
          throw error;
        });
      return remainingPoints > 0 ? 0 : Math.max(1, msBeforeNext);
    },
    async giveBack(what, who) {
      await limiterOf(what).reward(who, 1);
    },
    async forget(what, who) {
      await limiterOf(what).delete(who);
    },
  };
}
