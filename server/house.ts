// The house put together: builds the parts in the order of the flow and registers each closing on the spot. One room, since that order is what it is about.
import { openAccess } from './access/access.ts';
import { KnownGrants } from './access/known-grants.ts';
import { Alerts } from './alerts/alerts.ts';
import { RULES } from './alerts/rules.ts';
import { Deciding } from './acting/deciding.ts';
import { randomBytes } from 'node:crypto';
import { backoffMs } from './backoff.ts';
import { pause } from './clock.ts';
import type { Clock } from './clock.ts';
import { Commanding } from './acting/commanding.ts';
import type { Config } from './config.ts';
import { DEFAULT_BOARD } from './contract/board.ts';
import { createConnectors } from './connectors.ts';
import { Engine } from './engine/engine.ts';
import type { Standing } from './engine/engine.ts';
import { FirstWords } from './acting/first-words.ts';
import { Floor } from './floor/floor.ts';
import type { FloorOptions } from './floor/floor.ts';
import { createGateway } from './gateway/gateway.ts';
import type { Address } from './gateway/options.ts';
import { intervalFigures } from './interval-figures.ts';
import { startKeeper } from './keeping/keeper.ts';
import { KEPT_FORM } from './keeping/kept.ts';
import type { Kept } from './keeping/kept.ts';
import { followLastWeek } from './keeping/last-week.ts';
import type { Lifecycle } from './lifecycle.ts';
import { instantOf, ORIGIN } from './log/continuity.ts';
import { createDedupWindow } from './log/dedup.ts';
import type { DedupWindow } from './log/dedup.ts';
import { LogTrouble } from './log/log.ts';
import { createRefusals } from './log/refusals.ts';
import type { Refusal } from './log/refusals.ts';
import { openSiteClock } from './log/site-clock.ts';
import { loadSnapshot } from './log/snapshots.ts';
import { warningsOf } from './log/store.ts';
import type { Shelves } from './log/shelves.ts';
import type { Store } from './log/store.ts';
import type { Throttle } from './log/throttle.ts';
import { tellRefusals } from './refusals-told.ts';
import { StartRefused } from './start-refused.ts';
import { openTelling } from './acting/telling.ts';
import type { Telemetry } from './telemetry.ts';
import { undeliveredOf } from './notify/undelivered.ts';
import type { RefusedEntry } from './engine/turn.ts';

/** What is in hand when the house closes has a second to be sent to its end, and as long to be settled (milliseconds). */
const SENDING_MS = 3_000;

/** What sources were granted is looked up so often, whatever was told (milliseconds). */
const GRANTS_MS = 30_000;

export interface HouseParts {
  readonly config: Config;
  readonly store: Store;
  readonly lifecycle: Lifecycle;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** Names this server among those of the site. */
  readonly holder: string;
  /** The site's own; null: it has none, as at the demo. */
  readonly token: string | null;
  readonly staticDir: string;
  readonly build: string;
  /** Who may come in is kept there. */
  readonly shelves: Shelves;
  readonly throttle: Throttle;
}

export interface House {
  readonly address: Address;
  /** The path of the page by which the first installer makes their account; null: there is one. */
  readonly firstInvitation: () => Promise<string | null>;
}

/** Opens everything; resolves once screens are served from a floor that has caught up with the log. Throws `StartRefused`. */
export async function openHouse(parts: HouseParts): Promise<House> {
  const { config, store, lifecycle, telemetry, holder } = parts;
  await whenThere(parts, () => store.time());
  await whenThere(parts, () => warnOfSettings(parts));
  const clock = await whenThere(parts, () =>
    openSiteClock({ time: () => store.time(), clock: parts.clock }),
  );
  lifecycle.onClose('site clock', () => clock.close());

  const { floor, dedup, standing } = await whenThere(parts, () => recall(parts, clock.now()));
  const refusals = createRefusals(store);
  lifecycle.onClose('refusals', () => refusals.settled());

  const engine = new Engine({
    log: store,
    floor,
    dedup,
    clock,
    telemetry,
    standing,
    probeWrite: () => store.probe(),
    onTouched(touched) {
      gateway.changed(touched);
      deciding.turned(touched);
      commanding.turned();
      const reworded = alerts.words.take();
      if (reworded.size > 0) gateway.changed({ alerts: reworded });
    },
    onRefused: (refused) => refused.forEach(noteRefused),
    onBack: () => deciding.cameBack(),
    onAccess(change) {
      gateway.accessChanged(change);
      if (change.what === 'source') lookAtGrants();
    },
    onGap: (untold) => {
      gateway.reset();
      deciding.gapFound();
      connectors.tellAnew(untold);
    },
  });
  function noteRefused({ entry, source, refused }: RefusedEntry): void {
    refusals.note({ ...refused, source, type: entry.fields.type ?? '', entry: entry.id });
    countRefused({ ...refused, source });
  }
  const tellRefused = tellRefusals({ clock, telemetry });
  function countRefused(refusal: Refusal): void {
    const { source, reason } = refusal;
    tellRefused(refusal);
    telemetry.announce({ name: 'event.refused', severity: 'debug', fields: { source, reason } });
  }

  const alerts = new Alerts({ site: config.site, floor, rules: RULES });
  const telling = await whenThere(parts, () =>
    openTelling({
      ...{ config, store, clock, telemetry, holder },
      facts: alerts.words.facts,
      house: () => alerts.house,
    }),
  );
  const told = { tellingOf: telling.tellingOf, onTold: telling.wake };
  const firstWords = new FirstWords(floor.facts, clock);
  const deciding = new Deciding({
    alerts,
    store,
    clock,
    telemetry,
    isLive: () => engine.isFollowing && firstWords.areHeard,
    ...told,
  });

  const commanding = new Commanding({
    house: () => alerts.house,
    floor,
    rules: RULES,
    store,
    clock,
    isLive: () => engine.isFollowing,
    telemetry,
    newId: () => randomBytes(12).toString('base64url'),
    ...told,
  });

  const access = openAccess({
    shelves: parts.shelves,
    now: () => clock.now(),
    random: randomBytes,
    openId: config.openId,
  });
  const grants = new KnownGrants(access.sources);
  // Before anything is copied: what was taken from a source must not come in again at a start.
  await whenThere(parts, () => grants.look());
  function lookAtGrants(): void {
    // What was known stays until the next look.
    void grants.look().catch(() => undefined);
  }
  const stopLooking = clock.every(GRANTS_MS, lookAtGrants);
  lifecycle.onClose('grants', () => Promise.resolve(stopLooking()));

  const gateway = createGateway({
    settings: { ...config, bootstrapToken: parts.token },
    facts: alerts.words.facts,
    now: () => clock.now(),
    clock,
    health: () => engine.health(),
    append: (entries) => store.appendFields(entries),
    obey: (heard, by) => commanding.obey(heard, by),
    onSits: (person) => commanding.sits(person),
    access,
    throttle: parts.throttle,
    outbox: {
      deadLetters: async (count) => (await store.deadLetters(count)).flatMap(undeliveredOf),
      backlog: () => store.backlog(),
    },
    readCapability: telling.readCapability,
    channels: telling.register,
    intervals: (query) => intervalFigures({ floor, store }, query),
    telemetry,
    random: randomBytes,
    staticDir: parts.staticDir,
    firstBoard: { ...DEFAULT_BOARD, language: config.language },
  });
  const connectors = createConnectors({
    config,
    store,
    clock,
    telemetry,
    holder,
    floor,
    obey: (heard, by) => commanding.obey(heard, by),
    isUsed: (person) => commanding.isUsed(person),
    grantOf: (source) => grants.of(source),
    onRefused(refusal) {
      refusals.note(refusal);
      countRefused(refusal);
    },
  });

  const address = await gateway.listen().catch(refuseToListen(config));
  const keeper = startKeeper({
    store,
    floor,
    dedup,
    clock,
    telemetry,
    holder,
    standing: () => engine.standing(),
  });
  lifecycle.onClose('keeper', () => keeper.close());
  lifecycle.onClose('deciding', () => deciding.close());
  lifecycle.onClose('engine', () => engine.close());
  lifecycle.onClose('gateway', () => gateway.close());
  await engine.start();
  // What is said in a notification is what this floor knows, once it knows all.
  telling.wake();
  lifecycle.onClose('notifications', () => telling.close(), SENDING_MS);
  const lastWeek = followLastWeek({
    floor,
    store,
    clock,
    telemetry,
    onTouched: (touched) => gateway.changed(touched),
  });
  lifecycle.onClose('last week', () => lastWeek.close());
  lifecycle.onClose('connectors', () => connectors.close());
  await connectors.start();
  return { address, firstInvitation: () => gateway.firstInvitation() };
}

/** Redis may start after us, and may load its data still when it answers already: we say so once, and wait. */
async function whenThere<T>({ clock, telemetry }: HouseParts, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogTrouble)) throw error;
      // What has no name does not pass by itself, nor does a key that holds something else.
      if (error.reason === null || error.reason === 'WRONGTYPE')
        throw new StartRefused(`Redis cannot be used; it says: ${error.said}`);
      // A connection takes a moment; only what lasts is worth a word.
      if (attempt < 6) {
        await pause(clock, 100);
        continue;
      }
      const text = `Redis cannot be used yet (${error.reason}): ${error.said}. Trying again.`;
      telemetry.announce({ name: 'redis.awaited', severity: 'warn', text });
      await pause(clock, backoffMs(attempt, { firstMs: 100, ceilingMs: 1_000 }, 1));
    }
  }
}

async function warnOfSettings({ store, telemetry }: HouseParts): Promise<void> {
  const settings = await store.settings().catch((error: unknown) => {
    if (!(error instanceof LogTrouble) || error.reason !== 'NOAUTH') throw error;
    const text = `Redis does not say how it is set up, so nobody checked that it keeps what it is given: ${error.said}.`;
    telemetry.announce({ name: 'redis.warned', severity: 'warn', text });
    return null;
  });
  for (const text of settings === null ? [] : warningsOf(settings))
    telemetry.announce({ name: 'redis.warned', severity: 'warn', text });
}

/** What an installer can mend is said in a sentence. */
function refuseToListen({ host, port, tls }: Config): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error)) throw error;
    const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartRefused(
        `PORT: expected a free port of ${host}, and another program listens on ${port}.`,
      );
    if (syscall === 'listen' || syscall === 'getaddrinfo')
      throw new StartRefused(
        `HOST, PORT: expected an address of this machine on which Pharos may listen, got "${host}" and ${port}: ${error.message}.`,
      );
    if (tls !== null)
      throw new StartRefused(
        `PHAROS_TLS_CERT, PHAROS_TLS_KEY: expected PEM files of a certificate and its key, got "${tls.cert}" and "${tls.key}": ${error.message}.`,
      );
    throw error;
  };
}

/** The floor as the record has it, or a new one at the beginning of the journal. */
async function recall(
  parts: HouseParts,
  now: number,
): Promise<{
  readonly floor: Floor;
  readonly dedup: DedupWindow;
  readonly standing: Standing;
}> {
  const { store, config, telemetry } = parts;
  const loaded = await loadSnapshot(store, KEPT_FORM);
  if (loaded.kind === 'unreadable') throw new StartRefused(loaded.why);
  if (loaded.kind === 'none') {
    const { firstId } = await store.extent();
    // A floor without a record begins with its journal, else the journal's first day would be today.
    const beginsAt = firstId === null ? now : Math.min(now, instantOf(firstId));
    return {
      floor: new Floor(floorOptions(parts, beginsAt)),
      dedup: createDedupWindow(),
      standing: { position: ORIGIN, soundAt: beginsAt },
    };
  }
  if (loaded.passedOver !== null)
    telemetry.announce({ name: 'snapshot.passed-over', severity: 'warn', text: loaded.passedOver });
  const kept = loaded.snapshot.state as Kept;
  const floor = Floor.restore(kept.floor, floorOptions(parts, now));
  telemetry.announce({
    name: 'snapshot.loaded',
    severity: 'info',
    text: `The floor of site ${config.site} goes on from its record of ${new Date(loaded.snapshot.savedAt).toISOString()}.`,
  });
  return {
    floor,
    dedup: createDedupWindow(kept.dedup),
    standing: { position: loaded.snapshot.position, soundAt: kept.soundAt },
  };
}

function floorOptions({ config, build }: HouseParts, now: number): FloorOptions {
  return {
    site: config.site,
    zone: config.zone,
    country: config.country,
    dayStarts: config.dayStarts,
    languages: [config.language],
    demo: config.demo,
    build,
    now,
  };
}
