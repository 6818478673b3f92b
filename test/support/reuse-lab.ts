import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { afterEach } from 'vitest';
import { reuseTimeWait } from '../../src/fixes/reuse-time-wait/index.ts';
import type { Box, ProbeOptions } from './box.ts';
import { boxed, burning, REMOTE, type Sysctls } from './ports-box.ts';
import { FixInBox, SAVE } from './service-box.ts';

/** `net.ipv4.tcp_tw_reuse` of the namespace of a process in the box. */
export function valueOf(box: Box, pid: number): string {
  return box.run(`nsenter -t ${pid} -n cat /proc/sys/net/ipv4/tcp_tw_reuse`).trim();
}

/** What one more connection to the exhausted destination ends with: an errno or `-`. */
export function connectionFrom(box: Box, pid: number): string {
  const attempt = `import socket,errno
try: socket.create_connection(("${REMOTE}",6379),3); print("-")
except OSError as e: print(errno.errorcode[e.errno])`;
  return box.run(`nsenter -t ${pid} -n /usr/bin/python3 -c '${attempt}'`).trim();
}

/** A box in which one network namespace has used up its ports. */
export async function exhaustedBox(sysctls: Sysctls = {}): Promise<{ box: Box; pid: number }> {
  const box = await boxed();
  box.run(`mount -t tmpfs tmpfs /srv; chmod 755 /srv; rm -rf ${SAVE}`);
  const { pid } = await burning(box, [`tw:${REMOTE}:6379:300`], sysctls);
  return { box, pid };
}

export function reuse(
  box: Box,
  params: { pid: number } | { container: string },
  options: ProbeOptions = {},
): FixInBox {
  return new FixInBox(box, { fix: reuseTimeWait, params, options });
}

const made: string[] = [];
afterEach(async () => {
  // A cgroup can be removed when the last of its processes is reaped.
  for (const path of made.splice(0)) {
    for (let tries = 0; existsSync(path) && tries < 100; tries++) {
      for (const pid of readFileSync(`${path}/cgroup.procs`, 'utf8').split('\n')) {
        if (Number(pid) > 1) end(Number(pid));
      }
      try {
        rmdirSync(path);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
});

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A made-up container: processes of the box in a cgroup that is called like one. */
export class Container {
  readonly id = randomBytes(32).toString('hex');
  readonly #box: Box;
  readonly #path: string;

  constructor(box: Box) {
    this.#box = box;
    const root = '/sys/fs/cgroup';
    const base = existsSync(`${root}/cgroup.procs`) ? root : `${root}/pids`;
    this.#path = `${base}/housecall-${this.id}`;
    mkdirSync(this.#path);
    made.push(this.#path);
  }

  /** Puts processes into it. */
  take(...pids: readonly number[]): void {
    for (const pid of pids) this.#box.run(`echo ${pid} >${this.#path}/cgroup.procs`);
  }

  /** All its processes end, and with them its network namespace. */
  end(): void {
    this.#box.run(`kill -KILL $(cat ${this.#path}/cgroup.procs) 2>/dev/null || :
      for n in $(seq 20); do [ -n "$(cat ${this.#path}/cgroup.procs)" ] || break; sleep 0.05; done`);
  }
}

/** Whether cgroups can be made here; prints why not. */
export function cgroupProblem(): string | null {
  const writable = existsSync('/sys/fs/cgroup') && readdirSync('/sys/fs/cgroup').length > 0;
  return writable ? null : 'no cgroups are mounted';
}
