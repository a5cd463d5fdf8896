// Makes a bare clone ready: packages, redis-server, chromium for the tests, and the build. Plain Node, since nothing is installed yet.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What each purpose needs. */
const NEEDS = {
  start: { programs: ['redis-server'], build: true },
  dev: { programs: ['redis-server'], build: false },
  test: { programs: ['redis-server', 'chromium'], build: true },
  check: { programs: [], build: false },
};

const COMMANDS = {
  'redis-server': {
    binaries: ['redis-server'],
    debian: 'redis-server',
    fedora: 'redis',
    macos: 'redis',
  },
  chromium: {
    binaries: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    fedora: 'chromium',
    macos: '--cask chromium',
  },
};

const purpose = process.argv[2] ?? 'start';
const needs = NEEDS[purpose];
if (!needs) fail(`prepare: expected one of ${Object.keys(NEEDS).join(', ')}, got "${purpose}".`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Pharos needs Node 20.19 or newer; this is Node ${process.versions.node}.`);

installPackages();
for (const program of needs.programs) installProgram(program);
if (needs.build) build();

function installPackages() {
  const stamp = 'node_modules/.pharos-lock';
  const wanted = digest(['package-lock.json', 'package.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing packages (npm ci)');
  run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    // Development packages build the client, so they are needed whatever NODE_ENV says.
    env: { ...process.env, NODE_ENV: 'development' },
  });
  writeFileSync(stamp, wanted);
}

function installProgram(program) {
  const { binaries, debian, fedora, macos } = COMMANDS[program];
  if (binaries.some(onPath)) return;
  const root = process.getuid?.() === 0;
  if (root && onPath('apt-get')) {
    say(`installing Debian's ${debian} (apt-get)`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '--no-install-recommends', debian];
    if (spawnSync('apt-get', install, { env, stdio: 'ignore' }).status !== 0) {
      spawnSync('apt-get', ['update'], { env, stdio: 'ignore' });
      spawnSync('apt-get', install, { env, stdio: 'inherit' });
    }
    if (binaries.some(onPath)) return;
  }
  fail(
    `Pharos needs ${program}, which is not here and could not be installed. Debian: sudo apt-get install ${debian}   Fedora: sudo dnf install ${fedora}   macOS: brew install ${macos}`,
  );
}

function build() {
  const stamp = 'dist/.pharos-sources';
  const files = [
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.server.json',
    'vite.config.ts',
    ...filesIn('server'),
    ...filesIn('client'),
  ];
  const wanted = digest(files);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('building');
  // What a source that is gone was built into must not stay.
  rmSync('dist', { recursive: true, force: true });
  run('npm', ['run', '--silent', 'build']);
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, wanted);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

function onPath(binary) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, binary)));
}

function run(command, words, options = {}) {
  try {
    execFileSync(command, words, { stdio: 'inherit', ...options });
  } catch {
    fail(`prepare: \`${command} ${words.join(' ')}\` failed; what it said stands above.`);
  }
}

function say(text) {
  console.log(`pharos: ${text} …`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
