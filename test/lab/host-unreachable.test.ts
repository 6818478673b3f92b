import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostReport } from '../../src/core/finding.ts';
import { housecall } from '../support/housecall.ts';
import { onlyHost, unreachableFinding } from '../support/unreachable.ts';
import type { LabHost } from './host/host.ts';
import { createLab, type Lab, labProblem } from './host/lab.ts';

const problem = await labProblem();
if (problem !== null) console.warn(`host.unreachable with real causes: skipped, ${problem}`);

const ROOT = join(import.meta.dirname, '../..');
/** Short, so that the silent ones do not keep the tests waiting. */
const LIMIT = 3;

describe.skipIf(problem !== null)('a host that cannot be looked at says why', () => {
  let lab: Lab;
  let file = 0;
  beforeAll(async () => {
    lab = createLab();
    await lab.boot([{ name: 'host-17' }, { name: 'host-18' }, { name: 'outer' }]);
  });
  afterAll(() => lab?.close());

  /** One inventory entry per line, over the lab's identity and known hosts. */
  function config(entries: Readonly<Record<string, string>>): string {
    const path = join(lab.directory, `housecall-${++file}.yaml`);
    const hosts = Object.entries(entries).map(([name, entry]) => `  ${name}: { ${entry} }\n`);
    writeFileSync(
      path,
      `ssh: { user: root, identityFile: ${lab.identityFile}, knownHostsFile: ${lab.knownHostsFile}, connectTimeoutSeconds: ${LIMIT} }\nhosts:\n${hosts.join('')}`,
    );
    return path;
  }

  const address = (name: string): string => `address: ${lab.host(name).address}`;

  async function look(entry: string, name = 'host-17'): Promise<HostReport> {
    return only(config({ [name]: entry }), name);
  }

  async function only(path: string, name: string): Promise<HostReport> {
    return onlyHost(await housecall(['-c', path, 'diag', 'disk', name, '--json']));
  }

  /** Inside a network of its own, made by this script. */
  async function lookFrom(script: string, path: string): Promise<HostReport> {
    const command = [process.execPath, '--import', 'tsx', 'src/main.ts', '-c', path];
    const argv = ['--net', 'sh', '-c', `${script}; exec "$@"`, 'sh', ...command];
    const done = await promisify(execFile)(
      'unshare',
      [...argv, 'diag', 'disk', 'host-17', '--json'],
      {
        cwd: ROOT,
      },
    ).catch((error: { code: number; stdout: string; stderr: string }) => error);
    const status = 'code' in done ? done.code : 0;
    return onlyHost({ status, stdout: done.stdout, stderr: done.stderr });
  }

  const sshd = (host: LabHost): string => host.run('pgrep -o -x sshd');
  /** Its sshd ends, with every connection, and another one starts. */
  function restart(host: LabHost): void {
    host.run(`pkill -x sshd || :; while pgrep -x sshd; do sleep 0.05; done >/dev/null
      /usr/sbin/sshd -E /run/sshd.log`);
  }

  it('name: the name is not found', async () => {
    const { title, data } = unreachableFinding(await look('address: db-1.housecall.invalid'));
    expect(data['stage']).toBe('name');
    expect(title).toBe(
      'The name of host-17 (db-1.housecall.invalid:22) does not resolve: name not found',
    );
  });

  it('route: this machine has no network', async () => {
    const path = config({ 'host-17': address('host-17') });
    const { title, data, next } = unreachableFinding(await lookFrom('ip link set lo up', path));
    expect(data).toEqual({ stage: 'route', detail: 'network is unreachable' });
    expect(title).toBe(
      `There is no way to host-17 (${lab.host('host-17').address}:22): network is unreachable`,
    );
    expect(next).toEqual([]);
  });

  it('route: a router says that the host cannot be reached', async () => {
    const path = config({ 'host-17': 'address: 203.0.113.9' });
    const report = await lookFrom('ip link set lo up; ip route add unreachable 203.0.113.9', path);
    expect(unreachableFinding(report).data).toEqual({ stage: 'route', detail: 'no route to host' });
  });

  it('route: nobody on the same network has the address, the host is off', async () => {
    const path = config({ 'host-17': 'address: 203.0.113.9, connectTimeoutSeconds: 10' });
    const network =
      'ip link set lo up; ip link add one0 type veth peer name two0; ip addr add 203.0.113.1/24 dev one0; ip link set one0 up; ip link set two0 up';
    expect(unreachableFinding(await lookFrom(network, path)).data).toEqual({
      stage: 'route',
      detail: 'no route to host',
    });
  });

  it('refused: the host is up and its sshd is stopped', async () => {
    const host = lab.host('host-18');
    host.run('pkill -x sshd');
    try {
      const { title, data, detail } = unreachableFinding(await look(address('host-18')));
      expect(data).toEqual({ stage: 'refused', detail: 'connection refused' });
      expect(title).toBe(
        `host-17 (${host.address}:22) answers, but nothing listens there: sshd is not running (connection refused)`,
      );
      expect(detail).toContain('the host is up');
    } finally {
      restart(host);
    }
  });

  it('timeout: what the host answers is dropped on the way', async () => {
    const host = lab.host('host-18');
    const own = host.address.replace(/2$/, '1');
    host.run(`ip route add blackhole ${own}/32`);
    try {
      const { title, data, detail } = unreachableFinding(await look(address('host-18')));
      expect(data).toEqual({ stage: 'timeout', detail: `no answer in ${LIMIT} s` });
      expect(title).toBe(
        `host-17 (${host.address}:22) does not answer: no answer in ${LIMIT} s; it is down, or packets are dropped on the way`,
      );
      expect(detail).toContain('a firewall drops the packets');
    } finally {
      host.run(`ip route del blackhole ${own}/32`);
    }
  });

  it('banner: TCP connects, sshd is stopped: the host is stuck, look at its neighbours', async () => {
    const host = lab.host('host-18');
    host.run(`kill -STOP ${sshd(host)}`);
    try {
      const { title, data, detail, next } = unreachableFinding(await look(address('host-18')));
      expect(data).toEqual({
        stage: 'banner',
        detail: `connected, but no SSH banner in ${LIMIT} s`,
      });
      expect(title).toBe(
        `host-17 (${host.address}:22) answers TCP but sshd says nothing for ${LIMIT} s: the host is probably stuck`,
      );
      expect(detail).toContain('not dead');
      expect(next).toEqual([
        { diagnostic: 'disk', params: {}, scope: 'group' },
        { diagnostic: 'vitals', params: {}, scope: 'group' },
      ]);
    } finally {
      host.run(`kill -CONT ${sshd(host)}`);
    }
  });

  it('banner: sshd has as many logins waiting as it takes, and turns the next away', async () => {
    const host = lab.host('host-18');
    host.run("sed -i 's/^MaxStartups.*/MaxStartups 1:100:1/' /etc/ssh/sshd_config");
    restart(host);
    const waiting = connect(22, host.address).on('error', () => {});
    try {
      await once(waiting, 'data');
      const { title, data, next } = unreachableFinding(await look(address('host-18')));
      expect(data['stage']).toBe('banner');
      expect(title).toMatch(/ turns every SSH connection away: it closed the connection \d+ times/);
      expect(next).toEqual([]);
    } finally {
      waiting.destroy();
      host.run("sed -i 's/^MaxStartups.*/MaxStartups 100/' /etc/ssh/sshd_config");
      restart(host);
    }
  });

  it('timeout: the login works and the shell does not start', async () => {
    const host = lab.host('host-18');
    host.run(
      "printf '#!/bin/sh\\nexec sleep 60\\n' >/usr/local/bin/hang; chmod 755 /usr/local/bin/hang; sed -i 's,^plain:.*,plain:x:2003:2003::/home/plain:/usr/local/bin/hang,' /etc/passwd",
    );
    try {
      const { title, data, next } = unreachableFinding(
        await look(`${address('host-18')}, user: plain`),
      );
      expect(data['stage']).toBe('timeout');
      expect(title).toBe(
        `host-17 (${host.address}:22) is probably stuck: logged in, but its shell did not start in ${LIMIT} s`,
      );
      expect(next).toHaveLength(2);
    } finally {
      host.run("sed -i 's,/usr/local/bin/hang,/bin/sh,' /etc/passwd");
    }
  });

  it('host-key: the host was installed again and has another key', async () => {
    const host = lab.host('host-18');
    host.run(
      'cp -a /etc/ssh/host_key /etc/ssh/host_key.old; rm /etc/ssh/host_key; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/host_key',
    );
    restart(host);
    try {
      const { title, data, detail } = unreachableFinding(await look(address('host-18')));
      expect(data['stage']).toBe('host-key');
      expect(title).toMatch(
        /^host-17 \(.*:22\) shows another host key than the one known, so nobody logged in: the host key is ssh-ed25519 SHA256:\S+, but .*known_hosts:\d has ssh-ed25519 SHA256:/,
      );
      expect(detail).toContain('never accept it because it is late');
    } finally {
      host.run('mv /etc/ssh/host_key.old /etc/ssh/host_key');
      restart(host);
    }
  });

  it('host-key: the host was never seen', async () => {
    const none = join(lab.directory, 'nobody');
    writeFileSync(none, '');
    const report = await look(`${address('host-17')}, knownHostsFile: ${none}`);
    const { title, data, detail } = unreachableFinding(report);
    expect(data['stage']).toBe('host-key');
    expect(title).toMatch(
      /^The host key of host-17 \(.*\) is not known yet: .* is not in .*nobody/,
    );
    expect(detail).toContain('--accept-new-host-keys');
  });

  it('auth: the key is not the one of the account', async () => {
    const stranger = join(lab.directory, 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
    const report = await look(`${address('host-17')}, identityFile: ${stranger}`);
    const { title, data, next } = unreachableFinding(report);
    expect(data['stage']).toBe('auth');
    expect(title).toMatch(
      /^host-17 \(.*\) is up but does not let us in: permission denied for root with .*stranger/,
    );
    expect(next).toEqual([]);
  });

  it('auth: the account is locked', async () => {
    const host = lab.host('host-18');
    host.run("sed -i 's/^plain:[^:]*:/plain:!:/' /etc/shadow");
    try {
      const { data, detail } = unreachableFinding(await look(`${address('host-18')}, user: plain`));
      expect(data['stage']).toBe('auth');
      expect(detail).toContain('whether the account is locked');
    } finally {
      host.run("sed -i 's/^plain:[^:]*:/plain:*:/' /etc/shadow");
    }
  });

  it.each([
    ['asks for a password', 'plain ALL=(root) ALL\n'],
    ['forbids it', ''],
  ])('sudo: it %s; what can be seen without is told beside', async (_what, rule) => {
    const host = lab.host('host-18');
    host.run('printf %s "$1" >/etc/sudoers.d/plain; chmod 440 /etc/sudoers.d/plain', rule);
    host.run('grep -q includedir /etc/sudoers || echo "@includedir /etc/sudoers.d" >>/etc/sudoers');
    const report = await look(`${address('host-18')}, user: plain, sudo: true`);
    const refused = report.findings.find(({ code }) => code === 'host.unreachable');
    expect(refused).toMatchObject({ status: 'unknown', data: { stage: 'sudo' }, next: [] });
    expect(refused?.title).toMatch(
      /^sudo is refused on host-17 \(sudo: a password is required\): looked without privilege$/,
    );
    expect(report.coverage.privilege).toBe('none');
    expect(report.status).not.toBe('ok');
  });

  it('tells the failure of a bastion as that of the bastion', async () => {
    const host = lab.host('outer');
    const path = config({
      outer: address('outer'),
      'host-17': `${address('host-17')}, via: outer`,
    });
    host.run(`kill -STOP ${sshd(host)}`);
    try {
      const { title, data, next } = unreachableFinding(await only(path, 'host-17'));
      expect(data['stage']).toBe('banner');
      expect(title).toBe(
        `host-17 was not tried: its bastion outer could not be reached (connected, but no SSH banner in ${LIMIT} s)`,
      );
      expect(next).toEqual([]);
    } finally {
      host.run(`kill -CONT ${sshd(host)}`);
    }
  });

  it('looks at the host that was only stuck as soon as it answers again', async () => {
    const report = await look(address('host-18'));
    expect(report.findings.map(({ code }) => code)).not.toContain('host.unreachable');
  });
});
