import { describe, expect, it } from 'vitest';
import { checkReferences } from '../../../src/config/check-references.ts';
import { requireForStart } from '../../../src/config/require-for-start.ts';
import { allSecrets, describeConfig } from '../../../src/config/secrets.ts';
import { MINIMAL, parse } from '../../support/config.ts';

describe('start', () => {
  const redis = 'redis: { url: redis://127.0.0.1 }\n';

  it('names every missing key and its variable', () => {
    const config = parse(`${MINIMAL}slack: { botToken: "\${BOT}" }\n`);
    expect(() => requireForStart(config)).toThrow(
      /redis\.url: missing[^]*slack\.botToken: the environment variable BOT is not set[^]*slack\.appToken: missing/,
    );
  });

  it('needs no Slack for a worker, and either token or signing secret for the web role', () => {
    const worker = parse(`${MINIMAL}${redis}`);
    expect(requireForStart(worker, 'worker').redis.url).toBe('redis://127.0.0.1');
    expect(() => requireForStart(worker, 'web')).toThrow(/slack\.botToken/);
    const web = parse(`${MINIMAL}${redis}slack: { botToken: xoxb-1, signingSecret: abc }\n`);
    expect(requireForStart(web, 'web').slack.botToken).toBe('xoxb-1');
  });

  it('refuses routes and rules that name unknown diagnostics and fixes', () => {
    const config = parse(
      `${MINIMAL}alerts: { routes: [{ match: {}, diagnose: [dsik] }] }\napprovals: { rules: [{ fix: nope }] }\n`,
    );
    const known = { diagnostics: ['disk', 'logs'], fixes: ['truncate-log'] };
    expect(() => checkReferences(config, known)).toThrow(
      /alerts\.routes\[0\]\.diagnose\[0\]: "dsik" is not known; did you mean "disk"\?[^]*approvals\.rules\[0\]\.fix: "nope"/,
    );
  });
});

describe('secrets', () => {
  const text = [
    MINIMAL.replace('user: ops', 'user: ops, passphrase: open sesame'),
    'slack: { botToken: xoxb-bot, appToken: xapp-app, signingSecret: signature-key }',
    'redis: { url: "redis://:p%40ss@h:6379" }',
    'alerts: { sources: { opsgenie: { token: [first-token, second-token] } } }',
    'email: { smtpUrl: "smtp://me:mailpw@h" }',
  ].join('\n');

  it('are all known to redaction, passwords in addresses in both spellings', () => {
    expect([...allSecrets(parse(text))].toSorted()).toEqual(
      [
        'open sesame',
        'xoxb-bot',
        'xapp-app',
        'signature-key',
        'p%40ss',
        'p@ss',
        'first-token',
        'second-token',
        'mailpw',
      ].toSorted(),
    );
  });

  it('are masked when the configuration is printed, and the rest is there', () => {
    const printed = describeConfig(parse(text));
    expect(allSecrets(parse(text)).filter((secret) => printed.includes(secret))).toEqual([]);
    expect(printed).toContain('announceChannel: incidents');
    expect(printed).toContain('redis://********@h:6379');
  });
});
