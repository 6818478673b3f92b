import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimProbe, parseClaim } from '../../src/core/approval/claim.ts';
import {
  DeletedFileLab,
  hasRoot,
  look,
  planned,
  run,
  stepOf,
} from '../support/deleted-file-lab.ts';
import { createLocalRemote } from '../support/local-remote.ts';
import { createLoopDisk } from '../support/loop-disk.ts';

const MIB = 2 ** 20;
const CONTENT = Buffer.from('a line of a log\n'.repeat(100_000));
/** Positions in the argv of `save` and `truncate`. */
const AT = { pid: 6, fd: 7, start: 8, boot: 9, device: 10, inode: 11, copy: 12 };

describe.skipIf(!hasRoot())('truncate-deleted-file under attack', () => {
  let lab: DeletedFileLab;
  beforeAll(() => {
    lab = new DeletedFileLab();
  });
  afterEach(() => lab.endHolders());
  afterAll(() => lab.remove());

  describe.each(['dash', 'busybox'])('under %s', (shell) => {
    it.each([
      ['another start time (pid reuse)', AT.start, '1', /another one now/],
      ['another boot', AT.boot, '00000000-0000-0000-0000-000000000000', /started again/],
      ['another inode', AT.inode, '4242', /another file now/],
      ['another device', AT.device, '7:250', /another file now/],
      ['a closed descriptor', AT.fd, '250', /cannot be looked at/],
      ['a process that is gone', AT.pid, '4194304', /is gone/],
    ] as const)('refuses %s and changes nothing', async (_what, index, value, words) => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const plan = await planned(remote, file);
      // Without a copy: else the truncation would stop for that reason first.
      const { codes, said } = await run(remote, [
        stepOf(plan, 'claim'),
        stepOf(plan, 'save', { [index]: value }),
        stepOf(plan, 'truncate', { [index]: value, [AT.copy]: '' }),
      ]);
      expect(codes).toEqual([0, 65, 65]);
      expect(said.trim().split('\n')).toEqual([
        expect.stringMatching(words),
        expect.stringMatching(words),
      ]);
      expect(file.blocks()).toBeGreaterThan(0);
      expect(file.copies()).toEqual([]);
      const asked = await remote.read('host-17', claimProbe(file.save, file.fix, 'abc'));
      expect(parseClaim(asked, 'abc')).toEqual({ kind: 'failed', step: 'truncate', exitCode: 65 });
    });

    it('does not touch a file that still has a name, whatever the plan says', async () => {
      const remote = lab.remote(shell);
      const name = lab.fresh('living (deleted)');
      const path = join(lab.disk.path, name);
      writeFileSync(path, CONTENT);
      const pid = lab.hold(path);
      const { ino, dev } = statSync(path);
      expect((await look(remote, lab.held({ name, pid, ino, dev }))).plan).toMatch(
        /still has 1 name .*living data/,
      );
      const plan = await planned(remote, lab.deleted(CONTENT));
      const start = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
      const forged = { [AT.pid]: String(pid), [AT.start]: start, [AT.inode]: String(ino) };
      const { codes, said } = await run(remote, [
        stepOf(plan, 'claim'),
        stepOf(plan, 'truncate', { ...forged, [AT.copy]: '' }),
      ]);
      expect(codes).toEqual([0, 65]);
      expect(said).toMatch(/living data/);
      expect(readFileSync(path).equals(CONTENT)).toBe(true);
      unlinkSync(path);
    });

    it('stops when the holder exits after the copy, which stays', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const plan = await planned(remote, file);
      await run(remote, plan.steps.slice(0, 2));
      const holder = lab.holders.at(-1);
      const gone = new Promise((resolve) => {
        holder?.once('exit', resolve);
      });
      holder?.kill('SIGKILL');
      await gone;
      const { codes, said } = await run(remote, plan.steps.slice(2));
      expect([codes, said]).toEqual([[65], expect.stringMatching(/is gone/)]);
      expect(file.copies()).toHaveLength(1);
    });

    it('follows no symbolic link to keep a copy', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const plan = await planned(remote, file);
      const elsewhere = join(lab.directory, lab.fresh('elsewhere'));
      mkdirSync(elsewhere, { mode: 0o700 });
      symlinkSync(elsewhere, file.save);
      expect((await look(remote, file)).plan).toMatch(/it is a symbolic link/);
      const { codes, said } = await run(remote, plan.steps.slice(0, 1));
      expect([codes, said]).toEqual([[73], expect.stringMatching(/symbolic link/)]);
      expect(readdirSync(elsewhere)).toEqual([]);
      expect(file.blocks()).toBeGreaterThan(0);
    });

    it('refuses a directory that others may write to, or a parent of it', async () => {
      const remote = lab.remote(shell);
      const file = lab.deleted(CONTENT);
      const plan = await planned(remote, file);
      mkdirSync(file.save);
      chmodSync(file.save, 0o770);
      expect((await look(remote, file)).plan).toMatch(/its mode is 770/);
      expect((await run(remote, plan.steps.slice(0, 1))).codes).toEqual([73]);
      const parent = join(lab.directory, lab.fresh('parent'));
      mkdirSync(parent);
      chmodSync(parent, 0o777);
      file.save = join(parent, 'save');
      expect((await look(remote, file)).plan).toMatch(/writable by others \(mode 777\)/);
    });

    it('makes plain names of hostile ones, and runs nothing in them', async () => {
      const remote = lab.remote(shell);
      const pwned = lab.fresh('pwned');
      const name = `a\nb'"$(touch ${pwned})\`touch ${pwned}\`;\u001b[31m @n0nce`;
      const file = lab.deleted(CONTENT, { name });
      const before = await look(remote, file);
      const plan = await planned(remote, file);
      expect(await run(remote, plan.steps)).toEqual({ codes: [0, 0, 0], said: '' });
      expect(file.copies()).toEqual([expect.stringMatching(/^fix[0-9]+-a_b_[A-Za-z0-9._-]+\.gz$/)]);
      for (const place of ['.', lab.disk.path, file.save]) {
        expect(existsSync(join(place, pwned))).toBe(false);
      }
      expect((await look(remote, file)).verify(before.state)).toMatchObject({
        outcome: 'verified',
      });
    });

    it('refuses memory, and a file that a process has mapped', async () => {
      const remote = lab.remote(shell);
      const name = lab.fresh(`housecall-${process.pid}`);
      const shm = join('/dev/shm', name);
      writeFileSync(shm, 'x'.repeat(MIB));
      const { ino, dev } = statSync(shm);
      const pid = lab.hold(shm);
      unlinkSync(shm);
      expect((await look(remote, lab.held({ name, pid, ino, dev }))).plan).toMatch(/in memory/);
      // A running program is mapped; this one holds itself open as descriptor 4 as well.
      const program = join(lab.disk.path, lab.fresh('sleep'));
      copyFileSync('/bin/sleep', program);
      chmodSync(program, 0o755);
      const facts = statSync(program);
      const mapper = lab.hold(program, 'r', program);
      await pause(100);
      unlinkSync(program);
      const mapped = lab.held({ name, pid: mapper, ino: facts.ino, dev: facts.dev });
      expect((await look(remote, mapped)).plan).toMatch(/may be mapped into process/);
    });
  });

  it('cannot look, and claims nothing, when sudo is lost', async () => {
    const asRoot = lab.remote('sh');
    const file = lab.deleted('x'.repeat(MIB));
    file.save = `/var/tmp/${lab.fresh(`housecall-test-${process.pid}`)}`;
    lab.leftovers.push(file.save);
    const plan = await planned(asRoot, file);
    const nobody = createLocalRemote({ shell: ['sh'], uid: 65_534 });
    expect((await look(nobody, file)).plan).toMatch(/cannot be looked at as uid 65534/);
    await run(asRoot, plan.steps.slice(0, 1));
    expect((await run(nobody, plan.steps)).codes).toEqual([73, 73, 73]);
    expect(file.blocks()).toBeGreaterThan(0);
  });

  it('gives the copy up when there is no room for it after all, and truncates nothing', async () => {
    const remote = lab.remote('sh');
    const small = createLoopDisk(lab.directory, 'small', 48);
    try {
      // Packs well where the sample looks, and not at all elsewhere.
      const content = randomBytes(32 * MIB);
      for (let at = 0; at < content.length; at += 4 * MIB) content.fill(0, at, at + 262_144);
      const file = lab.deleted(content);
      file.save = join(small.path, 'save');
      const plan = await planned(remote, file);
      expect(plan.saved.kind).toBe('file');
      const { codes, said } = await run(remote, plan.steps);
      expect(codes).toEqual([0, 74, 74]);
      expect(said).toMatch(/the copy is not whole/);
      expect(file.copies()).toEqual([]);
      expect(file.blocks()).toBeGreaterThan(0);
    } finally {
      small.remove();
    }
  });

  it('removes the partial copy when it is stopped in the middle', async () => {
    const remote = lab.remote('sh');
    const file = lab.deleted(randomBytes(24 * MIB));
    const plan = await planned(remote, file);
    await run(remote, plan.steps.slice(0, 1));
    const { argv, stdin } = stepOf(plan, 'save');
    const [program, ...args] = argv;
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    child.stdin.end(stdin);
    for (let n = 0; file.copies().length === 0 && n < 1000; n++) await pause(5);
    expect(file.copies()[0]).toMatch(/\.gz\.partial$/);
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
    expect(file.copies()).toEqual([]);
    expect((await run(remote, plan.steps.slice(2))).codes).toEqual([74]);
    expect(file.blocks()).toBeGreaterThan(0);
  });

  it('runs nothing of a script that arrives cut off', async () => {
    const remote = lab.remote('sh');
    const file = lab.deleted('x'.repeat(MIB));
    const step = stepOf(await planned(remote, file), 'claim');
    const script = step.stdin ?? '';
    for (let end = 0; end < script.trimEnd().length - '"$@" </dev/null'.length; end += 97) {
      await remote.change('host-17', { ...step, stdin: script.slice(0, end) });
    }
    expect(existsSync(file.save)).toBe(false);
  });

  it('is refused when the descriptor was replaced after planning', async () => {
    const remote = lab.remote('sh');
    const name = lab.fresh('first');
    const [first, other] = [join(lab.disk.path, name), join(lab.disk.path, lab.fresh('other'))];
    writeFileSync(first, 'x'.repeat(MIB));
    const { ino, dev } = statSync(first);
    const holder = spawn('sh', [], { stdio: ['pipe', 'pipe', 'ignore'] });
    lab.holders.push(holder);
    const tell = async (line: string): Promise<void> => {
      const answered = new Promise((resolve) => {
        holder.stdout.once('data', resolve);
      });
      holder.stdin.write(`${line}; echo\n`);
      await answered;
    };
    await tell(`exec 4>>'${first}'; rm '${first}'`);
    const file = lab.held({ name, pid: holder.pid ?? 0, ino, dev });
    const plan = await planned(remote, file);
    await tell(`exec 4>>'${other}'; echo precious >&4; rm '${other}'`);
    expect((await run(remote, plan.steps)).codes).toEqual([0, 65, 74]);
    expect(statSync(`/proc/${holder.pid}/fd/4`).size).toBe('precious\n'.length);
    expect((await look(remote, file)).plan).toMatch(/another file now/);
  });

  it('claims once when twenty begin at the same moment', async () => {
    const remote = lab.remote('sh');
    const file = lab.deleted('x'.repeat(MIB));
    const claim = stepOf(await planned(remote, file), 'claim');
    const all = await Promise.all(
      Array.from({ length: 20 }, () => remote.change('host-17', claim)),
    );
    const codes = all.map(({ exitCode }) => exitCode ?? -1).toSorted((a, b) => a - b);
    expect(codes).toEqual([0, ...Array<number>(19).fill(75)]);
  });
});
