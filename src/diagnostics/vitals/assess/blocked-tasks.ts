import type { Finding, NextStep } from '../../../core/finding.ts';
import { formatDuration } from '../../../core/format.ts';
import type { Reading, Slept, Wait, Waits } from '../reading.ts';
import { ends } from './level.ts';
import { ofOwner, ownerOf } from './owner.ts';
import { count, evidence, finding, quote } from './words.ts';

/** From so many on it is the host that hangs, not a process. */
const MANY = 5;

const NETWORK = /^(nfs4?|cifs|smb3|ceph|fuse(\..+)?|9p|afs|lustre|glusterfs|gfs2|ocfs2|virtiofs)$/;

interface Stuck {
  readonly slept: Slept;
  readonly wait: Wait | null;
  readonly mount: Waits['mounts'][number] | null;
}

/** One sleep over both samples: a task that was D twice but moved in between is busy, not stuck. */
export function blockedTasks(reading: Reading): readonly Finding[] {
  const pair = ends(reading.samples);
  if (pair === null) return [];
  const [first, last] = pair;
  const stuck = last.slept
    .filter((now) => first.slept.some((then) => sameSleep(then, now)))
    .map((slept): Stuck => {
      const wait = reading.waits.tasks.get(slept.task) ?? null;
      return { slept, wait, mount: mountOf(wait, reading.waits) };
    })
    .filter(isHang);
  if (stuck.length === 0) return [];
  const [one] = stuck;
  const seconds = Math.floor(last.atSeconds - first.atSeconds);
  const hung = (reading.kernel?.classes.get('hung')?.recent ?? 0) > 0;
  const mount = stuck.find((task) => task.mount !== null)?.mount ?? null;
  const names = [...new Set(stuck.map(({ slept }) => slept.name))].map(quote);
  const where =
    mount === null ? '' : `, on ${quote(mount.point)} (${mount.type} from ${quote(mount.source)})`;
  const who =
    one !== undefined && stuck.length === 1
      ? `${quote(one.slept.name)} (pid ${one.slept.pid}) hangs`
      : `${count(stuck.length, 'task')} hang: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
  return [
    finding({
      code: 'vitals.blocked-tasks',
      status: hung || stuck.length >= MANY ? 'critical' : 'warning',
      subject: mount?.point ?? one?.slept.name ?? 'tasks',
      title: `${who} in the kernel and cannot be killed${where}`,
      detail: [
        `Uninterruptible sleep, the same one for at least ${formatDuration(seconds)}: it waits for a disk, a file server or a lock in the kernel. Not even SIGKILL ends it; it goes on when the answer comes.`,
        hung ? 'The kernel log names hung tasks too: this goes on for minutes.' : '',
        ...stuck.slice(0, 8).map((task) => describe(task, reading)),
      ],
      data: {
        count: stuck.length,
        seconds,
        ...(mount === null
          ? {}
          : { mount: mount.point, mountType: mount.type, mountSource: mount.source }),
        tasks: stuck.slice(0, 20).map(({ slept, wait }) => ({
          pid: slept.pid,
          process: slept.name,
          ...(wait === null || !known(wait.wchan) ? {} : { waitsIn: wait.wchan }),
        })),
      },
      evidence: stuck
        .slice(0, 3)
        .filter(({ wait }) => wait !== null && wait.stack.length > 0)
        .map(({ slept, wait }) =>
          evidence(['cat', `/proc/${slept.pid}/stack`], (wait?.stack ?? []).join('\n')),
        ),
      next: nextFor(mount),
    }),
  ];
}

function sameSleep(then: Slept, now: Slept): boolean {
  return (
    then.task === now.task &&
    then.start === now.start &&
    then.switches !== null &&
    then.switches === now.switches
  );
}

const known = (wchan: string): boolean => wchan !== '' && wchan !== '0';

/**
 * A frozen container (docker pause), a parent that waits for vfork, and a container whose OOM killer is
 * off look the same and are none; the last is told as such.
 */
function isHang({ slept, wait }: Stuck): boolean {
  const words = [wait?.wchan ?? '', ...(wait?.stack ?? [])].join(' ');
  if (
    wait?.frozen === true ||
    /refrigerator|kernel_clone|_do_fork|wait_for_vfork|mem_cgroup_oom/.test(words)
  )
    return false;
  if (!slept.kernel) return true;
  // Some kernel threads idle in this state.
  return /io_schedule|wait_on_|folio_wait|blk_|bio_|jbd2|ext4|xfs|btrfs|nfs|rpc_|percpu_rwsem|rwsem_down|mutex/.test(
    words,
  );
}

function mountOf(wait: Wait | null, { mounts }: Waits): Stuck['mount'] {
  if (wait === null) return null;
  const words = [wait.wchan, ...wait.stack].join(' ');
  const [, network] = /(?:^| )(?:\w*_)?(nfs|rpc|cifs|smb|ceph|fuse|9p)\d*_/.exec(words) ?? [];
  const types =
    network === undefined ? null : new RegExp(`^${network === 'rpc' ? 'nfs' : network}`);
  const path = [wait.file, wait.cwd].find(
    (one) => one?.startsWith('/') && at(one, mounts)?.point !== '/',
  );
  const byPath = path === undefined || path === null ? null : at(path, mounts);
  if (types === null) return byPath ?? (wait.file?.startsWith('/') ? at(wait.file, mounts) : null);
  if (byPath !== null && types.test(byPath.type)) return byPath;
  const fits = mounts.filter(({ type }) => types.test(type));
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

function at(path: string, mounts: Waits['mounts']): Stuck['mount'] {
  const clean = path.replace(/ \(deleted\)$/, '');
  const over = mounts.filter(
    ({ point }) => point === '/' || clean === point || clean.startsWith(`${point}/`),
  );
  // The later one covers an earlier one of the same place.
  return over.reduce<Stuck['mount']>(
    (best, one) => (best === null || one.point.length >= best.point.length ? one : best),
    null,
  );
}

function describe({ slept, wait, mount }: Stuck, { owners }: Reading): string {
  const owner = ofOwner(ownerOf(owners.get(slept.pid)));
  const place = mount === null ? '' : `, on ${quote(mount.point)}`;
  const file = wait?.file === null || wait === null ? '' : `, file ${quote(wait.file)}`;
  const reason =
    wait !== null && known(wait.wchan)
      ? ` waits in ${quote(wait.wchan)}`
      : ' waits for what only root can see';
  return `${quote(slept.name)} (pid ${slept.pid})${owner}${reason}${file}${place}`;
}

/** \`disk\` never touches a network file system. */
function nextFor(mount: Stuck['mount']): readonly NextStep[] {
  if (mount === null) return [{ diagnostic: 'disk', params: {} }];
  if (NETWORK.test(mount.type) || mount.point.includes('\\')) return [];
  return [{ diagnostic: 'disk', params: { mount: mount.point } }];
}
