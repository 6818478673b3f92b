import { describe, expect, it } from 'vitest';
import { type CheckProbes, check } from '../../../src/app/cli/check.ts';
import { checkText, isBad } from '../../../src/app/cli/check-lines.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import { parse } from '../../support/config.ts';
import { fakeTerminal } from '../../support/fake-terminal.ts';

const FULL = `ssh: { user: ops }
hosts: { "web-[1-3]": { groups: [web] } }
slack: { botToken: xoxb-1, appToken: xapp-1 }
redis: { url: redis://127.0.0.1 }
access: { operators: [U0123] }
`;

const good = { problems: [], warnings: [] };

const GOOD: CheckProbes = {
  references: () => undefined,
  files: async () => [],
  redis: async () => ({ ...good, summary: 'Redis 7.0' }),
  slack: async () => ({ ...good, summary: 'team Example' }),
  sources: async () => [],
  mail: async () => [],
  host: async () => null,
  newHostKey: async () => null,
};

async function run(
  text: string,
  probes: Partial<CheckProbes> = {},
  options: { accept?: boolean; answers?: string[]; env?: Record<string, string> } = {},
) {
  const terminal = fakeTerminal({ answers: options.answers ?? [] });
  const lines = await check(
    parse(text, options.env),
    { ...GOOD, ...probes },
    { acceptNewHostKeys: options.accept ?? false, terminal },
  );
  return { text: checkText(lines, false), bad: isBad(lines), terminal };
}

function unreachable(stage: string): HousecallError {
  return new HousecallError('SSH_UNREACHABLE', `ssh web-2 (web-2:22): ${stage}`, {
    context: { stage, host: 'web-2' },
  });
}

describe('housecall check', () => {
  it('is good when everything is, one line each', async () => {
    const { text, bad } = await run(FULL);
    expect(bad).toBe(false);
    expect(text).toMatch(/^good +configuration +.*: 3 hosts, 1 group\n/);
    expect(text).toMatch(/good +redis +Redis 7\.0\ngood +slack +team Example\ngood +hosts +3 of 3/);
  });

  it('skips Redis and Slack when the file is for diag alone', async () => {
    const { text, bad } = await run('ssh: { user: ops }\nhosts: { a: {} }\n');
    expect(bad).toBe(false);
    expect(text).toMatch(/skipped +redis +redis\.url is not set[^]*skipped +slack/);
  });

  it('warns of what would leave an alert unheard: nobody allowed, nobody to page', async () => {
    const alone = FULL.replace('[U0123]', '[]');
    expect((await run(alone)).text).toMatch(/warning +configuration +access\.operators is empty/);
    const alerts = 'alerts: { sources: { generic: { token: secret-secret } } }\n';
    expect((await run(`${FULL}${alerts}`)).text).toMatch(
      /warning +configuration +escalation\.steps is empty: nobody is paged/,
    );
    const steps = 'escalation: { steps: [{ page: [U0123] }] }\n';
    expect((await run(`${FULL}${alerts}${steps}`)).text).not.toContain('nobody is paged');
    expect((await run(FULL)).text).not.toContain('nobody is paged');
  });

  it('is bad when a variable that the file names is not set', async () => {
    const { text, bad } = await run(FULL.replace('redis://127.0.0.1', '"${REDIS_URL}"'));
    expect(bad).toBe(true);
    expect(text).toContain('redis.url: the environment variable REDIS_URL is not set');
  });

  it('tells every problem of Redis and Slack, and warnings without failing', async () => {
    const warned = await run(FULL, {
      redis: async () => ({ ...good, warnings: ['appendfsync is everysec'], summary: 'ok' }),
    });
    expect(warned.bad).toBe(false);
    expect(warned.text).toMatch(/warning +redis +appendfsync/);
    const failed = await run(FULL, {
      slack: async () => ({ problems: ['scope pins:write is missing'], warnings: [], summary: '' }),
      redis: async () => {
        throw new HousecallError('STORE_UNAVAILABLE', 'redis 127.0.0.1:6379: refused');
      },
    });
    expect(failed.bad).toBe(true);
    expect(failed.text).toMatch(/bad +redis +redis 127[^]*bad +slack +scope pins:write/);
  });

  it('is bad when Slack has no way in', async () => {
    const { text, bad } = await run(FULL.replace(', appToken: xapp-1', ''));
    expect(bad).toBe(true);
    expect(text).toContain('Slack cannot reach Housecall');
  });

  it.each([
    ['refused', 'Start sshd there'],
    ['host-key', '--accept-new-host-keys'],
    ['auth', 'authorized_keys'],
    ['name', 'resolves'],
  ])('tells the remedy for a host that is not reached: %s', async (stage, remedy) => {
    const { text, bad } = await run(FULL, {
      host: async (name) => {
        if (name === 'web-2') throw unreachable(stage);
        return null;
      },
    });
    expect(bad).toBe(true);
    expect(text).toContain('2 of 3 reachable: web-[1,3]');
    expect(text).toMatch(new RegExp(`bad +hosts +ssh web-2[^]*${remedy}`));
  });

  it('tells the remedy once for all hosts that it helps, and names each', async () => {
    const { text } = await run(FULL, {
      host: async (name) => {
        throw new HousecallError('SSH_UNREACHABLE', `ssh ${name}: no`, {
          context: { stage: name === 'web-2' ? 'timeout' : 'refused' },
        });
      },
    });
    const lines = text.split('\n').map((line) => line.trim().replace(/^bad +hosts +/, ''));
    expect(lines.slice(lines.indexOf('ssh web-1: no'))).toEqual([
      'ssh web-1: no',
      'ssh web-3: no',
      'Start sshd there, or set `port` of the host.',
      'ssh web-2: no',
      'Is the host up, and does a firewall let this machine in? Does it need `via`?',
      '',
    ]);
  });

  it('is bad when a host refuses sudo', async () => {
    const { bad, text } = await run(FULL, { host: async () => 'sudo: a password is required' });
    expect(bad).toBe(true);
    expect(text).toContain('web-1: sudo: a password is required');
  });

  it('does not hide a bug behind a line', async () => {
    const bug = new TypeError('x is not a function');
    const host = async () => {
      throw bug;
    };
    await expect(run(FULL, { host })).rejects.toBe(bug);
  });

  it('says unknown names in the configuration', async () => {
    const { bad, text } = await run(FULL, {
      references: () => {
        throw new HousecallError('CONFIG_INVALID', 'alerts.routes[0].diagnose[0]: "dsik"');
      },
    });
    expect(bad).toBe(true);
    expect(text).toMatch(/bad +configuration +alerts\.routes/);
  });
});

function keys() {
  const accepted: string[] = [];
  const newHostKey: CheckProbes['newHostKey'] = async (name) => {
    if (name === 'web-1') throw unreachable('refused');
    return {
      fingerprint: `ssh-ed25519 SHA256:${name}`,
      accept: async () => void accepted.push(name),
    };
  };
  return { accepted, newHostKey };
}

describe('--accept-new-host-keys', () => {
  it('records only what a person said yes to, having shown the fingerprint', async () => {
    const { accepted, newHostKey } = keys();
    const { terminal } = await run(FULL, { newHostKey }, { accept: true, answers: ['y', 'YES '] });
    expect(accepted).toEqual(['web-3']);
    expect(terminal.errors()).toContain('SHA256:web-2');
    expect(terminal.errors()).toContain('web-2: not recorded');
  });

  it('records nothing where nobody can answer', async () => {
    const { accepted, newHostKey } = keys();
    await expect(run(FULL, { newHostKey }, { accept: true })).rejects.toThrow(/on a terminal/);
    expect(accepted).toEqual([]);
  });

  it('asks nothing without the option', async () => {
    const { accepted, newHostKey } = keys();
    const { terminal } = await run(FULL, { newHostKey }, { answers: ['yes', 'yes'] });
    expect(accepted).toEqual([]);
    expect(terminal.errors()).toBe('');
  });
});
