import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { ports } from '../../src/diagnostics/ports/index.ts';
import { type Box, boxProblem, createBox } from '../support/box.ts';
import { FIXTURE_NONCE, resultOf } from '../support/diagnostic-fixture.ts';
import { busyboxImage, type Dockerd, dockerProblem, startDockerd } from '../support/dockerd.ts';
import { BURNER } from '../support/ports-box.ts';

const problem = boxProblem() ?? dockerProblem();
if (problem !== null) console.warn(`ports of real containers: skipped, ${problem}`);

/** The founding incident: the host is tuned, the container that runs out is not. */
describe.skipIf(problem !== null)('ports of real containers', () => {
  let box: Box;
  let dockerd: Dockerd;
  let id: string;

  beforeAll(async () => {
    box = await createBox();
    const dataRoot = `${box.directory}/docker`;
    dockerd = await startDockerd({ enter: box.enter, dataRoot, driver: 'vfs', network: 'bridge' });
    busyboxImage(dockerd, 'shop/php:7.1');
    const narrow = ['--sysctl', 'net.ipv4.ip_local_port_range=33000 33199'];
    const run = ['run', '-d', '--stop-signal', 'KILL'];
    dockerd.docker(...run, '--name', 'redis', 'shop/php:7.1', 'sleep', '600');
    id = dockerd.docker(...run, '--name', 'php-app', ...narrow, 'shop/php:7.1', 'sleep', '600');
    const [address, pid] = dockerd
      .docker('inspect', '-f', '{{.NetworkSettings.IPAddress}} {{.State.Pid}}', 'php-app')
      .split(' ');
    box.run(`nsenter -t ${dockerd.pid()} -n sh -c 'echo 1 >/proc/sys/net/ipv4/tcp_tw_reuse'`);
    const burner = ['/usr/bin/python3', BURNER, `tw:${address}:6379:300`];
    await box.start('nsenter', '-t', String(pid), '-n', ...burner);
  });

  afterAll(() => {
    dockerd?.stop();
    box?.close();
  });

  /** As somebody who logs in to the host of the daemon. */
  function look(uid: number): readonly Finding[] {
    const bound = ports.bind({}, FIXTURE_NONCE);
    const as = ['setpriv', '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'];
    const there = ['nsenter', '-t', String(dockerd.pid()), '-n'];
    const [program = '', ...rest] = [...box.enter, ...there, ...as, ...bound.probe.argv];
    const done = spawnSync(program, rest, { input: bound.probe.stdin ?? '', encoding: 'utf8' });
    expect(done.stderr).toBe('');
    const privilege = uid === 0 ? 'root' : 'none';
    return bound.judge(resultOf(done.stdout, { privilege })).findings;
  }

  it('names the container as docker does, shows that the host is tuned and it is not, and offers reuse for it', () => {
    const findings = look(0);
    const full = findings.find(({ code }) => code === 'ports.ephemeral-exhausted');
    expect(full?.title).toMatch(
      new RegExp(
        `^php-app \\(container ${id.slice(0, 12)}\\) has 200 of 200 local ports towards [0-9.]+:6379 in TIME_WAIT: new connections fail with EADDRNOTAVAIL \\("Cannot assign requested address"\\)$`,
      ),
    );
    expect(full?.data).toMatchObject({
      namespace: id,
      container: id,
      containerName: 'php-app',
      image: 'shop/php:7.1',
    });
    expect(full?.detail).toContain('(1 on the host: every network namespace has its own)');
    expect(full?.fixes).toEqual([{ fix: 'reuse-time-wait', params: { container: id } }]);
    const drift = findings.filter(({ code }) => code === 'ports.sysctl-drift');
    expect(drift.map(({ data }) => [data['key'], data['value'], data['expected']])).toEqual(
      expect.arrayContaining([
        ['net.ipv4.tcp_tw_reuse', '2', '1'],
        ['net.ipv4.ip_local_port_range', '33000 33199', '32768 60999'],
      ]),
    );
  });

  it('names it by its id for somebody without rights, and is honest about the rest', () => {
    const findings = look(65_534);
    expect(findings.map(({ code }) => code)).toEqual([
      'ports.ephemeral-exhausted',
      'ports.coverage',
    ]);
    expect(findings[0]?.title).toContain(`(container ${id.slice(0, 12)}) has 200 of the 200 ports`);
    expect(findings[0]?.fixes).toEqual([]);
  });
});
