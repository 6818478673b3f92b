import type { KernelLog } from '../reading.ts';

/** One process that the kernel killed for lack of memory. */
export interface Kill {
  readonly pid: number;
  readonly process: string;
  readonly ageSeconds: number | null;
  readonly rssBytes: number | null;
  /** The control group whose limit was reached; null: the host. */
  readonly group: string | null;
  /** The control group of the process. */
  readonly taskGroup: string | null;
  readonly line: string;
}

/**
 * The kernel's words: since Linux 4.19 a line `oom-kill:constraint=…` tells the place, then
 * `Out of memory: Killed process` or `Memory cgroup out of memory: Killed process` the victim.
 * Older ones have `Killed process N (name) total-vm…` alone.
 */
export function killsOf(kernel: KernelLog | null): readonly Kill[] {
  const places = new Map<number, { group: string | null; taskGroup: string | null }>();
  const kills: Kill[] = [];
  for (const { text, ageSeconds } of kernel?.classes.get('oom')?.lines ?? []) {
    const place =
      /oom-kill:constraint=(\w+),.*?(?:,oom_memcg=(.*?))?,task_memcg=(.*),task=.*,pid=(\d+),uid=\d+/.exec(
        text,
      );
    if (place !== null) {
      const [, constraint, oomGroup, taskGroup, pid] = place;
      const memcg = constraint === 'CONSTRAINT_MEMCG';
      places.set(Number(pid), {
        group: memcg ? (oomGroup ?? null) : null,
        taskGroup: taskGroup ?? null,
      });
      continue;
    }
    const victim =
      /Killed process (\d+) \((.*)\)(?:,| total-vm)/.exec(text) ??
      /Killed process (\d+) \((.*)\)/.exec(text);
    if (victim === null) continue;
    const pid = Number(victim[1]);
    const rss = ['anon-rss', 'file-rss', 'shmem-rss'].map((key) =>
      Number(new RegExp(`${key}:(\\d+)kB`).exec(text)?.[1] ?? 0),
    );
    const rssBytes = rss.reduce((sum, kib) => sum + kib, 0) * 1024;
    const known = places.get(pid);
    const inGroup = text.startsWith('Memory cgroup');
    kills.push({
      pid,
      process: victim[2] ?? '',
      ageSeconds,
      rssBytes: text.includes('anon-rss') ? rssBytes : null,
      group: known?.group ?? (inGroup ? 'unknown' : null),
      taskGroup: known?.taskGroup ?? null,
      line: text,
    });
    places.delete(pid);
  }
  return kills;
}
