// Every setting by name: what it is for, what it may be, and what it is when nobody says. `npm start -- --help` prints this list.

export interface Setting {
  readonly name: string;
  /** Shown where a value is asked for, such as `8080`. */
  readonly byDefault: string;
  readonly says: string;
}

export const SETTINGS = [
  { name: 'PORT', byDefault: '8080', says: 'the port to listen on; 0 takes a free one' },
  { name: 'HOST', byDefault: '127.0.0.1', says: 'the address to listen on' },
  {
    name: 'REDIS_URL',
    byDefault: 'a private Redis and the demo floor',
    says: 'redis:// or rediss:// or unix:// address of the Redis that holds the journal',
  },
  { name: 'PHAROS_SITE', byDefault: 'main', says: 'the site whose journal is read' },
  { name: 'PHAROS_ZONE', byDefault: "the system's", says: 'IANA time zone of the site' },
  {
    name: 'PHAROS_COUNTRY',
    byDefault: 'none',
    says: 'two letters; how telephone numbers are read',
  },
  { name: 'PHAROS_DAY_STARTS', byDefault: '00:00', says: "start of the site's day, HH:MM" },
  { name: 'PHAROS_LANGUAGE', byDefault: 'en', says: 'language of the first wall: en, zh or lv' },
  {
    name: 'PHAROS_ASTERISK',
    byDefault: 'none',
    says: 'ami://user:secret@host:5038?name=pbx1, amis:// for TLS, several separated by spaces',
  },
  {
    name: 'PHAROS_ASTERISK_TABLE',
    byDefault: 'built in',
    says: 'JSON file: how the UserEvents and devices of a dialplan are read',
  },
  { name: 'PHAROS_DEMO', byDefault: 'on without REDIS_URL and connectors', says: 'on or off' },
  { name: 'PHAROS_DATA_DIR', byDefault: 'data', says: "folder of the private Redis's data" },
  {
    name: 'PHAROS_BOOTSTRAP_TOKEN',
    byDefault: 'made for one run and printed',
    says: "at least 24 characters; a bearer token with an administrator's rights",
  },
  {
    name: 'PHAROS_PUBLIC_URL',
    byDefault: 'none',
    says: 'the address by which browsers reach Pharos',
  },
  { name: 'PHAROS_HOSTS', byDefault: 'none', says: 'further host names, separated by commas' },
  { name: 'PHAROS_TLS_CERT', byDefault: 'none', says: 'PEM file of the certificate' },
  { name: 'PHAROS_TLS_KEY', byDefault: 'none', says: 'PEM file of its key' },
  {
    name: 'PHAROS_TRUST_PROXY',
    byDefault: 'off',
    says: 'on: a proxy in front speaks TLS and says so',
  },
  {
    name: 'PHAROS_WEBHOOK',
    byDefault: 'none',
    says: 'https:// address that is told what nobody took, at level 3; slack:https:// for Slack',
  },
  {
    name: 'PHAROS_WEBHOOK_SECRET',
    byDefault: 'not signed',
    says: 'whsec_ and base64: its signatures are made with it (Standard Webhooks)',
  },
  {
    name: 'PHAROS_SMTP_URL',
    byDefault: 'no e-mail',
    says: 'smtp://user:password@host:587 or smtps:// of the mail server',
  },
  {
    name: 'PHAROS_MAIL_FROM',
    byDefault: 'none',
    says: 'who e-mails are from, such as Pharos <pharos@example.org>',
  },
  {
    name: 'PHAROS_ALLOW_OUT',
    byDefault: 'the public internet only',
    says: 'hosts and networks of your own that webhooks and pushes may go to, such as chat.local 10.1.0.0/16',
  },
  {
    name: 'PHAROS_OIDC_ISSUER',
    byDefault: 'none',
    says: "https:// address of the company's own OpenID Connect provider; takes PHAROS_PUBLIC_URL, too",
  },
  {
    name: 'PHAROS_OIDC_CLIENT_ID',
    byDefault: 'none',
    says: 'the name under which Pharos is registered there',
  },
  {
    name: 'PHAROS_OIDC_CLIENT_SECRET',
    byDefault: 'a public client, by PKCE alone',
    says: 'what the provider gave Pharos to prove itself',
  },
  {
    name: 'PHAROS_OIDC_NAME',
    byDefault: "the issuer's host",
    says: 'what the button of the sign-in calls it',
  },
  {
    name: 'PHAROS_OIDC_SCOPES',
    byDefault: 'openid profile email',
    says: 'what is asked for, openid among it',
  },
  {
    name: 'PHAROS_OIDC_GROUPS',
    byDefault: 'groups',
    says: "the claim that names somebody's groups",
  },
  {
    name: 'PHAROS_OIDC_ROLES',
    byDefault: 'none',
    says: 'which group gives which role and teams: supervisor=heads lead:billing,sales=billing-leads installer=it',
  },
  { name: 'PHAROS_LOG', byDefault: 'lines', says: 'how happenings are printed: lines or json' },
  {
    name: 'PHAROS_PLAIN_HTTP',
    byDefault: 'off',
    says: 'on: serve plain HTTP off loopback all the same',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];

/** Read by the tests, not by the server; known so that it is no mistake. */
export const NOT_OURS: readonly string[] = ['PHAROS_DATA'];

/** The list as text for a terminal. */
export function help(): string {
  const widest = Math.max(...SETTINGS.map(({ name }) => name.length));
  const lines = SETTINGS.map(
    ({ name, says, byDefault }) => `  ${name.padEnd(widest)}  ${says} [${byDefault}]`,
  );
  return `Settings, from the environment or a file .env in this folder:\n${lines.join('\n')}\n`;
}
