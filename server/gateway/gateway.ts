// The gateway: one HTTP server with its doors, the sockets behind it, and the hub that decides who is sent what.
import { WRITTEN_MS } from '../access/screen-signs.ts';
import { sessionOf } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import { openAlerts } from './alert-metrics.ts';
import { alertsHttp } from './alerts-http.ts';
import { appFiles } from './app-files.ts';
import { boardsDoor } from './boards-door.ts';
import { BoardWrites } from './board-writes.ts';
import { channelsDoor } from './channels-door.ts';
import { callbacksDoor } from './callbacks-door.ts';
import { Commands } from './commands.ts';
import { Doorman } from './doorman.ts';
import { eventsDoor } from './events-door.ts';
import { Guard } from './guard.ts';
import { guardDoors } from './doors.ts';
import { createHttp } from './http.ts';
import type { Http } from './http.ts';
import { helpDoor } from './help-door.ts';
import { helpLinksDoor } from './help-links-door.ts';
import { Hub } from './hub.ts';
import { intervalsDoor } from './intervals-door.ts';
import { links } from './links.ts';
import { createMetrics } from './metrics.ts';
import type { Cancel } from '../clock.ts';
import type { AccessChange } from './changes.ts';
import type { Address, Gateway, GatewayLimits, GatewayOptions } from './options.ts';
import { pairingDoor } from './pairing-door.ts';
import { openIdDoor } from './open-id-door.ts';
import { pages } from './pages.ts';
import { pushDoor } from './push-door.ts';
import { readDoors } from './read-doors.ts';
import { accountDoor } from './account-door.ts';
import { peopleDoor } from './people-door.ts';
import { tokensDoor } from './tokens-door.ts';
import { trailDoor } from './trail-door.ts';
import { Changes } from './changes.ts';
import { noteOf } from './note.ts';
import { screensDoor } from './screens-door.ts';
import { sessionDoor } from './session-door.ts';
import { signIn } from './sign-in.ts';
import { welcome } from './welcome.ts';
import { createSockets } from './sockets.ts';
import type { Sockets } from './sockets.ts';
import { wordsOf } from '../words-of.ts';
import { undeliveredDoor } from './undelivered-door.ts';
import { Who } from './who.ts';

interface Open {
  readonly http: Http;
  readonly sockets: Sockets;
  readonly guard: Guard;
}

/** Every so often everybody is asked anew who they are, whatever was told (milliseconds). */
const ROUND_MS = 30_000;

const LIMITS: GatewayLimits = {
  sockets: 5_000,
  socketsPerAddress: 2_500,
  packetsPerSecond: 20,
  commandsPerSecond: 5,
  callsPerMinute: 30_000,
  trialsPerMinute: 6,
  wrongTriesPerMinute: 5,
};

export function createGateway(options: GatewayOptions): Gateway {
  const { settings, clock, now, facts, health, telemetry, outbox, throttle } = options;
  const { accounts, sessions, sources, screens, screenSigns, helpLinks, trail } = options.access;
  const { openId, begunSignIns } = options.access;
  const changes = new Changes(options);
  /** As it was when it was looked up last. */
  let areAccounts = false;
  let asking: Promise<void> = Promise.resolve();
  const limits = { ...LIMITS, ...options.limits };
  const doorman = new Doorman(settings);
  let open: Open | null = null;
  const hub = new Hub({
    ...options,
    broadcast: (room, what, text) => open?.sockets.broadcast(room, what, text),
  });
  const boards = new BoardWrites(options);
  const metrics = createMetrics(telemetry, {
    readers: () => hub.readers,
    scopes: () => hub.scopes,
    logAgeMs: () => now() - health().asOf,
    openAlerts: () => openAlerts(options.facts),
    backlog: outbox === undefined ? null : () => outbox.backlog(),
    now,
  });

  /** What is used goes on. */
  function came(identity: Identity): void {
    const session = sessionOf(identity);
    const used = [
      ...(session === null ? [] : [sessions.used(session)]),
      ...(identity.kind === 'person' ? [accounts.seen(identity.account)] : []),
    ];
    // Where Redis is away it is written at the next use.
    void Promise.allSettled(used);
  }
  async function lookForAccounts(): Promise<void> {
    areAccounts = await accounts.areAny().catch(() => areAccounts);
  }
  /** One after the other: while Redis is slow a round must not overtake itself. */
  function askAnew(change: AccessChange | null): void {
    asking = asking
      .then(() => ask(change))
      .catch((error: unknown) => {
        const text = `Who is who could not be asked anew: ${wordsOf(error)}`;
        telemetry.announce({ name: 'gateway.failed', severity: 'error', text });
      });
  }
  async function ask(change: AccessChange | null): Promise<void> {
    if (change === null || change.what === 'person') await lookForAccounts();
    if (change !== null) open?.guard.changed(change.what, change.of);
    await open?.sockets.recheck(change);
  }
  let stopRounds: Cancel | null = null;
  let stopSigns: Cancel | null = null;

  async function build(): Promise<Open> {
    const http = await createHttp({ settings, doorman, telemetry, limits });
    const { app, server } = http;
    const guard = new Guard({
      ...{ doorman, clock, accounts, sessions, sources, screens, throttle },
      token: settings.bootstrapToken,
      isDemo: settings.demo,
      parseCookies: (header) => app.parseCookie(header),
    });
    const who = new Who({ facts, areAccounts: () => areAccounts });
    const note = noteOf({ trail, doorman, telemetry });
    const commands = new Commands({
      clock,
      telemetry,
      facts,
      guard,
      who,
      obey: options.obey,
      onCame: came,
      perSecond: limits.commandsPerSecond,
    });
    guardDoors(app, { guard, doorman, onCame: came });
    readDoors(app, { now, health, metrics, wholeFloor: () => hub.wholeFloor() });
    intervalsDoor(app, options);
    eventsDoor(app, { append: options.append, now, telemetry });
    signIn(app, {
      ...{ doorman, guard, accounts, sessions, throttle, changes, note },
      token: settings.bootstrapToken,
      openId: openId?.settings.name ?? null,
    });
    if (openId !== null) {
      const known = { doorman, accounts, sessions, throttle, changes, note };
      openIdDoor(app, { ...options, ...known, openId, begunSignIns });
    }
    welcome(app, {
      ...{ doorman, accounts, sessions, throttle, changes, note },
      onAccount: () => (areAccounts = true),
    });
    callbacksDoor(app, options);
    boardsDoor(app, { ...options, writes: boards, note });
    alertsHttp(app, { ...options, who, commands });
    if (outbox !== undefined) undeliveredDoor(app, { outbox });
    links(app, { readCapability: () => null, ...options, who, commands });
    pushDoor(app, { readCapability: () => null, ...options, who, commands });
    if (options.channels !== undefined)
      channelsDoor(app, { ...options, channels: options.channels, who, limits });
    pairingDoor(app, { ...options, ...options.access, doorman, guard, changes });
    screensDoor(app, { ...options, ...options.access, changes, note, boards: () => hub.boards() });
    peopleDoor(app, { ...options, doorman, accounts, sessions, changes, note });
    accountDoor(app, { ...options, doorman, accounts, sessions, changes, note });
    tokensDoor(app, { sources, changes, note });
    trailDoor(app, { trail });
    helpLinksDoor(app, { ...options, doorman, who, note, links: helpLinks });
    helpDoor(app, { ...options, doorman, guard, commands, links: helpLinks });
    sessionDoor(app, { ...options, doorman, who, sessions });
    appFiles(app);
    pages(app, { staticDir: options.staticDir, doorman });
    await app.ready();
    const sockets = createSockets({
      server,
      doorman,
      guard,
      clock,
      telemetry,
      limits,
      commands,
      hub: () => hub,
      onCame: came,
      onHave: (identity, have) => {
        if (identity.kind === 'screen') screenSigns.note(identity.id, have);
      },
    });
    return { http, sockets, guard };
  }

  function address(): Address | null {
    const bound = open?.http.server.address();
    return bound && typeof bound === 'object' ? { host: bound.address, port: bound.port } : null;
  }

  return {
    address,
    async listen() {
      await lookForAccounts();
      open = await build();
      try {
        await bind(open.http, settings);
      } catch (error) {
        await this.close();
        throw error;
      }
      hub.start();
      stopRounds = clock.every(ROUND_MS, () => askAnew(null));
      stopSigns = clock.every(WRITTEN_MS, () => void screenSigns.write());
      const bound = address();
      if (bound === null) throw new Error('invariant: a server that listens has an address');
      return bound;
    },
    changed(touched) {
      hub.changed(touched);
      if (touched.boards) boards.turned();
    },
    accessChanged: (change) => askAnew(change),
    async firstInvitation() {
      if (await accounts.areInstallers()) return null;
      return `/welcome/${await accounts.invite(null, 'server')}`;
    },
    reset: () => hub.reset(),
    async close() {
      stopRounds?.();
      stopSigns?.();
      hub.stop();
      const closing = open;
      open = null;
      if (closing !== null) await unbind(closing.http, closing.sockets);
      metrics.close();
    },
  };
}

function bind({ server }: Http, { host, port }: GatewayOptions['settings']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function unbind({ app, server }: Http, sockets: Sockets): Promise<void> {
  await sockets.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Whoever is in the midst of a request on a closing server is cut off rather than waited for.
    server.closeAllConnections();
  });
  await app.close();
}
