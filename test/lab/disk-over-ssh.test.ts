import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, HostReport, RunReport } from '../../src/core/finding.ts';
import { MIB } from '../support/disk-box.ts';
import { finish, housecall, startHousecall } from '../support/housecall.ts';
import {
  type ACCOUNTS,
  createLabHost,
  DISK,
  type LabHost,
  labProblem,
} from '../support/lab-host.ts';

const problem = await labProblem();

/** Keys of the document that `--json` prints: public. */
const DOCUMENTED = ['diagnostic', 'durationMs', 'hosts', 'params', 'startedAt', 'status'];

interface Looked {
  readonly status: number | null;
  readonly stderr: string;
  readonly report: RunReport;
  readonly host: HostReport;
  readonly codes: readonly string[];
  get(code: string): Finding;
}

describe.skipIf(problem !== null)('housecall diag disk --json against a real sshd', () => {
  let lab: LabHost;
  beforeAll(async () => {
    lab = await createLabHost();
  });
  afterAll(() => lab?.close());

  type Account = (typeof ACCOUNTS)[number];

  async function look(account: Account, ...words: string[]): Promise<Looked> {
    const args = ['-c', lab.configFile, 'diag', 'disk', account, `mount=${DISK}`];
    const { status, stdout, stderr } = await housecall([...args, ...words, '--json']);
    const report = JSON.parse(stdout) as RunReport;
    const [host] = report.hosts;
    if (host === undefined || report.hosts.length > 1) throw new Error(stdout);
    return {
      status,
      stderr,
      report,
      host,
      codes: host.findings.map(({ code, status: level }) => `${code} ${level}`),
      get(code) {
        const found = host.findings.find((one) => one.code === code);
        if (found === undefined) throw new Error(`no ${code} in ${stdout}`);
        return found;
      },
    };
  }

  /** One look per account with the defaults: the tests below read it from several sides. */
  const looks = new Map<Account, Promise<Looked>>();
  function once(account: Account): Promise<Looked> {
    const looked = looks.get(account) ?? look(account);
    looks.set(account, looked);
    return looked;
  }

  const deletedFiles = ({ host }: Looked) =>
    host.findings.filter(({ code }) => code === 'disk.deleted-open-file');

  describe.each(['root', 'sudoer'] as const)('as %s', (account) => {
    it('finds the deleted files that are open: pid, fd, path, inode and allocated size', async () => {
      const looked = await once(account);
      const { status, stderr, report, host } = looked;
      expect(stderr).toBe('');
      expect(status).toBe(2);
      expect(report).toMatchObject({ diagnostic: 'disk', status: 'critical' });
      expect(Object.keys(report).toSorted()).toEqual(DOCUMENTED);
      expect(host).toMatchObject({ host: account, status: 'critical' });
      expect(host.coverage.privilege).toBe(account === 'root' ? 'root' : 'sudo');
      expect(host.coverage.notes).toEqual([]);
      const truth = lab.held();
      const named = (path: string) => truth.filter((one) => one.path === path);
      expect(deletedFiles(looked).map(({ data }) => data['path'])).toEqual([
        `${DISK}/app.log`,
        `${DISK}/own/mine.log`,
        `${DISK}/sparse.log`,
      ]);
      for (const { data } of deletedFiles(looked)) {
        const { pid, fd, path, inode, sizeBytes, lengthBytes } = data;
        expect(named(String(path))).toContainEqual({
          pid,
          fd,
          path,
          inode,
          sizeBytes,
          lengthBytes,
        });
        expect(data).toMatchObject({
          mount: DISK,
          process: /own/.test(String(path)) ? 'sleep' : 'python3',
        });
      }
    });

    it('accounts for the whole disk: what remains is below 2 % of its size', async () => {
      const looked = await once(account);
      const full = looked.get('disk.filesystem-full');
      expect(full).toMatchObject({ status: 'critical', subject: DISK });
      const { sizeBytes, usedBytes, deletedOpenBytes, unexplainedBytes } = full.data;
      const [unit = 0, blocks = 0, free = 0] = lab.box
        .run(`stat -f -c '%S %b %f' ${DISK}`)
        .split(' ')
        .map(Number);
      expect(sizeBytes).toBe(unit * blocks);
      expect(usedBytes).toBe(unit * (blocks - free));
      const inodes = new Map(lab.held().map((file) => [file.inode, file.sizeBytes]));
      expect(deletedOpenBytes).toBe([...inodes.values()].reduce((sum, size) => sum + size, 0));
      expect(Math.abs(Number(unexplainedBytes))).toBeLessThan(Number(sizeBytes) * 0.02);
      const visible = Number(lab.box.run(`du -sx -B1 ${DISK} | cut -f1`));
      const remainder = Number(usedBytes) - visible - Number(deletedOpenBytes);
      expect(Math.abs(remainder - Number(unexplainedBytes))).toBeLessThan(Number(sizeBytes) * 0.02);
    });

    it('counts the blocks of a sparse file, not its length', async () => {
      const sparse = deletedFiles(await once(account)).find(
        ({ data }) => data['path'] === `${DISK}/sparse.log`,
      );
      expect(sparse?.data).toMatchObject({ sizeBytes: 2 * MIB, lengthBytes: 1024 * MIB });
      expect(sparse?.detail).toContain('sparse');
    });
  });

  it('offers the fix of a log with the facts that name the file, and none for others', async () => {
    const [log] = deletedFiles(await once('root'));
    const { pid, fd, inode, device } = log?.data ?? {};
    expect(log?.fixes).toEqual([
      { fix: 'truncate-deleted-file', params: { pid, fd, inode, device } },
    ]);
    const facts = lab.box.run(`stat -L -c '%i %Hd:%Ld' /proc/${String(pid)}/fd/${String(fd)}`);
    expect(facts.trim()).toBe(`${String(inode)} ${String(device)}`);
  });

  describe.each(['plain', 'docker', 'ash'] as const)('without privilege, as %s', (account) => {
    it('says that the disk is full, and that deleted files could not be looked for', async () => {
      const looked = await once(account);
      expect(looked.status).toBe(2);
      expect(looked.stderr).toBe('');
      expect(looked.host.coverage.privilege).toBe('none');
      expect(looked.codes).toEqual(['disk.filesystem-full critical', 'disk.coverage unknown']);
      const coverage = looked.get('disk.coverage');
      expect(coverage.subject).toBe(DISK);
      expect(coverage.title).toContain('Deleted files');
      expect(coverage.data).toMatchObject({ privilege: 'none' });
      const { seen, total } = coverage.data;
      expect(Number(seen)).toBeGreaterThan(0);
      expect(Number(seen)).toBeLessThan(Number(total));
    });

    it('offers no fix', async () => {
      expect((await once(account)).host.findings.flatMap(({ fixes }) => fixes)).toEqual([]);
    });
  });

  it('says of an account in the group docker that it is as good as root, and of no other', async () => {
    const risky = /group docker, which is as good as root/;
    expect((await once('docker')).host.coverage.notes.join('\n')).toMatch(risky);
    expect((await once('plain')).host.coverage.notes.join('\n')).not.toMatch(risky);
  });

  it('was looked at by busybox alone as ash, and with docker at hand as docker', async () => {
    const shell = await lab.login('ash', 'readlink /proc/$$/exe; command -v stat');
    expect(shell).toMatch(/busybox\n.*\/applets\/stat\n$/);
    expect(await lab.login('docker', 'id -Gn')).toMatch(/\bdocker\b/);
  });

  it('names the own deleted file of an account without privilege, and offers the fix for it', async () => {
    const looked = await once('owner');
    expect(looked.status).toBe(2);
    expect(looked.codes.toSorted()).toEqual([
      'disk.coverage unknown',
      'disk.deleted-open-file critical',
      'disk.filesystem-full critical',
    ]);
    expect(looked.get('disk.deleted-open-file').data).toMatchObject({
      path: `${DISK}/own/mine.log`,
      sizeBytes: 3 * MIB,
    });
    const { pid, fd, inode, device } = looked.get('disk.deleted-open-file').data;
    expect(looked.host.findings.flatMap(({ fixes }) => fixes)).toEqual([
      { fix: 'truncate-deleted-file', params: { pid, fd, inode, device } },
    ]);
  });

  it('says that sudo was refused, and looks without privilege', async () => {
    const looked = await once('refused');
    expect(looked.status).toBe(2);
    expect(looked.stderr).toBe('');
    expect(looked.host.coverage.privilege).toBe('none');
    expect(looked.codes.toSorted()).toEqual([
      'disk.coverage unknown',
      'disk.filesystem-full critical',
      'host.unreachable unknown',
    ]);
    expect(looked.get('host.unreachable').data).toMatchObject({ stage: 'sudo' });
    expect(looked.host.findings.flatMap(({ fixes }) => fixes)).toEqual([]);
  });

  it.each(['root', 'sudoer', 'plain'])(
    'leaves nothing on the host after Ctrl-C, as %s',
    async (account) => {
      const words = ['diag', 'disk', account, `mount=${DISK}`, 'sampleSeconds=47', '--json'];
      const child = startHousecall(['-c', lab.configFile, ...words]);
      const ended = finish(child);
      const processes = () =>
        lab.box.run(`ps -eo args | grep -E '^(sleep 4[0-9]|sudo|sh -s|sshd:.*@notty)' || :`);
      await expect.poll(processes, { timeout: 20_000, interval: 200 }).toContain('sleep 4');
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ status: 130, stdout: '' });
      await expect.poll(processes, { timeout: 10_000, interval: 200 }).toBe('');
    },
  );

  it('does not mistake hidden processes for none', async () => {
    lab.box.run('mount -o remount,hidepid=2 /proc');
    try {
      const looked = await look('plain', 'sampleSeconds=0');
      expect(looked.status).toBe(2);
      expect(looked.codes).toEqual(['disk.filesystem-full critical', 'disk.coverage unknown']);
      expect(looked.get('disk.coverage').title).toContain('hidden (hidepid)');
      expect((await look('root', 'sampleSeconds=0')).codes).not.toContain('disk.coverage unknown');
    } finally {
      lab.box.run('mount -o remount,hidepid=0 /proc');
    }
  });

  it('tells a person the same, with what could not be seen named as coverage', async () => {
    const args = ['-c', lab.configFile, 'diag', 'disk', 'root,plain', `mount=${DISK}`];
    const { status, stdout } = await housecall([...args, 'sampleSeconds=0']);
    expect(status).toBe(2);
    expect(stdout).toMatch(/^disk on root,plain: CRITICAL/);
    expect(stdout).toContain(`${DISK}/app.log\` (deleted, 41.9 MB) is still held open as fd`);
    expect(stdout).toContain('fix: truncate-deleted-file');
    expect(stdout).toMatch(/^ {2}coverage: \d+ of \d+ processes readable$/m);
    expect(stdout).toContain('next: housecall diag logs');
    expect(stdout).not.toContain('not seen:');
  });
});
