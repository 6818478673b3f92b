import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { claimProbe, parseClaim } from '../../src/core/approval/claim.ts';
import { hasRoot, stepOf } from '../support/deleted-file-lab.ts';
import { lookAt, planOf, runAll } from '../support/fix-runs.ts';
import { FLOOD, LogLab } from '../support/log-lab.ts';

/** Positions in the argv of `keep` and `truncate`. */
const AT = { boot: 6, path: 7, device: 8, inode: 9, links: 10, head: 11, way: 12 };

describe.skipIf(!hasRoot())('truncate-log under attack', () => {
  let lab: LogLab;
  beforeAll(() => {
    lab = new LogLab();
  });
  afterEach(() => lab.clear());
  afterAll(() => lab.remove());

  describe.each(['dash', 'busybox'])('under %s', (shell) => {
    it.each([
      ['another boot', AT.boot, '00000000-0000-0000-0000-000000000000', /started again/],
      ['another device', AT.device, '4242', /another file now/],
      ['another inode', AT.inode, '4242', /another file now/],
      ['more names', AT.links, '2', /has 1 names now, 2 were approved/],
      ['another beginning', AT.head, `0:${'0'.repeat(64)}`, /does not begin as it did/],
      ['another way of writing', AT.way, 'offset', /written in another way now \(nobody;/],
      ['a path through a link', AT.path, '/proc/self/root/etc/hostname', /foreign proc/],
    ] as const)(
      'refuses %s, keeps nothing and empties nothing',
      async (_what, at, value, words) => {
        const remote = lab.remote(shell);
        const log = lab.log();
        const plan = await planOf(remote, log);
        const { codes, said, printed } = await runAll(remote, [
          stepOf(plan, 'claim'),
          stepOf(plan, 'keep', { [at]: value }),
          stepOf(plan, 'truncate', { [at]: value }),
        ]);
        expect(codes).toEqual([0, 65, 65]);
        expect(said.trim().split('\n')).toEqual([
          expect.stringMatching(words),
          expect.stringMatching(words),
        ]);
        expect(printed).toEqual(['', '', '']);
        expect(readFileSync(log.path, 'utf8')).toBe(`${FLOOD}\n`);
        const asked = await remote.read('host-17', claimProbe(log.save, log.fix, 'abc'));
        expect(parseClaim(asked, 'abc')).toEqual({
          kind: 'failed',
          step: 'truncate',
          exitCode: 65,
        });
      },
    );

    it.each([
      ['another file', (path: string) => writeFileSync(path, FLOOD)],
      ['a symbolic link', (path: string) => symlinkSync(`${path}.aside`, path)],
      ['a pipe that nobody reads', (path: string) => execFileSync('mkfifo', [path])],
      ['a directory', (path: string) => mkdirSync(path)],
      ['nothing', () => {}],
    ] as const)('empties neither when the log was replaced by %s', async (_what, replace) => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const plan = await planOf(remote, log);
      expect((await runAll(remote, plan.steps.slice(0, 2))).codes).toEqual([0, 0]);
      renameSync(log.path, `${log.path}.aside`);
      replace(log.path);
      expect((await runAll(remote, plan.steps.slice(2))).codes).toEqual([65]);
      expect(readFileSync(`${log.path}.aside`, 'utf8')).toBe(`${FLOOD}\n`);
      rmSync(log.path, { recursive: true, force: true });
    });

    it('follows no symbolic link that took the place of a directory above', async () => {
      const remote = lab.remote(shell);
      const log = lab.log(`${FLOOD}\n`, join(lab.fresh('deep'), 'log', 'app.log'));
      const plan = await planOf(remote, log);
      const above = join(log.path, '..');
      renameSync(above, `${above}.aside`);
      symlinkSync(`${above}.aside`, above);
      expect((await lookAt(remote, log)).plan).toMatch(/through the symbolic link/);
      const { codes, said } = await runAll(remote, plan.steps);
      expect([codes, said]).toEqual([[0, 65, 65], expect.stringMatching(/cannot be reached/)]);
      expect(readFileSync(`${above}.aside/app.log`, 'utf8')).toBe(`${FLOOD}\n`);
    });

    it('does nothing when a writer without O_APPEND came, or one that maps it', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      lab.hold(log.path);
      const plan = await planOf(remote, log);
      lab.hold(log.path, 'r+');
      const first = await runAll(remote, plan.steps);
      expect([first.codes, first.said]).toEqual([
        [0, 65, 65],
        expect.stringMatching(/in another way now \(both; approved: appends\)/),
      ]);
      const mapped = lab.log();
      const second = await planOf(remote, mapped);
      await lab.start('python3', '-u', '-c', MAPPER, mapped.path);
      const { codes, said } = await runAll(remote, second.steps);
      expect([codes, said]).toEqual([[0, 65, 65], expect.stringMatching(/has mapped/)]);
      expect((await lookAt(remote, mapped)).plan).toMatch(/has mapped it into memory/);
    });

    it('does nothing when the log became smaller after it was kept', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const plan = await planOf(remote, log);
      await runAll(remote, plan.steps.slice(0, 2));
      execFileSync('truncate', ['-s', '100000', log.path]);
      const { codes, said } = await runAll(remote, plan.steps.slice(2));
      expect([codes, said]).toEqual([[65], expect.stringMatching(/became smaller/)]);
    });

    it('empties nothing that was not kept', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const plan = await planOf(remote, log);
      const { codes, said } = await runAll(remote, [
        stepOf(plan, 'claim'),
        stepOf(plan, 'truncate'),
      ]);
      expect([codes, said]).toEqual([[0, 74], expect.stringMatching(/nothing was kept/)]);
      expect(log.blocks()).toBeGreaterThan(0);
    });

    it('empties nothing when nobody took what was printed', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const plan = await planOf(remote, log);
      await runAll(remote, plan.steps.slice(0, 1));
      const { argv, stdin } = stepOf(plan, 'keep');
      const program = shell === 'dash' ? ['dash'] : ['busybox', 'sh'];
      const cut = spawn(
        'sh',
        [
          '-c',
          '{ "$@"; echo "exit $?" >&2; } | head -c 20000',
          'cut',
          ...program,
          ...argv.slice(1),
        ],
        { stdio: ['pipe', 'ignore', 'pipe'] },
      );
      let said = '';
      cut.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      cut.stdin.end(stdin);
      await new Promise((resolve) => {
        cut.once('close', resolve);
      });
      expect(said).toMatch(/nobody took what was to be kept/);
      expect(said).toMatch(/exit 74\n$/);
      expect((await runAll(remote, plan.steps.slice(2))).codes).toEqual([74]);
      expect(log.blocks()).toBeGreaterThan(0);
    });

    it('works on a hostile name, and runs nothing in it', async () => {
      const remote = lab.remote(shell);
      const pwned = lab.fresh('pwned');
      const name = `-a\nb'"$(touch ${pwned})\`touch ${pwned}\`;\u001b[31m\\ @n0nce end place 0\n`;
      const log = lab.log(`${FLOOD}\n`, name);
      lab.hold(log.path);
      const before = await lookAt(remote, log);
      const plan = await planOf(remote, log);
      expect(plan.steps[1]?.keep?.name).toMatch(/^fix[\d-]+-a_b_[A-Za-z0-9._-]+\.txt$/);
      const { codes, said, printed } = await runAll(remote, plan.steps);
      expect({ codes, said }).toEqual({ codes: [0, 0, 0], said: '' });
      expect(printed[1]).toContain(`| ${join(lab.disk.path, '-a')}\n| b'"$(touch`);
      expect(log.blocks()).toBe(0);
      expect((await lookAt(remote, log)).verify(before.state).outcome).toBe('verified');
      for (const place of ['.', lab.disk.path, log.save]) {
        expect(existsSync(join(place, pwned))).toBe(false);
      }
    });

    it('sees the writer in a container, whose overlay shows another device', async () => {
      const remote = lab.remote(shell);
      const base = join(lab.disk.path, lab.fresh('overlay'));
      for (const part of ['lower', 'upper', 'work', 'merged']) {
        mkdirSync(join(base, part), { recursive: true });
      }
      const options = `lowerdir=${base}/lower,upperdir=${base}/upper,workdir=${base}/work`;
      execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, `${base}/merged`]);
      try {
        writeFileSync(`${base}/merged/app.log`, FLOOD);
        lab.hold(`${base}/merged/app.log`, 'r+');
        const plan = await planOf(remote, lab.at(`${base}/upper/app.log`));
        expect(plan.identity['written']).toBe('offset');
        expect(plan.preconditions.join('\n')).toMatch(/sleep \(pid \d+\).* without O_APPEND/);
      } finally {
        lab.endChildren();
        execFileSync('umount', ['-l', `${base}/merged`]);
      }
    });

    it('refuses a directory for its mark that others may write to, or above it', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const plan = await planOf(remote, log);
      const parent = join(lab.directory, lab.fresh('parent'));
      mkdirSync(parent);
      chmodSync(parent, 0o777);
      const open = { ...log, save: join(parent, 'save') };
      expect((await lookAt(remote, open)).plan).toMatch(/writable by others \(mode 777\)/);
      mkdirSync(log.save);
      chmodSync(log.save, 0o770);
      expect((await runAll(remote, plan.steps)).codes).toEqual([73, 73, 73]);
      expect(log.blocks()).toBeGreaterThan(0);
    });

    it('refuses a file that somebody linked into a directory of theirs', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const theirs = join(lab.disk.path, lab.fresh('theirs'));
      mkdirSync(theirs);
      execFileSync('chown', ['65534', theirs]);
      linkSync(log.path, join(theirs, 'app.log'));
      expect((await lookAt(remote, lab.at(join(theirs, 'app.log')))).plan).toMatch(
        /may be somebody else's file/,
      );
      expect((await planOf(remote, log)).preconditions).toContain(
        'It has 2 names: under each of them it will be empty',
      );
      unlinkSync(join(theirs, 'app.log'));
    });

    it('says so when the disk became read-only', async () => {
      const remote = lab.remote(shell);
      const log = lab.log();
      const plan = await planOf(remote, log);
      await runAll(remote, plan.steps.slice(0, 2));
      // Writers of the tests before may still be going: the kernel refuses until the last has closed.
      await vi.waitFor(() => execFileSync('mount', ['-o', 'remount,ro', lab.disk.path]), {
        timeout: 10_000,
        interval: 100,
      });
      try {
        const { codes, said } = await runAll(remote, plan.steps.slice(2));
        expect([codes, said]).toEqual([[74], expect.stringMatching(/could not be emptied/)]);
        expect((await lookAt(remote, log)).plan).toMatch(/mounted read-only/);
      } finally {
        execFileSync('mount', ['-o', 'remount,rw', lab.disk.path]);
      }
      expect(log.blocks()).toBeGreaterThan(0);
    });
  });
});

const MAPPER = `
import mmap, sys, time
f = open(sys.argv[1], "r+b")
m = mmap.mmap(f.fileno(), 0)
f.close()
print("ready")
time.sleep(300)
`;
