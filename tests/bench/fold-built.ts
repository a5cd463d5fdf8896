// The server's rooms as they are built, so that what is measured is what runs, and not what a loader made of its source.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

type Engine = typeof import('../../server/engine/engine.ts');
type Floor = typeof import('../../server/floor/floor.ts');
type Dedup = typeof import('../../server/log/dedup.ts');
type Continuity = typeof import('../../server/log/continuity.ts');
type RedisStore = typeof import('../../server/log/redis-store.ts');
type Turn = typeof import('../../server/engine/turn.ts');
type Feed = typeof import('../../server/boards/feed.ts');
type Alerts = typeof import('../../server/alerts/alerts.ts');
type Rules = typeof import('../../server/alerts/rules.ts');
type DecisionOf = typeof import('../../server/acting/decision-of.ts');
type Scope = typeof import('../../server/boards/scope.ts');

export interface Built {
  readonly Engine: Engine['Engine'];
  readonly Floor: Floor['Floor'];
  readonly ScopeFeed: Feed['ScopeFeed'];
  readonly WHOLE_FLOOR: Scope['WHOLE_FLOOR'];
  readonly ORIGIN: Continuity['ORIGIN'];
  readonly createDedupWindow: Dedup['createDedupWindow'];
  readonly openRedisStore: RedisStore['openRedisStore'];
  readonly takeTurn: Turn['takeTurn'];
  readonly Alerts: Alerts['Alerts'];
  readonly RULES: Rules['RULES'];
  readonly decisionOf: DecisionOf['decisionOf'];
}

/** `npm run build` comes before. */
export async function builtServer(): Promise<Built> {
  const [engine, floor, feed, scope, continuity] = await Promise.all([
    room<Engine>('engine/engine'),
    room<Floor>('floor/floor'),
    room<Feed>('boards/feed'),
    room<Scope>('boards/scope'),
    room<Continuity>('log/continuity'),
  ]);
  const [dedup, redisStore, turn, alerts, rules, deciding] = await Promise.all([
    room<Dedup>('log/dedup'),
    room<RedisStore>('log/redis-store'),
    room<Turn>('engine/turn'),
    room<Alerts>('alerts/alerts'),
    room<Rules>('alerts/rules'),
    room<DecisionOf>('acting/decision-of'),
  ]);
  return {
    Engine: engine.Engine,
    Floor: floor.Floor,
    ScopeFeed: feed.ScopeFeed,
    WHOLE_FLOOR: scope.WHOLE_FLOOR,
    ORIGIN: continuity.ORIGIN,
    createDedupWindow: dedup.createDedupWindow,
    openRedisStore: redisStore.openRedisStore,
    takeTurn: turn.takeTurn,
    Alerts: alerts.Alerts,
    RULES: rules.RULES,
    decisionOf: deciding.decisionOf,
  };
}

async function room<M>(name: string): Promise<M> {
  const path = resolve('dist/server', `${name}.js`);
  return (await import(pathToFileURL(path).href)) as M;
}
