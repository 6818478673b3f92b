import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostReport } from '../../src/core/finding.ts';
import { housecall } from '../support/housecall.ts';
import { onlyHost } from '../support/unreachable.ts';
import { createLab, type Lab, labProblem } from './host/lab.ts';

const problem = await labProblem();
if (problem !== null) console.warn(`vitals over SSH: skipped, ${problem}`);

const ACTOR = readFileSync(join(import.meta.dirname, '../support/vitals-actor.py'), 'utf8');

describe.skipIf(problem !== null)('housecall diag vitals --json against a real host', () => {
  let lab: Lab;
  let configFile = '';
  beforeAll(async () => {
    lab = createLab();
    await lab.boot([{ name: 'host-17' }]);
    const host = lab.host('host-17');
    configFile = join(lab.directory, 'housecall.yaml');
    const entry = (user: string, sudo: boolean): string =>
      `  ${user}: { address: ${host.address}, user: ${user}, sudo: ${sudo} }\n`;
    writeFileSync(
      configFile,
      `ssh: { identityFile: ${lab.identityFile}, knownHostsFile: ${lab.knownHostsFile} }\nhosts:\n${entry('sudoer', true)}${entry('plain', false)}`,
    );
    writeFileSync(host.path('/usr/local/lib/actor.py'), ACTOR);
    host.run(
      'mkdir -p /srv/d; setsid /usr/bin/python3 /usr/local/lib/actor.py descriptors 48 >/run/actor.out 2>&1 & :',
    );
    host.run(
      'for try in $(seq 100); do grep -q ready /run/actor.out && exit; sleep 0.1; done; cat /run/actor.out; exit 1',
    );
  });
  afterAll(() => lab?.close());

  async function look(account: string): Promise<HostReport> {
    return onlyHost(await housecall(['-c', configFile, 'diag', 'vitals', account, '--json']));
  }

  it.each(['sudoer', 'plain'])('names who holds all its descriptors, as %s', async (account) => {
    const report = await look(account);
    expect(report.status).toBe('critical');
    const full = report.findings.find(({ data }) => data['limit'] === 48);
    expect(full).toMatchObject({ code: 'vitals.descriptors', status: 'critical' });
    expect(full?.title).toMatch(/^`python3(\.\d+)?` \(pid \d+\).* holds all its 48 descriptors/);
    expect(report.coverage.privilege).toBe(account === 'plain' ? 'none' : 'sudo');
  });

  it('compares the clocks: both are that of this machine', async () => {
    const report = await look('sudoer');
    expect(report.coverage.notes).not.toContain('the clock was not compared');
    expect(report.findings.filter(({ code }) => code === 'vitals.clock')).toEqual([]);
  });

  it('leaves nothing running on the host', async () => {
    await look('sudoer');
    const left = (): string =>
      lab.host('host-17').run("ps -eo args | grep -E '^(sh -s|sleep [0-9.]+$)' || :");
    await expect.poll(left, { timeout: 10_000, interval: 200 }).toBe('');
  });
});
