// The environment becomes a configuration, or whole sentences that say what to mend.
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import type { Config, Environment } from '../../server/config.ts';

const good = (environment: Environment): Config => {
  const result = readConfig(environment);
  if (!result.ok) throw new Error(result.complaints.join('\n'));
  return result.config;
};
const complaints = (environment: Environment): readonly string[] => {
  const result = readConfig(environment);
  return result.ok ? [] : result.complaints;
};
const TOKEN = 'correct-horse-battery-staple';

describe('the settings', () => {
  it('[HSE-5] mean the demo where nobody says anything', () => {
    expect(good({})).toMatchObject({ demo: true, site: 'demo', host: '127.0.0.1', port: 8080 });
  });

  it('[HSE-5] turn the demo off with a Redis or a connector of one’s own', () => {
    expect(good({ REDIS_URL: 'redis://127.0.0.1:6379' })).toMatchObject({
      demo: false,
      site: 'main',
    });
    expect(good({ PHAROS_ASTERISK: 'ami://u:s@pbx?name=a' })).toMatchObject({ demo: false });
  });

  it('[HSE-5] refuse the demo on another site, beside real calls and off loopback', () => {
    expect(complaints({ PHAROS_SITE: 'main' })).toHaveLength(1);
    expect(complaints({ PHAROS_DEMO: 'on', PHAROS_ASTERISK: 'ami://u:s@pbx' })).toHaveLength(1);
    expect(
      complaints({ HOST: '0.0.0.0', PHAROS_BOOTSTRAP_TOKEN: TOKEN, PHAROS_PLAIN_HTTP: 'on' }),
    ).toHaveLength(1);
  });

  it('[HSE-6] want a cover for the wire off loopback', () => {
    const open = { HOST: '0.0.0.0', PHAROS_DEMO: 'off' };
    expect(complaints(open)).toHaveLength(1);
    for (const cover of [
      { PHAROS_PLAIN_HTTP: 'on' },
      { PHAROS_TRUST_PROXY: 'on' },
      { PHAROS_TLS_CERT: 'a.pem', PHAROS_TLS_KEY: 'b.pem' },
    ])
      expect(complaints({ ...open, ...cover })).toEqual([]);
  });

  it.each([
    ['PORT', 'eighty', 'a port from 0 to 65535'],
    ['PHAROS_ZONE', 'Mars/Olympus', 'a time zone such as Europe/Riga'],
    ['PHAROS_DAY_STARTS', '06:10', 'HH:MM, a multiple of 15 minutes'],
    ['PHAROS_COUNTRY', 'Latvia', 'two letters such as LV'],
    ['PHAROS_DEMO', 'yes', 'on or off'],
    ['PHAROS_LANGUAGE', 'fr', 'en, zh, lv'],
  ])('[HSE-4] say what %s should be, and what was given', (name, given, expected) => {
    expect(complaints({ [name]: given })).toContain(
      `${name}: expected ${expected}, got "${given}".`,
    );
  });

  it('[HSE-4] complain of everything at once, and of keys that nobody knows', () => {
    const all = complaints({ PORT: 'x', PHAROS_DEMO: 'x', PHAROS_COLOUR: 'red' });
    expect(all).toHaveLength(3);
    expect(all[0]).toContain('PHAROS_COLOUR: no such setting');
  });

  it('[HSE-4] never repeat a secret', () => {
    const said = complaints({
      PHAROS_ASTERISK: 'ami://wall:hunter2@ ami://:hunter3@pbx http://u:hunter4@h',
    });
    expect(said).toHaveLength(3);
    const others = complaints({ REDIS_URL: 'hunter5@pbx', PHAROS_BOOTSTRAP_TOKEN: 'hunter6' });
    expect(others).toEqual([
      'REDIS_URL: expected a redis://, rediss:// or unix:// address, got 11 characters of another form.',
      'PHAROS_BOOTSTRAP_TOKEN: expected at least 24 characters, got 7 characters of another form.',
    ]);
    expect([...said, ...others].join()).not.toMatch(/hunter/);
  });

  it('[HSE-4] say what the settings of notifications should be, and repeat none of their secrets', () => {
    const secret = `whsec_${'hunter7'.repeat(5)}a`;
    const hook = {
      PHAROS_WEBHOOK: 'slack:https://hooks.slack.com/x',
      PHAROS_WEBHOOK_SECRET: secret,
    };
    const mail = {
      PHAROS_SMTP_URL: 'smtps://u:hunter8@mail',
      PHAROS_MAIL_FROM: 'Pharos <p@x.example>',
    };
    const config = good({ ...hook, ...mail, PHAROS_ALLOW_OUT: 'chat.local, 10.0.0.0/8' });
    expect(config.webhook).toMatchObject({
      url: 'https://hooks.slack.com/x',
      secret,
      shape: 'slack',
    });
    expect([config.mailFrom, config.allowOut.networks.length, [...config.allowOut.hosts]]).toEqual([
      'Pharos <p@x.example>',
      1,
      ['chat.local'],
    ]);
    const all = complaints({
      ...{ PHAROS_WEBHOOK: 'https://x/hunter9', PHAROS_WEBHOOK_SECRET: 'hunter10' },
      ...{
        PHAROS_SMTP_URL: 'mail:hunter11',
        PHAROS_MAIL_FROM: 'nobody',
        PHAROS_ALLOW_OUT: '10.0.0.0/99',
      },
    });
    expect(all.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'PHAROS_WEBHOOK',
      'PHAROS_SMTP_URL',
      'PHAROS_MAIL_FROM',
      'PHAROS_ALLOW_OUT',
    ]);
    expect(all.join()).not.toMatch(/hunter/);
    expect(complaints({ PHAROS_SMTP_URL: 'smtp://mail' })).toEqual([
      'PHAROS_SMTP_URL and PHAROS_MAIL_FROM: expected both or neither, got one of them.',
    ]);
    expect(complaints({ PHAROS_WEBHOOK_SECRET: secret })).toEqual([
      'PHAROS_WEBHOOK_SECRET: expected PHAROS_WEBHOOK beside it, got nothing.',
    ]);
  });

  const OIDC = {
    PHAROS_OIDC_ISSUER: 'https://login.example/realms/tellson',
    PHAROS_OIDC_CLIENT_ID: 'pharos',
    PHAROS_OIDC_ROLES: 'supervisor=heads',
    PHAROS_PUBLIC_URL: 'https://wall.example/pharos',
  };

  it('[ACC-64] read the company’s own sign-in as one', () => {
    expect(good({}).openId).toBeNull();
    expect(good(OIDC).openId).toEqual({
      issuer: new URL('https://login.example/realms/tellson'),
      ...{ clientId: 'pharos', clientSecret: null, name: 'login.example' },
      ...{ scopes: 'openid profile email', groups: 'groups' },
      grants: [{ group: 'heads', role: 'supervisor', teams: [] }],
      back: new URL('https://wall.example/sign-in/open-id/back'),
    });
    const more = {
      ...{ PHAROS_OIDC_CLIENT_SECRET: 'hunter12', PHAROS_OIDC_NAME: 'Tellson' },
      ...{ PHAROS_OIDC_SCOPES: 'openid email groups', PHAROS_OIDC_GROUPS: 'roles' },
    };
    expect(good({ ...OIDC, ...more }).openId).toMatchObject({
      ...{ clientSecret: 'hunter12', name: 'Tellson' },
      ...{ scopes: 'openid email groups', groups: 'roles' },
    });
    for (const issuer of ['http://127.0.0.1:9', 'http://localhost', 'http://[::1]:9'])
      expect(complaints({ ...OIDC, PHAROS_OIDC_ISSUER: issuer }), issuer).toEqual([]);
  });

  it('[ACC-64] complain of what is missing of it, and of what is wrong', () => {
    const named = (environment: Environment): readonly string[] =>
      complaints(environment).map((line) => line.slice(0, line.indexOf(':')));
    expect(named({ PHAROS_OIDC_ISSUER: OIDC.PHAROS_OIDC_ISSUER })).toEqual([
      'PHAROS_OIDC_CLIENT_ID',
      'PHAROS_OIDC_ROLES',
      'PHAROS_PUBLIC_URL',
    ]);
    for (const [name, value] of Object.entries(OIDC))
      if (name !== 'PHAROS_OIDC_ISSUER' && name !== 'PHAROS_PUBLIC_URL')
        expect(named({ [name]: value }), name).toEqual(['PHAROS_OIDC_ISSUER']);
    expect(named({ ...OIDC, PHAROS_PUBLIC_URL: 'wall' })).toEqual(['PHAROS_PUBLIC_URL']);
    expect(named({ ...OIDC, PHAROS_OIDC_SCOPES: 'profile' })).toEqual(['PHAROS_OIDC_SCOPES']);
    expect(complaints({ ...OIDC, PHAROS_OIDC_ROLES: 'boss=heads' }).join()).toMatch(
      /^PHAROS_OIDC_ROLES: expected ROLE=GROUP or ROLE:TEAM,TEAM=GROUP, .* got "boss=heads"\.$/,
    );
    for (const issuer of [
      'login.example',
      'http://login.example',
      'http://127.0.0.1.evil.example',
      'ftp://127.0.0.1',
      'https://user:hunter13@login.example',
      'https://login.example/?tenant=hunter14',
      'https://login.example/#hunter15',
    ]) {
      const said = complaints({ ...OIDC, PHAROS_OIDC_ISSUER: issuer });
      expect(said, issuer).toHaveLength(1);
      expect(said[0]).toMatch(
        /^PHAROS_OIDC_ISSUER: expected .* got \d+ characters of another form/,
      );
    }
    const secret = { PHAROS_OIDC_CLIENT_SECRET: 'hunter16' };
    expect(complaints(secret).join()).toContain('PHAROS_OIDC_ISSUER: expected');
    expect(complaints(secret).join()).not.toContain('hunter');
  });

  it('[HSE-4] decode the user and secret of a connector', () => {
    expect(
      good({ PHAROS_ASTERISK: 'amis://w%40ll:s%3Acret@[::1]:5039?name=east' }).asterisk,
    ).toEqual([
      { host: '::1', port: 5039, tls: true, user: 'w@ll', secret: 's:cret', name: 'east' },
    ]);
  });
});
