import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimProbe, parseClaim } from '../../src/core/approval/claim.ts';
import type { CommandResult } from '../../src/core/command.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import { truncateDeletedFile } from '../../src/fixes/truncate-deleted-file/index.ts';
import { createLocalRemote, type LocalRemote } from '../support/local-remote.ts';
import { createLoopDisk, type LoopDisk } from '../support/loop-disk.ts';

const root = process.getuid?.() === 0;
if (!root) console.warn('truncate-deleted-file: left out, mounting a file system needs root');

const MIB = 2 ** 20;

describe.skipIf(!root)('truncate-deleted-file on a real file system', () => {
  let directory: string;
  let applets: string;
  let disk: LoopDisk;
  let save: string;
  let count = 0;
  const holders: ChildProcess[] = [];
  const marks: string[] = [];

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'housecall-truncate-'));
    disk = createLoopDisk(directory, 'full', 64);
    applets = join(directory, 'applets');
    mkdirSync(applets);
    execFileSync('busybox', ['--install', '-s', applets]);
    // Nothing but busybox is found on this path.
    symlinkSync(readlinkSync(join(applets, 'ls')), join(applets, 'busybox'));
  });

  afterEach(() => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  });

  afterAll(() => {
    disk?.remove();
    for (const mark of marks) rmSync(mark, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  });

  function remoteOf(name: string): LocalRemote {
    if (name !== 'busybox') return createLocalRemote({ shell: [name] });
    return createLocalRemote({ shell: [join(applets, 'busybox'), 'sh'], env: { PATH: applets } });
  }

  /** A process that holds `file` as descriptor 4. */
  function hold(file: string, flags = 'a', program = 'sleep'): number {
    const fd = openSync(file, flags);
    const holder = spawn(program, ['300'], { stdio: ['ignore', 'ignore', 'ignore', 'ignore', fd] });
    closeSync(fd);
    holders.push(holder);
    return holder.pid ?? 0;
  }

  function deleted(content: Buffer | string, name = `docker.log-${++count}`, flags = 'a'): Case {
    const file = join(disk.path, name);
    writeFileSync(file, content);
    const { ino, dev } = statSync(file);
    const pid = hold(file, flags);
    unlinkSync(file);
    return start({ pid, inode: String(ino), dev });
  }

  interface Case {
    readonly params: { pid: number; fd: number; inode: string; device: string };
    readonly fix: string;
    readonly blocks: () => number;
  }

  function start(of: { pid: number; inode: string; dev: number }): Case {
    save = join(directory, `save-${++count}`);
    const device = `${(of.dev >> 8) & 0xfff}:${of.dev & 0xff}`;
    return {
      params: { pid: of.pid, fd: 4, inode: of.inode, device },
      fix: `fix${String(count).padStart(13, '0')}`,
      blocks: () => statSync(`/proc/${of.pid}/fd/4`).blocks,
    };
  }

  async function look(remote: LocalRemote, { params, fix }: Case): Promise<Looked> {
    const context = { fix, host: 'host-17', saveDirectory: save, nonce: 'n0nce' };
    const bound = truncateDeletedFile.bind(params, context);
    const state = bound.parse(await remote.read('host-17', bound.probe));
    return { state, plan: bound.plan(state), verify: (before) => bound.verify(before, state) };
  }
  interface Looked {
    readonly state: unknown;
    readonly plan: Plan | string;
    verify(before: unknown): { outcome: string; reason: string };
  }

  async function planned(remote: LocalRemote, of: Case): Promise<Plan> {
    const { plan } = await look(remote, of);
    if (typeof plan === 'string') throw new Error(plan);
    return plan;
  }

  async function run(remote: LocalRemote, steps: readonly Step[]): Promise<CommandResult[]> {
    const results: CommandResult[] = [];
    for (const step of steps) results.push(await remote.change('host-17', step));
    return results;
  }

  function step(plan: Plan, id: string): Step {
    const found = plan.steps.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no step ${id}`);
    return found;
  }

  function copies(): string[] {
    return existsSync(save) ? readdirSync(save).filter((name) => name !== 'claims') : [];
  }

  const codes = (results: readonly CommandResult[]): (number | null)[] =>
    results.map(({ exitCode }) => exitCode);

  describe.each(['sh', 'dash', 'busybox'])('under %s', (name) => {
    const content = Buffer.from('a line of a log\n'.repeat(200_000));

    it('saves the whole content, frees the blocks, verifies it, and does nothing the second time', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const before = await look(remote, of);
      const plan = await planned(remote, of);
      const results = await run(remote, plan.steps);
      expect(codes(results), results.map((r) => r.stderr).join()).toEqual([0, 0, 0]);
      expect(of.blocks()).toBe(0);
      expect(copies()).toEqual([`${of.fix}-docker.log-${count - 1}.gz`]);
      const copy = join(save, copies()[0] ?? '');
      expect(plan.saved).toMatchObject({ kind: 'file', path: copy });
      expect(gunzipSync(readFileSync(copy)).equals(content)).toBe(true);
      expect(statSync(copy).mode & 0o777).toBe(0o600);
      expect(statSync(save).mode & 0o777).toBe(0o700);
      const after = await look(remote, of);
      expect(after.verify(before.state)).toMatchObject({ outcome: 'verified' });
      expect(before.verify(before.state)).toMatchObject({ outcome: 'ineffective' });

      appendFileSync(`/proc/${of.params.pid}/fd/4`, content);
      const blocks = of.blocks();
      expect(codes(await run(remote, plan.steps))).toEqual([75, 75, 75]);
      expect(of.blocks()).toBe(blocks);
      expect(copies()).toHaveLength(1);
      const asked = await remote.read('host-17', claimProbe(save, of.fix, 'abc'));
      expect(parseClaim(asked, 'abc')).toEqual({ kind: 'done', step: 'truncate' });
    });

    it('adds to the copy what was written between saving and truncating', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const plan = await planned(remote, of);
      await run(remote, plan.steps.slice(0, 2));
      const late = Buffer.from('written meanwhile\n'.repeat(5000));
      appendFileSync(`/proc/${of.params.pid}/fd/4`, late);
      const [result] = await run(remote, plan.steps.slice(2));
      expect(result?.exitCode, result?.stderr).toBe(0);
      const copy = gunzipSync(readFileSync(join(save, copies()[0] ?? '')));
      expect(copy.equals(Buffer.concat([content, late]))).toBe(true);
      expect(of.blocks()).toBe(0);
    });

    it('makes the same plan while the file grows', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const first = await planned(remote, of);
      appendFileSync(`/proc/${of.params.pid}/fd/4`, content);
      const { preconditions: _, saved: __, ...second } = await planned(remote, of);
      expect(first).toMatchObject(second);
    });

    it('truncates nothing when the mark is missing, and makes no copy', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const plan = await planned(remote, of);
      mkdirSync(save, { mode: 0o700 });
      expect(codes(await run(remote, plan.steps.slice(1)))).toEqual([75, 75]);
      expect(of.blocks()).toBeGreaterThan(0);
      expect(copies()).toEqual([]);
    });

    it('truncates nothing without the copy that was approved', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const plan = await planned(remote, of);
      expect(codes(await run(remote, [step(plan, 'claim'), step(plan, 'truncate')]))).toEqual([
        0, 74,
      ]);
      expect(of.blocks()).toBeGreaterThan(0);
    });

    it.each([
      ['another start time (pid reuse)', 8, '1', /another one now/],
      ['another boot', 9, '00000000-0000-0000-0000-000000000000', /started again/],
      ['another inode', 11, '4242', /another file now/],
      ['another device', 10, '7:250', /another file now/],
      ['a closed descriptor', 7, '250', /cannot be looked at/],
      ['a process that is gone', 6, '4194304', /is gone/],
    ] as const)('refuses %s and changes nothing', async (_what, index, value, words) => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const plan = await planned(remote, of);
      await run(remote, [step(plan, 'claim')]);
      for (const id of ['save', 'truncate']) {
        const real = step(plan, id);
        const argv = real.argv.with(index, value) as [string, ...string[]];
        // Without a copy the truncation would stop for another reason first.
        const forged = id === 'truncate' ? argv.with(-1, '') : argv;
        const result = await remote.change('host-17', {
          ...real,
          argv: forged as [string, ...string[]],
        });
        expect(result.exitCode).toBe(65);
        expect(result.stderr).toMatch(words);
      }
      expect(of.blocks()).toBeGreaterThan(0);
      expect(copies()).toEqual([]);
      const asked = await remote.read('host-17', claimProbe(save, of.fix, 'abc'));
      expect(parseClaim(asked, 'abc')).toEqual({ kind: 'failed', step: 'truncate', exitCode: 65 });
    });

    it('does not touch a file that still has a name, whatever the plan says', async () => {
      const remote = remoteOf(name);
      const file = join(disk.path, `living (deleted)-${++count}`);
      writeFileSync(file, content);
      const pid = hold(file);
      const { ino, dev } = statSync(file);
      const living = start({ pid, inode: String(ino), dev });
      expect((await look(remote, living)).plan).toMatch(/still has 1 name .*living data/);
      const of = deleted(content);
      const plan = await planned(remote, of);
      const real = step(plan, 'truncate');
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
      const argv = real.argv
        .with(6, String(pid))
        .with(8, stat)
        .with(11, String(ino))
        .with(12, '') as [string, ...string[]];
      await run(remote, [step(plan, 'claim')]);
      const result = await remote.change('host-17', { ...real, argv });
      expect([result.exitCode, result.stderr]).toEqual([65, expect.stringMatching(/living data/)]);
      expect(readFileSync(file).equals(content)).toBe(true);
      unlinkSync(file);
    });

    it('stops when the holder exits after the copy, which stays', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const plan = await planned(remote, of);
      await run(remote, plan.steps.slice(0, 2));
      const holder = holders.at(-1);
      const gone = new Promise((resolve) => holder?.once('exit', resolve));
      holder?.kill('SIGKILL');
      await gone;
      const [result] = await run(remote, plan.steps.slice(2));
      expect([result?.exitCode, result?.stderr]).toEqual([65, expect.stringMatching(/is gone/)]);
      expect(copies()).toHaveLength(1);
    });

    it('follows no symbolic link to keep a copy', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const plan = await planned(remote, of);
      const elsewhere = join(directory, `elsewhere-${++count}`);
      mkdirSync(elsewhere, { mode: 0o700 });
      symlinkSync(elsewhere, save);
      expect((await look(remote, of)).plan).toMatch(/it is a symbolic link/);
      const [result] = await run(remote, plan.steps.slice(0, 1));
      expect([result?.exitCode, result?.stderr]).toEqual([
        73,
        expect.stringMatching(/symbolic link/),
      ]);
      expect(readdirSync(elsewhere)).toEqual([]);
      expect(of.blocks()).toBeGreaterThan(0);
    });

    it('refuses a directory that others may write to, or a parent of it', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      const plan = await planned(remote, of);
      mkdirSync(save, { mode: 0o700 });
      chmodSync(save, 0o770);
      expect((await look(remote, of)).plan).toMatch(/its mode is 770/);
      expect(codes(await run(remote, plan.steps.slice(0, 1)))).toEqual([73]);
      const parent = join(directory, `parent-${++count}`);
      mkdirSync(parent);
      chmodSync(parent, 0o777);
      save = join(parent, 'save');
      expect((await look(remote, of)).plan).toMatch(/writable by others \(mode 777\)/);
    });

    it('keeps no copy on the full file system: the loss must be accepted, then it frees', async () => {
      const remote = remoteOf(name);
      const of = deleted(content);
      save = join(disk.path, 'save');
      const plan = await planned(remote, of);
      marks.push(`/run/housecall/claims/${of.fix}`);
      expect(plan.saved).toEqual({ kind: 'loss', words: `lose docker.log-${count - 1}` });
      expect(plan.steps.map(({ id }) => id)).toEqual(['claim', 'truncate']);
      const results = await run(remote, plan.steps);
      expect(codes(results), results.map((r) => r.stderr).join()).toEqual([0, 0]);
      expect(of.blocks()).toBe(0);
      expect(existsSync(save)).toBe(false);
    });

    it('makes plain names of hostile ones, and runs nothing in them', async () => {
      const remote = remoteOf(name);
      const pwned = join(directory, 'pwned');
      const of = deleted(
        content,
        `a\nb'"$(touch ${pwned.replaceAll('/', '%')})\`id\`;\u001b[31m @n0nce`,
      );
      const before = await look(remote, of);
      const plan = await planned(remote, of);
      expect(codes(await run(remote, plan.steps))).toEqual([0, 0, 0]);
      expect(copies()).toEqual([expect.stringMatching(/^fix[0-9]+-a_b_[A-Za-z0-9._-]+\.gz$/)]);
      expect(existsSync(pwned)).toBe(false);
      expect((await look(remote, of)).verify(before.state)).toMatchObject({ outcome: 'verified' });
    });

    it('says that a writer without O_APPEND goes on at its old offset', async () => {
      const remote = remoteOf(name);
      const of = deleted(content, `plain-${++count}`, 'r+');
      expect((await planned(remote, of)).preconditions.join('\n')).toMatch(/does not append/);
      expect((await planned(remote, deleted(content))).preconditions.join('\n')).toMatch(/appends/);
    });

    it('empties a file that its holder opened for reading only', async () => {
      const remote = remoteOf(name);
      const of = deleted(content, `read-${++count}`, 'r');
      expect(codes(await run(remote, (await planned(remote, of)).steps))).toEqual([0, 0, 0]);
      expect(of.blocks()).toBe(0);
    });

    it('refuses memory, and a file that a process has mapped', async () => {
      const remote = remoteOf(name);
      const shm = `/dev/shm/housecall-${process.pid}-${++count}`;
      writeFileSync(shm, 'x'.repeat(MIB));
      const pid = hold(shm);
      const { ino, dev } = statSync(shm);
      unlinkSync(shm);
      expect((await look(remote, start({ pid, inode: String(ino), dev }))).plan).toMatch(
        /in memory/,
      );
      const program = join(disk.path, `sleep-${++count}`);
      copyFileSync('/bin/sleep', program);
      chmodSync(program, 0o755);
      const facts = statSync(program);
      const mapper = hold(program, 'r', program);
      await new Promise((resolve) => setTimeout(resolve, 100));
      unlinkSync(program);
      const mapped = start({ pid: mapper, inode: String(facts.ino), dev: facts.dev });
      expect((await look(remote, mapped)).plan).toMatch(/may be mapped into process/);
    });
  });

  it('cannot look, and claims nothing, when sudo is lost', async () => {
    const root_ = remoteOf('sh');
    const of = deleted('x'.repeat(MIB));
    save = `/var/tmp/housecall-test-${process.pid}-${count}`;
    marks.push(save);
    const plan = await planned(root_, of);
    const nobody = createLocalRemote({ shell: ['sh'], uid: 65534 });
    expect((await look(nobody, of)).plan).toMatch(/cannot be looked at as uid 65534/);
    await run(root_, plan.steps.slice(0, 1));
    expect(codes(await run(nobody, plan.steps))).toEqual([73, 73, 73]);
    expect(of.blocks()).toBeGreaterThan(0);
  });

  it('gives the copy up when there is no room for it after all, and truncates nothing', async () => {
    const remote = remoteOf('sh');
    const small = createLoopDisk(directory, 'small', 48);
    try {
      chmodSync(small.path, 0o755);
      // Packs well where the sample looks, and not at all elsewhere.
      const content = randomBytes(32 * MIB);
      for (let at = 0; at < content.length; at += 4 * MIB) content.fill(0, at, at + 262_144);
      const of = deleted(content);
      save = join(small.path, 'save');
      const plan = await planned(remote, of);
      expect(plan.saved.kind).toBe('file');
      const results = await run(remote, plan.steps);
      expect(codes(results), results.map((r) => r.stderr).join()).toEqual([0, 74, 74]);
      expect(results[1]?.stderr).toMatch(/the copy is not whole/);
      expect(copies()).toEqual([]);
      expect(of.blocks()).toBeGreaterThan(0);
    } finally {
      small.remove();
    }
  });

  it('removes the partial copy when it is stopped in the middle', async () => {
    const remote = remoteOf('sh');
    const of = deleted(randomBytes(24 * MIB));
    const plan = await planned(remote, of);
    await run(remote, plan.steps.slice(0, 1));
    const { argv, stdin } = step(plan, 'save');
    const child = spawn(argv[0], argv.slice(1), {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    child.stdin.end(stdin);
    for (let n = 0; copies().length === 0 && n < 500; n++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(copies()[0]).toMatch(/\.gz\.partial$/);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
    expect(copies()).toEqual([]);
    expect(codes(await run(remote, plan.steps.slice(2)))).toEqual([74]);
    expect(of.blocks()).toBeGreaterThan(0);
  });

  it('is refused when the descriptor was replaced after planning', async () => {
    const remote = remoteOf('sh');
    const first = join(disk.path, `first-${++count}`);
    const other = join(disk.path, `other-${count}`);
    writeFileSync(first, 'x'.repeat(MIB));
    const { ino, dev } = statSync(first);
    const holder = spawn('sh', [], { stdio: ['pipe', 'pipe', 'ignore'] });
    holders.push(holder);
    const tell = (line: string): Promise<unknown> => {
      const answered = new Promise((resolve) => holder.stdout.once('data', resolve));
      holder.stdin.write(`${line}; echo\n`);
      return answered;
    };
    await tell(`exec 4>>'${first}'; rm '${first}'`);
    const of = start({ pid: holder.pid ?? 0, inode: String(ino), dev });
    const plan = await planned(remote, of);
    await tell(`exec 4>>'${other}'; echo precious >&4; rm '${other}'`);
    const results = await run(remote, plan.steps);
    expect(codes(results)).toEqual([0, 65, 74]);
    expect(statSync(`/proc/${holder.pid}/fd/4`).size).toBe(9);
    expect((await look(remote, of)).plan).toMatch(/another file now/);
  });

  it('claims once when twenty begin at the same moment', async () => {
    const remote = remoteOf('sh');
    const of = deleted('x'.repeat(MIB));
    const [claim] = (await planned(remote, of)).steps;
    if (claim === undefined) throw new Error('no claim');
    const all = await Promise.all(
      Array.from({ length: 20 }, () => remote.change('host-17', claim)),
    );
    expect(all.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1);
    expect(all.filter(({ exitCode }) => exitCode === 75)).toHaveLength(19);
    renameSync(save, `${save}-moved`);
  });
});
