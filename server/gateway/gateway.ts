// The gateway: one HTTP server with its doors, the sockets behind it, and the hub that decides who is sent what.
import { HelpLinks } from '../access/help-links.ts';
import { openAlerts } from './alert-metrics.ts';
import { alertsHttp } from './alerts-http.ts';
import { appFiles } from './app-files.ts';
import { channelsDoor } from './channels-door.ts';
import { callbacksDoor } from './callbacks-door.ts';
import { Commands } from './commands.ts';
import { Doorman } from './doorman.ts';
import { eventsDoor } from './events-door.ts';
import { Guard } from './guard.ts';
import { createHttp, guardDoors } from './http.ts';
import type { Http } from './http.ts';
import { helpDoor } from './help-door.ts';
import { helpLinksDoor } from './help-links-door.ts';
import { Hub } from './hub.ts';
import { intervalsDoor } from './intervals-door.ts';
import { links } from './links.ts';
import { createMetrics } from './metrics.ts';
import type { Address, Gateway, GatewayLimits, GatewayOptions } from './options.ts';
import { pages } from './pages.ts';
import { pushDoor } from './push-door.ts';
import { readDoors } from './read-doors.ts';
import { signIn } from './sign-in.ts';
import { createSockets } from './sockets.ts';
import type { Sockets } from './sockets.ts';
import { undeliveredDoor } from './undelivered-door.ts';
import { Who, whoDoors } from './who.ts';

interface Open {
  readonly http: Http;
  readonly sockets: Sockets;
  readonly who: Who;
}

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
  const { settings, clock, now, health, telemetry, outbox } = options;
  const limits = { ...LIMITS, ...options.limits };
  const doorman = new Doorman(settings);
  let open: Open | null = null;
  const hub = new Hub({
    ...options,
    broadcast: (room, what, text) => open?.sockets.broadcast(room, what, text),
  });
  const metrics = createMetrics(telemetry, {
    readers: () => hub.readers,
    scopes: () => hub.scopes,
    logAgeMs: () => now() - health().asOf,
    openAlerts: () => openAlerts(options.facts),
    backlog: outbox === undefined ? null : () => outbox.backlog(),
    now,
  });

  async function build(): Promise<Open> {
    const http = await createHttp({ settings, doorman, telemetry, limits });
    const { app, server } = http;
    const guard = new Guard({
      doorman,
      clock,
      now,
      token: settings.bootstrapToken,
      isDemo: settings.demo,
      random: options.random,
      parseCookies: (header) => app.parseCookie(header),
      wrongTriesPerMinute: limits.wrongTriesPerMinute,
    });
    const who = new Who({ ...options, guard });
    const commands = new Commands({
      clock,
      telemetry,
      who,
      obey: options.obey,
      perSecond: limits.commandsPerSecond,
    });
    guardDoors(app, guard, doorman);
    readDoors(app, { now, health, metrics, wholeFloor: () => hub.wholeFloor() });
    intervalsDoor(app, options);
    eventsDoor(app, { append: options.append, now, telemetry });
    signIn(app, { doorman, guard });
    callbacksDoor(app, options);
    alertsHttp(app, { ...options, who, commands });
    if (outbox !== undefined) undeliveredDoor(app, { outbox });
    links(app, { readCapability: () => null, ...options, who, commands });
    pushDoor(app, { readCapability: () => null, ...options, who, commands });
    if (options.channels !== undefined)
      channelsDoor(app, { ...options, channels: options.channels, who, limits });
    if (options.helpLinks !== undefined) {
      const helpLinks = new HelpLinks({ ...options, store: options.helpLinks });
      helpLinksDoor(app, { ...options, doorman, who, links: helpLinks });
      helpDoor(app, { ...options, doorman, commands, links: helpLinks });
    }
    whoDoors(app, { ...options, guard, who, doorman });
    appFiles(app);
    pages(app, { staticDir: options.staticDir, guard, doorman });
    await app.ready();
    const sockets = createSockets({
      server,
      doorman,
      guard,
      clock,
      telemetry,
      limits,
      who,
      commands,
      hub: () => hub,
    });
    return { http, sockets, who };
  }

  function address(): Address | null {
    const bound = open?.http.server.address();
    return bound && typeof bound === 'object' ? { host: bound.address, port: bound.port } : null;
  }

  return {
    address,
    async listen() {
      open = await build();
      try {
        await bind(open.http, settings);
      } catch (error) {
        await this.close();
        throw error;
      }
      hub.start();
      const bound = address();
      if (bound === null) throw new Error('invariant: a server that listens has an address');
      return bound;
    },
    changed: (touched) => hub.changed(touched),
    accessChanged: (change) => open?.who.changed(change),
    reset: () => hub.reset(),
    async close() {
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
