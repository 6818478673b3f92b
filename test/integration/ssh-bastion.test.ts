import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureAt, probe, sshTo } from '../support/ssh-setup.ts';
import { type LocalSshd, startLocalSshd, whyNoSshd } from '../support/sshd.ts';

const noSshd = await whyNoSshd();
const TRUE = probe(['true']);

describe.skipIf(noSshd !== null)('through bastions', () => {
  let bastion: LocalSshd;
  let inner: LocalSshd;
  beforeAll(async () => {
    // No session at all: a bastion forwards and never gets a shell.
    bastion = await startLocalSshd({ config: ['MaxSessions 0'] });
    inner = await startLocalSshd();
  });
  afterAll(async () => {
    await bastion.stop();
    await inner.stop();
  });

  it('runs behind one and behind a chain, without a session on any', async () => {
    const hosts = [
      bastion.host('outer'),
      bastion.host('middle', { via: 'outer' }),
      inner.host('one', { via: 'outer' }),
      inner.host('two', { via: 'middle' }),
    ];
    const ssh = sshTo(hosts);
    for (const name of ['one', 'two']) expect((await ssh.read(name, TRUE)).exitCode).toBe(0);
    expect(await ssh.check('two')).toMatchObject({ via: ['middle', 'outer'] });
    expect((await ssh.scanHostKey('one')).verdict).toBe('trusted');
    await ssh.close();
    expect(await bastion.connections()).toBeDefined();
  });

  it('verifies the key of the bastion and the key behind it', async () => {
    const nobody = { knownHostsFile: '/dev/null' };
    const outside = await failureAt(
      [inner.host('one', { via: 'outer' }), bastion.host('outer', nobody)],
      'one',
    );
    expect(outside.context).toMatchObject({ host: 'one', bastion: 'outer', stage: 'host-key' });
    const inside = await failureAt(
      [inner.host('one', { via: 'outer', ...nobody }), bastion.host('outer')],
      'one',
    );
    expect(inside.context).toMatchObject({ host: 'one', stage: 'host-key' });
    expect(inside.context['bastion']).toBeUndefined();
  });

  it('names the bastion when it is the one that fails', async () => {
    const error = await failureAt(
      [inner.host('one', { via: 'outer' }), bastion.host('outer', { port: 1 })],
      'one',
    );
    expect(error.context).toMatchObject({ host: 'one', bastion: 'outer', stage: 'refused' });
    expect(error.message).toContain('ssh outer (127.0.0.1:1): connection refused');
    expect(error.message).toMatch(/^ssh one /);
  });

  it('says what the bastion says of a host that it does not reach', async () => {
    const error = await failureAt(
      [inner.host('one', { via: 'outer', port: 1 }), bastion.host('outer')],
      'one',
    );
    expect(error.context).toMatchObject({ host: 'one', stage: 'refused' });
    expect(error.message).toContain('connection refused, says its bastion outer');
    const closed = await startLocalSshd({ config: ['AllowTcpForwarding no'] });
    const forbidden = await failureAt(
      [inner.host('one', { via: 'outer' }), closed.host('outer')],
      'one',
    );
    await closed.stop();
    expect(forbidden.context['stage']).toBe('route');
    expect(forbidden.message).toContain('forwarding is not allowed');
  });

  it('closes the bastion only when nothing behind it needs it any more', async () => {
    const ssh = sshTo([bastion.host('outer'), inner.host('one', { via: 'outer' })], {
      idleSeconds: 0.3,
    });
    await ssh.read('one', TRUE);
    await sleep(200);
    await ssh.read('one', TRUE);
    await expect
      .poll(() => ssh.lines.filter((line) => line.startsWith('ssh connection ended')), {
        timeout: 15_000,
      })
      .toEqual([
        expect.stringContaining('"host":"one"'),
        expect.stringContaining('"host":"outer"'),
      ]);
    await ssh.close();
  });

  it('is connected once for many hosts that are asked at the same time', async () => {
    const names = Array.from({ length: 10 }, (_, i) => `n${i}`);
    const ssh = sshTo([
      bastion.host('outer'),
      ...names.map((name) => inner.host(name, { via: 'outer' })),
    ]);
    await Promise.all(names.map((name) => ssh.read(name, TRUE)));
    const outer = ssh.lines.filter((line) => line.includes('"host":"outer"'));
    expect(outer).toHaveLength(1);
    await ssh.close();
  });
});
