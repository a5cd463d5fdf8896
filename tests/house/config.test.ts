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

  it('[HSE-4] decode the user and secret of a connector', () => {
    expect(
      good({ PHAROS_ASTERISK: 'amis://w%40ll:s%3Acret@[::1]:5039?name=east' }).asterisk,
    ).toEqual([
      { host: '::1', port: 5039, tls: true, user: 'w@ll', secret: 's:cret', name: 'east' },
    ]);
  });
});
