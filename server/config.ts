// The environment becomes one checked configuration, or a list of whole sentences that say what to mend.
import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import type { OpenIdSettings } from './access/open-id.ts';
import type { Language } from './contract/lists.ts';
import { LANGUAGES } from './contract/lists.ts';
import { parseAsteriskUrl } from './connectors/asterisk/link.ts';
import type { AsteriskLink } from './connectors/asterisk/link.ts';
import { NOTHING_ELSE, parseAllowedOut } from './notify/addresses.ts';
import type { AllowedOut } from './notify/addresses.ts';
import { parseChannel } from './notify/channel-form.ts';
import type { ChannelOf } from './notify/channel-form.ts';
import { openIdFrom } from './open-id-config.ts';
import { NOT_OURS, SETTINGS } from './settings.ts';
import type { SettingName } from './settings.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Null: a private Redis. */
  readonly redisUrl: string | null;
  readonly dataDir: string;
  readonly site: string;
  readonly zone: string;
  readonly country: string | null;
  /** `HH:MM`, a multiple of 15 minutes. */
  readonly dayStarts: string;
  readonly language: Language;
  readonly demo: boolean;
  readonly asterisk: readonly AsteriskLink[];
  readonly asteriskTable: string | null;
  readonly bootstrapToken: string | null;
  readonly publicUrl: URL | null;
  readonly hosts: readonly string[];
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly trustProxy: boolean;
  readonly plainHttp: boolean;
  readonly logFormat: 'lines' | 'json';
  /** The site's own channel. */
  readonly webhook: ChannelOf<'webhook'> | null;
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  readonly allowOut: AllowedOut;
  /** The company's own sign-in. */
  readonly openId: OpenIdSettings | null;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly complaints: readonly string[] };

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process, with `.env` of the folder behind it. */
export function environment(): Environment {
  return { ...fromFile('.env'), ...process.env };
}

/** Checks everything and complains of everything at once. */
export function readConfig(environment: Environment): ConfigResult {
  const complaints: string[] = unknownKeys(environment);
  const text = (name: SettingName): string | null => environment[name]?.trim() || null;
  const complain = (name: SettingName, expected: string): void => {
    const given = text(name);
    const shown = SECRETS.includes(name)
      ? `${given?.length ?? 0} characters of another form`
      : quote(given);
    complaints.push(`${name}: expected ${expected}, got ${shown}.`);
  };
  const checked = <T>(name: SettingName, byDefault: T, expected: string, read: Reader<T>): T => {
    const given = text(name);
    if (given === null) return byDefault;
    const value = read(given);
    if (value !== undefined) return value;
    complain(name, expected);
    return byDefault;
  };
  const onOff = (name: SettingName, byDefault: boolean): boolean =>
    checked(name, byDefault, 'on or off', (given) =>
      given === 'on' ? true : given === 'off' ? false : undefined,
    );

  const asterisk = asteriskLinks(text('PHAROS_ASTERISK'));
  complaints.push(...asterisk.complaints);
  const redisUrl = checked(
    'REDIS_URL',
    null,
    'a redis://, rediss:// or unix:// address',
    redisAddress,
  );
  const demo = onOff('PHAROS_DEMO', redisUrl === null && asterisk.links.length === 0);
  const cert = text('PHAROS_TLS_CERT');
  const key = text('PHAROS_TLS_KEY');
  if ((cert === null) !== (key === null))
    complaints.push(
      'PHAROS_TLS_CERT and PHAROS_TLS_KEY: expected both or neither, got one of them.',
    );

  const webhookSecret = text('PHAROS_WEBHOOK_SECRET');
  const publicUrl = checked(
    'PHAROS_PUBLIC_URL',
    null,
    'an address such as https://wall.example',
    webUrl,
  );
  const config: Config = {
    port: checked('PORT', 8080, 'a port from 0 to 65535', port),
    host: text('HOST') ?? '127.0.0.1',
    redisUrl,
    dataDir: text('PHAROS_DATA_DIR') ?? 'data',
    site: checked(
      'PHAROS_SITE',
      demo ? 'demo' : 'main',
      '1 to 64 letters, digits, - or _',
      siteName,
    ),
    zone: checked('PHAROS_ZONE', systemZone(), 'a time zone such as Europe/Riga', zone),
    country: checked('PHAROS_COUNTRY', null, 'two letters such as LV', country),
    dayStarts: checked('PHAROS_DAY_STARTS', '00:00', 'HH:MM, a multiple of 15 minutes', quarter),
    language: checked('PHAROS_LANGUAGE', 'en', LANGUAGES.join(', '), (given) =>
      LANGUAGES.find((language) => language === given),
    ),
    demo,
    asterisk: asterisk.links,
    asteriskTable: text('PHAROS_ASTERISK_TABLE'),
    bootstrapToken: checked('PHAROS_BOOTSTRAP_TOKEN', null, 'at least 24 characters', (given) =>
      given.length >= 24 ? given : undefined,
    ),
    publicUrl,
    hosts: (text('PHAROS_HOSTS') ?? '').split(/[\s,]+/).filter(Boolean),
    tls: cert !== null && key !== null ? { cert, key } : null,
    trustProxy: onOff('PHAROS_TRUST_PROXY', false),
    plainHttp: onOff('PHAROS_PLAIN_HTTP', false),
    logFormat: checked('PHAROS_LOG', 'lines', 'lines or json', (given) =>
      given === 'lines' || given === 'json' ? given : undefined,
    ),
    webhook: checked(
      'PHAROS_WEBHOOK',
      null,
      'an address such as https://hooks.example/pharos or slack:https://hooks.slack.com/services/…, and whsec_ with base64 in PHAROS_WEBHOOK_SECRET',
      (given) => webhook(given, webhookSecret),
    ),
    smtpUrl: checked('PHAROS_SMTP_URL', null, 'an smtp:// or smtps:// address', (given) =>
      /^smtps?:\/\/\S+$/.test(given) && URL.canParse(given) ? given : undefined,
    ),
    mailFrom: checked(
      'PHAROS_MAIL_FROM',
      null,
      'an address such as Pharos <pharos@example.org>',
      (given) =>
        /^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(given) ? given : undefined,
    ),
    allowOut: checked(
      'PHAROS_ALLOW_OUT',
      NOTHING_ELSE,
      'hosts, addresses or networks such as chat.local 10.1.0.0/16',
      parseAllowedOut,
    ),
    openId: openIdFrom({ text, complain, publicUrl, isLoopback }),
  };
  if (webhookSecret !== null && text('PHAROS_WEBHOOK') === null)
    complaints.push('PHAROS_WEBHOOK_SECRET: expected PHAROS_WEBHOOK beside it, got nothing.');
  complaints.push(...contradictions(config));
  return complaints.length > 0 ? { ok: false, complaints } : { ok: true, config };
}

/** True if nobody but this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Values that may hold a secret, so no complaint repeats them. */
const SECRETS: readonly SettingName[] = [
  'REDIS_URL',
  'PHAROS_BOOTSTRAP_TOKEN',
  'PHAROS_WEBHOOK',
  'PHAROS_WEBHOOK_SECRET',
  'PHAROS_SMTP_URL',
  // It may carry a user and a password.
  'PHAROS_OIDC_ISSUER',
  'PHAROS_OIDC_CLIENT_SECRET',
];

/** Undefined: not what was expected. */
type Reader<T> = (given: string) => T | undefined;

/** Settings that are sound one by one and not together. */
function contradictions(config: Config): string[] {
  const found: string[] = [];
  const open = !isLoopback(config.host);
  if ((config.smtpUrl === null) !== (config.mailFrom === null))
    found.push('PHAROS_SMTP_URL and PHAROS_MAIL_FROM: expected both or neither, got one of them.');
  if (config.demo && config.site !== 'demo')
    found.push(
      `PHAROS_SITE: expected demo while the demo floor is on, got ${quote(config.site)}. Set PHAROS_DEMO=off for a floor of your own.`,
    );
  if (config.demo && config.asterisk.length > 0)
    found.push(
      'PHAROS_DEMO: expected off beside PHAROS_ASTERISK: a demo and real calls do not share a wall.',
    );
  if (config.demo && open)
    found.push(
      `HOST: expected a loopback address while the demo floor is on, got ${quote(config.host)}.`,
    );
  if (open && config.tls === null && !config.trustProxy && !config.plainHttp)
    found.push(
      `HOST: ${quote(config.host)} can be reached from other machines, so expected PHAROS_TLS_CERT and PHAROS_TLS_KEY, or PHAROS_TRUST_PROXY=on behind a proxy that speaks TLS, or PHAROS_PLAIN_HTTP=on to do without.`,
    );
  return found;
}

function asteriskLinks(given: string | null): {
  readonly links: readonly AsteriskLink[];
  readonly complaints: readonly string[];
} {
  const links: AsteriskLink[] = [];
  const complaints: string[] = [];
  for (const address of given?.split(/\s+/) ?? []) {
    const parsed = parseAsteriskUrl(address);
    if (parsed.kind === 'refused') complaints.push(`PHAROS_ASTERISK: ${parsed.problem}`);
    else if (links.some(({ name }) => name === parsed.link.name))
      complaints.push(
        `PHAROS_ASTERISK: expected a name of its own for each, got "${parsed.link.name}" twice.`,
      );
    else links.push(parsed.link);
  }
  return { links, complaints };
}

function unknownKeys(environment: Environment): string[] {
  const known = new Set<string>([...SETTINGS.map(({ name }) => name), ...NOT_OURS]);
  return Object.keys(environment)
    .filter((name) => name.startsWith('PHAROS_') && !known.has(name))
    .map((name) => `${name}: no such setting. \`npm start -- --help\` lists them.`);
}

function fromFile(path: string): Record<string, string> {
  try {
    return parse(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function port(given: string): number | undefined {
  return /^\d{1,5}$/.test(given) && Number(given) <= 65_535 ? Number(given) : undefined;
}

function redisAddress(given: string): string | undefined {
  return /^(rediss?:\/\/|unix:\/\/?\/)\S+$/.test(given) ? given : undefined;
}

function siteName(given: string): string | undefined {
  return /^[\w-]{1,64}$/.test(given) ? given : undefined;
}

function zone(given: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function country(given: string): string | undefined {
  return /^[A-Za-z]{2}$/.test(given) ? given.toUpperCase() : undefined;
}

function quarter(given: string): string | undefined {
  return /^([01]\d|2[0-3]):(00|15|30|45)$/.test(given) ? given : undefined;
}

function webUrl(given: string): URL | undefined {
  if (!URL.canParse(given)) return undefined;
  const url = new URL(given);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

function webhook(given: string, secret: string | null): ChannelOf<'webhook'> | undefined {
  const isSlack = given.startsWith('slack:');
  const url = isSlack ? given.slice('slack:'.length) : given;
  const shape = isSlack ? 'slack' : 'json';
  const read = parseChannel({ kind: 'webhook', id: 'settings', url, secret, shape });
  return read?.kind === 'webhook' ? read : undefined;
}

function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function quote(given: string | null): string {
  return given === null ? 'nothing' : `"${given}"`;
}
