import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../../src/core/command.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import { truncateDeletedFile } from '../../src/fixes/truncate-deleted-file/index.ts';
import { createLocalRemote, type LocalRemote } from './local-remote.ts';
import { createLoopDisk, type LoopDisk } from './loop-disk.ts';

/** A deleted file that a process holds as descriptor 4, and a fix for it. */
export interface DeletedFile {
  readonly name: string;
  readonly params: { pid: number; fd: number; inode: string; device: string };
  readonly fix: string;
  /** `fixes.saveDirectory` for it. */
  save: string;
  readonly blocks: () => number;
  /** Copies in the save directory. */
  readonly copies: () => string[];
}

export interface Looked {
  readonly state: unknown;
  readonly plan: Plan | string;
  verify(before: unknown): { outcome: string; reason: string };
}

/** Mounting a file system needs root. */
export function hasRoot(): boolean {
  const root = process.getuid?.() === 0;
  if (!root) console.warn('truncate-deleted-file: left out, mounting a file system needs root');
  return root;
}

/** A small full disk, processes that hold deleted files on it, and the shells to run the scripts with. */
export class DeletedFileLab {
  readonly directory = mkdtempSync(join(tmpdir(), 'housecall-truncate-'));
  readonly disk: LoopDisk = createLoopDisk(this.directory, 'full', 64);
  /** Removed at the end. */
  readonly leftovers: string[] = [];
  readonly holders: ChildProcess[] = [];
  readonly #applets = join(this.directory, 'applets');
  #count = 0;

  constructor() {
    mkdirSync(this.#applets);
    execFileSync('busybox', ['--install', '-s', this.#applets]);
    // Nothing but busybox is found on this path.
    symlinkSync(readlinkSync(join(this.#applets, 'ls')), join(this.#applets, 'busybox'));
  }

  remote(name: string): LocalRemote {
    if (name !== 'busybox') return createLocalRemote({ shell: [name] });
    const shell = [join(this.#applets, 'busybox'), 'sh'] as const;
    return createLocalRemote({ shell: [...shell], env: { PATH: this.#applets } });
  }

  /** A name that nobody has in this lab. */
  fresh(name: string): string {
    return `${name}-${++this.#count}`;
  }

  /** A process that holds `file` as descriptor 4; its pid. */
  hold(file: string, flags = 'a', program = 'sleep'): number {
    const fd = openSync(file, flags);
    const holder = spawn(program, ['300'], { stdio: ['ignore', 'ignore', 'ignore', 'ignore', fd] });
    closeSync(fd);
    this.holders.push(holder);
    return holder.pid ?? 0;
  }

  deleted(content: Buffer | string, options: { name?: string; flags?: string } = {}): DeletedFile {
    const name = options.name ?? this.fresh('docker.log');
    const file = join(this.disk.path, name);
    writeFileSync(file, content);
    const { ino, dev } = statSync(file);
    const pid = this.hold(file, options.flags);
    unlinkSync(file);
    return this.held({ name, pid, ino, dev });
  }

  held(of: { name: string; pid: number; ino: number; dev: number }): DeletedFile {
    const { name, pid, ino, dev } = of;
    const device = `${(dev >> 8) & 0xfff}:${dev & 0xff}`;
    const file: DeletedFile = {
      name,
      params: { pid, fd: 4, inode: String(ino), device },
      fix: `fix${String(++this.#count).padStart(13, '0')}`,
      save: join(this.directory, this.fresh('save')),
      blocks: () => statSync(`/proc/${pid}/fd/4`).blocks,
      copies: () =>
        existsSync(file.save) ? readdirSync(file.save).filter((one) => one !== 'claims') : [],
    };
    return file;
  }

  endHolders(): void {
    for (const holder of this.holders.splice(0)) holder.kill('SIGKILL');
  }

  remove(): void {
    this.endHolders();
    this.disk.remove();
    for (const path of this.leftovers) rmSync(path, { recursive: true, force: true });
    rmSync(this.directory, { recursive: true, force: true });
    for (const path of ['/run/housecall/claims', '/run/housecall']) {
      try {
        rmdirSync(path);
      } catch {
        // Somebody else's marks are in it, or it was never made.
      }
    }
  }
}

export async function look(remote: LocalRemote, file: DeletedFile): Promise<Looked> {
  const { fix, params, save } = file;
  const context = { fix, host: 'host-17', saveDirectory: save, nonce: 'n0nce' };
  const bound = truncateDeletedFile.bind(params, context);
  const state = bound.parse(await remote.read('host-17', bound.probe));
  return { state, plan: bound.plan(state), verify: (before) => bound.verify(before, state) };
}

export async function planned(remote: LocalRemote, file: DeletedFile): Promise<Plan> {
  const { plan } = await look(remote, file);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

export async function run(
  remote: LocalRemote,
  steps: readonly Step[],
): Promise<{ codes: (number | null)[]; said: string }> {
  const results: CommandResult[] = [];
  for (const step of steps) results.push(await remote.change('host-17', step));
  return {
    codes: results.map(({ exitCode }) => exitCode),
    said: results.map(({ stderr }) => stderr).join(''),
  };
}

/** One step of a plan, with some of its arguments replaced by position in the argv. */
export function stepOf(
  plan: Plan,
  id: string,
  forged: Readonly<Record<number, string>> = {},
): Step {
  const found = plan.steps.find((step) => step.id === id);
  if (found === undefined) throw new Error(`no step ${id}`);
  const [program, ...args] = found.argv;
  return { ...found, argv: [program, ...args.map((arg, n) => forged[n + 1] ?? arg)] };
}
