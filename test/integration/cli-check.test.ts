import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliSite, startCliSite } from '../support/cli-site.ts';
import { housecall as run } from '../support/housecall.ts';

let site: CliSite;
beforeAll(async () => {
  site = await startCliSite();
});
afterAll(() => site.stop());

const housecall = (...args: string[]) =>
  run(args, { HOUSECALL_CONFIG: site.configFile, HOME: site.directory });

describe('housecall check', () => {
  it('names each host that is not reached, with the remedy', async () => {
    const { status, stdout } = await housecall('check');
    expect(status).toBe(1);
    expect(stdout).toContain('2 of 5 reachable: box-[1-2]');
    expect(stdout).toMatch(/bad +hosts +ssh gone \(127\.0\.0\.1:1\)[^]*Start sshd there/);
    expect(stdout).toMatch(/bad +hosts +ssh stranger[^]*--accept-new-host-keys/);
    expect(stdout).toMatch(/skipped +redis/);
  });

  it('ends with 0 when every host is reached', async () => {
    const { user, port, identityFile, knownHostsFile } = site.sshd;
    const good = path.join(site.directory, 'good.yaml');
    writeFileSync(
      good,
      `ssh: { user: ${user}, identityFile: ${identityFile}, knownHostsFile: ${knownHostsFile} }
hosts: { box: { address: 127.0.0.1, port: ${port} } }
archive: { directory: ${site.directory}/archive }
`,
    );
    const { status, stdout, stderr } = await housecall('-c', good, 'check');
    expect(stdout).toContain('1 of 1 reachable: box');
    expect(stdout).not.toMatch(/^bad/m);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('records no host key where nobody can be asked', async () => {
    const { status, stderr } = await housecall('check', '--accept-new-host-keys');
    expect(status).toBe(64);
    expect(stderr).toContain('run it on a terminal');
  });
});
