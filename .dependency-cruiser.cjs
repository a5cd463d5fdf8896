// The arrows of import: they run one way, from main.ts inward to the contract, and packages have rooms too.

/** Which rooms of server/ each room may import, besides itself and the leaves. */
const ROOMS = {
  contract: [],
  events: ['contract'],
  connectors: ['events', 'contract'],
  log: ['events', 'contract'],
  floor: ['events', 'contract'],
  boards: ['floor', 'events', 'contract'],
  access: ['log', 'contract'],
  audit: ['floor', 'events', 'contract'],
  alerts: ['floor', 'events', 'contract'],
  notify: ['log', 'alerts', 'floor', 'events', 'contract'],
  gateway: ['boards', 'access', 'log', 'floor', 'events', 'contract'],
  engine: ['log', 'floor', 'events', 'contract'],
  keeping: ['engine', 'log', 'floor', 'events', 'contract'],
  acting: ['gateway', 'notify', 'alerts', 'log', 'floor', 'events', 'contract'],
};
const LEAVES = ['clock', 'backoff', 'telemetry', 'words-of', 'looking'];

const rooms = Object.entries(ROOMS).map(([room, may]) => {
  const inward = [room, ...may].map((name) => `^server/${name}/`);
  const leaves = room === 'contract' ? [] : LEAVES.map((name) => `^server/${name}\\.ts$`);
  return {
    name: `room-${room}`,
    comment: `server/${room}/ may import ${may.join(', ') || 'nothing'} of the house.`,
    severity: 'error',
    from: { path: `^server/${room}/` },
    to: { path: '^(server|client|tests)/', pathNot: [...inward, ...leaves] },
  };
});

/** Which rooms of client/ each room may not import: `help`, `pair` and `sw` load next to nothing. */
const SCREENS = {
  lib: ['live', 'looks', 'wall', 'desk', 'manage', 'help', 'pair', 'sw'],
  live: ['looks', 'wall', 'desk', 'manage', 'help', 'pair', 'sw'],
  looks: ['wall', 'desk', 'manage', 'help', 'pair', 'sw'],
  wall: ['desk', 'manage', 'help', 'pair', 'sw'],
  desk: ['manage'],
  manage: ['wall', 'desk', 'help', 'pair', 'sw'],
  help: ['wall', 'desk', 'manage', 'pair'],
  pair: ['looks', 'wall', 'desk', 'manage', 'help', 'sw'],
  sw: ['wall', 'desk', 'manage', 'pair'],
};

const screens = Object.entries(SCREENS).map(([room, mayNot]) => ({
  name: `client-${room}`,
  comment: `client/${room}/ may not import ${mayNot.join(', ')}.`,
  severity: 'error',
  from: { path: `^client/${room}/` },
  to: { path: `^client/(${mayNot.join('|')})/` },
}));

/** Packages that have one room. */
const PACKAGES = {
  ioredis: '^server/log/',
  'socket\\.io': '^server/gateway/',
  fastify: '^server/gateway/',
  'prom-client': '^server/gateway/',
  'chart\\.js': '^client/wall/day-chart\\.ts$',
  'socket\\.io-client': '^client/live/',
  'web-push': '^server/notify/',
  nodemailer: '^server/notify/',
  'ipaddr\\.js': '^server/notify/',
  '@node-rs/argon2': '^server/access/',
  'rate-limiter-flexible': '^server/log/',
  'openid-client': '^server/access/',
  dotenv: '^server/config\\.ts$',
};

const packages = Object.entries(PACKAGES).map(([name, room]) => ({
  name: `package-${name.replace(/\\/g, '')}`,
  comment: `${name} is spoken in ${room} only.`,
  severity: 'error',
  from: { path: '^(server|client)/', pathNot: room },
  to: { path: `^node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'leaves-import-nothing',
      severity: 'error',
      from: { path: LEAVES.map((name) => `^server/${name}\\.ts$`) },
      to: { path: '^(server|client)/' },
    },
    {
      name: 'client-knows-the-contract-only',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^server/', pathNot: '^server/contract/' },
    },
    ...screens,
    {
      name: 'product-knows-no-tests',
      severity: 'error',
      from: { path: '^(server|client)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'redis-link-stays-in-the-log',
      comment:
        'Who asks Redis lives in server/log/; main.ts opens the connection of the personal links.',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/(log/|main\\.ts$)' },
      to: { path: '^server/log/redis-link\\.ts$' },
    },
    ...rooms,
    ...packages,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'default', 'types'],
    },
  },
};
