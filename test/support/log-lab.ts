import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { truncateLog } from '../../src/fixes/truncate-log/index.ts';
import { type FixRun, shellRemote } from './fix-runs.ts';
import type { LocalRemote } from './local-remote.ts';
import { createLoopDisk, type LoopDisk } from './loop-disk.ts';

/** Lines of a real flood: one message has nearly all bytes. */
export const FLOOD = Array.from({ length: 20_000 }, (_, n) =>
  n % 10 === 0
    ? `info request ${n} done`
    : `2026-11-20T03:00:${String(n % 60).padStart(2, '0')} ERROR worker[${n}]: connect() failed: Cannot assign requested address`,
).join('\n');

export interface LiveLog extends FixRun {
  readonly path: string;
  readonly blocks: () => number;
}

/** A small disk with logs on it, and processes that write them. */
export class LogLab {
  readonly directory = mkdtempSync(join(tmpdir(), 'housecall-log-'));
  readonly disk: LoopDisk = createLoopDisk(this.directory, 'data', 64);
  /** Removed at the end. */
  readonly leftovers: string[] = [];
  readonly #children: ChildProcess[] = [];
  #count = 0;

  remote(name: string): LocalRemote {
    return shellRemote(this.directory, name);
  }

  fresh(name: string): string {
    return `${name}-${process.pid}-${++this.#count}`;
  }

  /** A process that holds `path` as descriptor 4. */
  hold(path: string, flags = 'a'): ChildProcess {
    const fd = openSync(path, flags);
    const child = spawn('sleep', ['300'], { stdio: ['ignore', 'ignore', 'ignore', 'ignore', fd] });
    closeSync(fd);
    this.#children.push(child);
    return child;
  }

  /** Runs a program until the test is over; returns when it printed something. */
  async start(program: string, ...args: string[]): Promise<ChildProcess> {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#children.push(child);
    await new Promise((resolve) => {
      child.stdout.once('data', resolve);
    });
    return child;
  }

  log(content: Buffer | string = `${FLOOD}\n`, name = this.fresh('app.log')): LiveLog {
    const path = join(this.disk.path, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return this.at(path);
  }

  at(path: string): LiveLog {
    return {
      module: truncateLog,
      params: { path },
      fix: this.fresh('fix'),
      save: join(this.directory, this.fresh('save')),
      path,
      blocks: () => statSync(path).blocks,
    };
  }

  endChildren(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
  }

  /** Makes room for the next test. */
  clear(): void {
    this.endChildren();
    for (const name of readdirSync(this.disk.path)) {
      rmSync(join(this.disk.path, name), { recursive: true, force: true });
    }
  }

  remove(): void {
    this.endChildren();
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
