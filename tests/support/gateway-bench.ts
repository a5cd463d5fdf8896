// A gateway as the product runs it, on a floor on paper: real sockets on a free port, the log and the clock in the test's hands.
import { randomBytes } from 'node:crypto';
import { openAccess } from '../../server/access/access.ts';
import type { Access } from '../../server/access/access.ts';
import type { OpenIdSettings } from '../../server/access/open-id.ts';
import { systemClock } from '../../server/clock.ts';
import type { Clock } from '../../server/clock.ts';
import type { ManualClock } from './manual-clock.ts';
import type { Board } from '../../server/contract/board.ts';
import type { CommandAnswer } from '../../server/contract/commands.ts';
import type { LogHealth } from '../../server/contract/protocol.ts';
import { decode } from '../../server/events/decode.ts';
import type { Fields } from '../../server/events/decode.ts';
import { createGateway } from '../../server/gateway/gateway.ts';
import type { Heard } from '../../server/gateway/command-said.ts';
import type { Speaker } from '../../server/gateway/options.ts';
import type { Gateway, GatewayOptions, IntervalQuery } from '../../server/gateway/options.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';
import { createThrottle } from '../../server/log/throttle.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import type { Happening, Telemetry } from '../../server/telemetry.ts';
import { createPaperFloor } from './paper-floor.ts';
import type { PaperFloor } from './paper-floor.ts';
import { siteRow } from './paper-rows.ts';
import { openWireClient } from './wire-client.ts';
import type { WireClient, WireClientOptions } from './wire-client.ts';

export const TOKEN = 'a-token-of-the-site-in-full';

export interface Bench {
  readonly floor: PaperFloor;
  readonly gateway: Gateway;
  readonly url: string;
  readonly port: number;
  /** What was appended, call by call. */
  readonly appended: (readonly Fields[])[];
  readonly queries: IntervalQuery[];
  /** Commands that were handed on, and in whose name. */
  readonly obeyed: { readonly heard: Heard; readonly by: Speaker }[];
  /** In whose names desks were opened. */
  readonly sat: string[];
  /** Who may come in, on the gateway's own shelves. */
  readonly access: Access;
  /** What each is answered. */
  answer: CommandAnswer;
  readonly telemetry: Telemetry;
  readonly happenings: Happening[];
  health: LogHealth;
  /** Set: the log takes nothing, and gives this as the reason. */
  logTrouble: string | null;
  /** Tells the gateway what was written on the paper. */
  tell(): void;
  open(options?: Partial<WireClientOptions>): WireClient;
  /** The sum of a field of all happenings of a name. */
  sum(name: string, field: string, where?: Readonly<Record<string, unknown>>): number;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly settings?: Partial<GatewayOptions['settings']>;
  readonly limits?: GatewayOptions['limits'];
  readonly clock?: ManualClock;
  readonly staticDir?: string;
  readonly intervals?: GatewayOptions['intervals'];
  readonly firstBoard?: Board;
  readonly readCapability?: NonNullable<GatewayOptions['readCapability']>;
  readonly shelves?: Shelves;
  readonly throttle?: GatewayOptions['throttle'];
  readonly channels?: NonNullable<GatewayOptions['channels']>;
  /** The company's own sign-in. */
  readonly openId?: OpenIdSettings;
  readonly outbox?: NonNullable<GatewayOptions['outbox']>;
  /** A floor that follows a log, in place of the one on paper, and who obeys there. */
  readonly real?: Pick<GatewayOptions, 'facts' | 'obey'> & Partial<Pick<GatewayOptions, 'append'>>;
}

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const floor = createPaperFloor();
  floor.put('site', siteRow('main'));
  const clock: Clock = options.clock ?? systemClock;
  const telemetry = createTelemetry();
  const happenings: Happening[] = [];
  telemetry.subscribe((happening) => happenings.push(happening));
  const appended: (readonly Fields[])[] = [];
  const queries: IntervalQuery[] = [];
  const clients: WireClient[] = [];
  const bench = {
    health: { state: 'live', reason: null, asOf: clock.now() } as LogHealth,
    logTrouble: null as string | null,
    answer: { ok: true } as CommandAnswer,
  };
  const obeyed: Bench['obeyed'] = [];
  const sat: string[] = [];
  const access = openAccess({
    shelves: options.shelves ?? memoryShelves(),
    now: () => clock.now(),
    random: randomBytes,
    openId: options.openId ?? null,
  });
  function told(fields: Fields): void {
    const decoded = decode(fields, { entryAt: clock.now(), entryId: '1-0', trusted: true });
    if (decoded.kind === 'event' && decoded.event.type === 'access.changed')
      gateway.accessChanged(decoded.event.data);
  }
  const gateway = createGateway({
    settings: {
      host: '127.0.0.1',
      port: 0,
      demo: true,
      bootstrapToken: null,
      publicUrl: null,
      hosts: [],
      tls: null,
      trustProxy: false,
      ...options.settings,
    },
    facts: floor.facts,
    now: () => clock.now(),
    clock,
    health: () => bench.health,
    append(entries) {
      if (bench.logTrouble !== null)
        return Promise.reject(Object.assign(new Error('no log'), { reason: bench.logTrouble }));
      appended.push(entries);
      // As the engine does once it has read them back.
      for (const fields of entries) if (fields.type === 'access.changed') told(fields);
      return Promise.resolve(entries.map((_, index) => `${appended.length}-${index}`));
    },
    obey(heard, by) {
      obeyed.push({ heard, by });
      return Promise.resolve(bench.answer);
    },
    onSits: (person) => void sat.push(person),
    intervals(query) {
      queries.push(query);
      return options.intervals?.(query) ?? [];
    },
    telemetry,
    random: randomBytes,
    access,
    throttle: options.throttle ?? createThrottle(null),
    staticDir: options.staticDir ?? '/nowhere/at/all',
    limits: options.limits ?? {},
    ...(options.firstBoard ? { firstBoard: options.firstBoard } : {}),
    ...(options.readCapability ? { readCapability: options.readCapability } : {}),
    ...(options.outbox ? { outbox: options.outbox } : {}),
    ...(options.channels ? { channels: options.channels } : {}),
    ...options.real,
  });
  const { port } = await gateway.listen();
  const url = `http://127.0.0.1:${port}`;
  return Object.assign(bench, {
    floor,
    gateway,
    access,
    url,
    port,
    appended,
    queries,
    obeyed,
    sat,
    telemetry,
    happenings,
    tell: () => gateway.changed(floor.touched()),
    open(of: Partial<WireClientOptions> = {}) {
      const client = openWireClient({ url, ...of });
      clients.push(client);
      return client;
    },
    sum(name: string, field: string, where: Readonly<Record<string, unknown>> = {}) {
      return happenings
        .filter(
          (one) =>
            one.name === name &&
            Object.entries(where).every(([key, value]) => one.fields?.[key] === value),
        )
        .reduce((sum, { fields }) => sum + Number(fields?.[field] ?? 0), 0);
    },
    async close() {
      for (const client of clients) client.close();
      const closed = gateway.close();
      // A clock that stands still would keep the farewell of a peer that does not read.
      await options.clock?.advance(2_000);
      await closed;
    },
  });
}
