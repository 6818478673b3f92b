import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inventoryOf } from '../../../src/config/inventory.ts';
import { loadConfig, parseConfig } from '../../../src/config/load-config.ts';
import { requireForStart } from '../../../src/config/require-for-start.ts';
import { HOSTS, MINIMAL, parse, problemOf } from '../../support/config.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'housecall-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('a configuration', () => {
  it('of ssh and hosts alone is enough, everything else has a default', () => {
    const config = parse(MINIMAL);
    expect(config.http).toEqual({ host: '127.0.0.1', port: 3000 });
    expect(config.approvals).toEqual({
      required: 1,
      expiresMinutes: 15,
      selfApproval: false,
      rules: [],
    });
    expect(config.access).toEqual({ operators: [], approvers: [] });
    expect(config.slack).toBeUndefined();
    expect(config.escalation.immediate).toEqual(['SEV1']);
  });

  it('is frozen to the bottom', () => {
    const config = parse(MINIMAL);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.hosts['host-17']?.groups)).toBe(true);
    expect(Object.isFrozen(config.alerts.sources)).toBe(true);
  });

  it('resolves ~ and paths relative to its file', () => {
    const config = parse(`${MINIMAL}archive: { directory: ./kept }\n`);
    expect(config.ssh.identityFile).toBe('/home/me/.ssh/id_ed25519');
    expect(config.ssh.knownHostsFile).toBe('/home/me/.ssh/known_hosts');
    expect(config.archive.directory).toBe('/etc/housecall/kept');
    expect(config.security.approvalKeyFile).toBe('/etc/housecall/approval.key');
  });

  it('takes no default key when an agent is named', () => {
    const config = parse(`ssh: { user: ops, agent: "\${SOCK}" }\n${HOSTS}`, { SOCK: '/run/agent' });
    expect(config.ssh).toMatchObject({ agent: '/run/agent' });
    expect(config.ssh.identityFile).toBeUndefined();
  });

  it('as the example has it loads, with and without its variables', () => {
    const file = path.resolve('housecall.example.yaml');
    const text = readFileSync(file, 'utf8');
    expect(inventoryOf(parseConfig(text, { file, env: {} })).size).toBe(42);
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_SIGNING_SECRET: 'abc',
      SLACK_API_URL: 'http://127.0.0.1:4000/api/',
      REDIS_URL: 'redis://127.0.0.1:6379',
      SSH_PASSPHRASE: 'open sesame',
      SSH_AUTH_SOCK: '/run/agent',
      OPSGENIE_TOKEN: 'opsgenie-token',
      OPSGENIE_API_KEY: 'opsgenie-api-key',
      ALERTMANAGER_TOKEN: 'alertmanager-token',
      PAGERDUTY_SECRET: 'pagerduty-secret',
      PAGERDUTY_API_KEY: 'pagerduty-api-key',
      GRAFANA_SECRET: 'grafana-secret',
      GRAFANA_API_KEY: 'grafana-api-key',
      GENERIC_TOKEN: 'generic-token',
      SMTP_URL: 'smtps://me:pw@mail.example.org',
    };
    const config = parseConfig(text, { file, env });
    expect(requireForStart(config, 'all').slack.botToken).toBe('xoxb-1');
    expect(config.origin.unset).toEqual([]);
    expect(config.escalation.quietHours).toEqual({
      from: '22:00',
      to: '07:00',
      timeZone: 'Europe/Paris',
    });
  });
});

describe('an environment variable', () => {
  it('is put in after parsing, so its value cannot change the structure', () => {
    const config = parse(`ssh: { user: "\${WHO}" }\n${HOSTS}redis: { url: "\${URL}" }\n`, {
      WHO: 'ops',
      URL: 'redis://h:6379/0?a="}],x:y',
    });
    expect(config.redis.url).toBe('redis://h:6379/0?a="}],x:y');
  });

  it('that is unset makes an optional key absent and remembers why', () => {
    const config = parse(`${MINIMAL}slack: { botToken: "\${BOT}", appToken: "a-\${APP}" }\n`);
    expect(config.slack).toEqual({ announceChannel: 'incidents', channelPrefix: 'inc' });
    expect(config.origin.unset).toEqual([
      { key: 'slack.botToken', variable: 'BOT' },
      { key: 'slack.appToken', variable: 'APP' },
    ]);
  });

  it('that is unset and needed is an error naming key and variable', () => {
    expect(problemOf(`${MINIMAL}archive: { s3: { bucket: "\${BUCKET}" } }\n`)).toMatch(
      /archive\.s3\.bucket: needed, but the environment variable BUCKET is not set/,
    );
    expect(problemOf(`ssh: { user: "\${WHO}" }\n${HOSTS}`)).toMatch(
      /ssh\.user: the environment variable WHO is not set; needed by hosts\.host-17/,
    );
  });

  it('becomes a number or true where the key wants one', () => {
    const config = parse(
      `ssh: { user: ops }\nhosts: { a: { port: "\${PORT}", sudo: "\${SUDO}", user: "\${N}" } }\n`,
      { PORT: '2222', SUDO: 'true', N: '1000' },
    );
    expect(config.hosts['a']).toMatchObject({ port: 2222, sudo: true, user: '1000' });
  });

  it('is escaped by a second dollar sign, and refused when malformed', () => {
    expect(parse(`${MINIMAL}redaction: { patterns: ["\\\\$\${A}"] }\n`).redaction.patterns).toEqual(
      ['\\${A}'],
    );
    expect(problemOf(`ssh: { user: "\${WHO:-ops}" }\n${HOSTS}`)).toMatch(
      /ssh\.user.*is not a variable/,
    );
  });

  it('in a list of secrets is left out when unset', () => {
    const text = `${MINIMAL}alerts: { sources: { opsgenie: { token: ["\${NEW}", "\${OLD}"] } } }\n`;
    expect(parse(text, { NEW: 'new-token' }).alerts.sources.opsgenie?.token).toEqual(['new-token']);
  });
});

describe('an error', () => {
  it.each([
    [
      'http: { port: 70000 }',
      'http.port: 70000 is not allowed; allowed: a whole number from 0 to 65535',
    ],
    ['http: { port: "80" }', 'http.port: "80" is not allowed'],
    [
      'retentionDays: soon',
      'retentionDays: "soon" is not allowed; allowed: a whole number of days',
    ],
    ['slak: {}', 'slak: unknown key; did you mean "slack"? (allowed: slack, redis, http'],
    ['slack: { botTokn: x }', 'slack.botTokn: unknown key; did you mean "botToken"'],
    [
      'access: { operators: [bob] }',
      'access.operators[0]: "bob" is not allowed; allowed: a Slack user id',
    ],
    [
      'escalation: { immediate: [SEV9] }',
      'escalation.immediate[0]: "SEV9" is not allowed; allowed: one of SEV1',
    ],
    ['escalation: { quietHours: "22:00-07:00 Mars/Base" }', 'allowed: two times and a time zone'],
    ['escalation: { quietHours: "25:00-07:00 UTC" }', 'allowed: two times and a time zone'],
    ['alerts: { routes: [{ match: { a: "/(/" } }] }', 'alerts.routes[0].match.a'],
    [
      'alerts: { sources: { opsgenie: { secret: abcdefgh } } }',
      'alerts.sources.opsgenie.secret: unknown key',
    ],
    ['fixes: { saveDirectory: relative/x }', 'fixes.saveDirectory: "relative/x" is not allowed'],
    ['fixes: { saveDirectory: /var/tmp/../etc }', 'without ".."'],
    ['redaction: { patterns: ["("] }', 'redaction.patterns[0]: "(" is not allowed'],
    ['ssh: { user: "-oProxyCommand=x" }', 'allowed: a user name on the host'],
  ])('of "%s" says %s', (text, message) => {
    expect(problemOf(`${text}\n${HOSTS}`)).toContain(message);
  });

  it('comes with all others at once, each with the file', () => {
    const message = problemOf('http: { port: -1 }\nslak: 1\nhosts: { a b: {}, c: { via: d } }\n');
    expect(message).toContain('/etc/housecall/housecall.yaml: 4 problems');
    expect(message).toMatch(/http\.port[^]*slak[^]*hosts\["a b"\][^]*hosts\.c\.via/);
  });

  it.each([
    ['slack: { botToken: hunter2-secret }', {}],
    ['alerts: { sources: { opsgenie: hunter2-secret } }', {}],
    ['alerts: { sources: { grafana: { secret: "hunter2 secret" } } }', {}],
    ['ssh: { user: ops, passphrase: [hunter2-secret] }', {}],
    ['redis: { url: "http://me:hunter2-secret@h" }', {}],
    ['slack: { announceChannel: "${SLACK_BOT_TOKEN}" }', { SLACK_BOT_TOKEN: 'Hunter2-secret' }],
    ['slack: { announceChannel: xoxb-hunter2-secret }', {}],
    ['slack:\n  botToken: "hunter2-secret" "hunter2-secret"', {}],
    ['slack: { botToken: "hunter2-secret', {}],
  ])('of "%s" never shows a secret', (text, env) => {
    const message = problemOf(`${text}\n${HOSTS}`, env);
    expect(message).not.toBe('no problem');
    expect(message.toLowerCase()).not.toContain('hunter2');
  });

  it.each([
    ['slack: {}\nslack: {}', 'line 2, column 1: Map keys must be unique'],
    ['a: [', 'line'],
    ['a: *b', 'Unresolved alias'],
  ])('of YAML says what is wrong: %s', (text, message) => {
    expect(problemOf(text)).toContain(message);
  });

  it('stops an alias bomb', () => {
    const levels = Array.from({ length: 9 }, (_, i) => {
      const last = i === 0 ? '"x"' : `*l${i - 1}`;
      return `l${i}: &l${i} [${Array.from({ length: 9 }, () => last).join(', ')}]`;
    });
    expect(problemOf(levels.join('\n'))).toMatch(/alias/i);
  });
});

describe('the file', () => {
  it('is the argument, else HOUSECALL_CONFIG, and said when missing', () => {
    const file = path.join(directory, 'named.yaml');
    writeFileSync(file, MINIMAL);
    expect(loadConfig({ env: { HOUSECALL_CONFIG: file } }).origin.file).toBe(file);
    const missing = path.join(directory, 'missing.yaml');
    expect(() => loadConfig({ path: missing, env: {} })).toThrow(`${missing}: not found`);
    expect(() => loadConfig({ path: directory, env: {} })).toThrow(/cannot be read \(EISDIR\)/);
  });

  it('in plain text in a file that everybody may read are worth a warning', () => {
    const file = path.join(directory, 'open.yaml');
    writeFileSync(file, `${MINIMAL}slack: { botToken: xoxb-literal, appToken: "\${APP}" }\n`);
    chmodSync(file, 0o644);
    expect(loadConfig({ path: file, env: {} }).origin.warnings.join()).toMatch(
      /readable by everybody .*\(slack\.botToken\): run `chmod 600`/,
    );
    chmodSync(file, 0o640);
    expect(loadConfig({ path: file, env: {} }).origin.warnings).toEqual([]);
  });
});
