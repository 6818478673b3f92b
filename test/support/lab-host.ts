import { type Box, boxProblem, createBox } from './box.ts';
import { ext4, HOLDER } from './disk-box.ts';
import { type Account, type Door, makeAccounts, openDoor, ROOT } from './lab-accounts.ts';
import { whyNoSshd } from './sshd.ts';

/** Who logs in to the lab's host; each is a host of the inventory under that name. */
export const ACCOUNTS = ['root', 'sudoer', 'refused', 'plain', 'docker', 'owner', 'ash'] as const;

const RIGHTS: readonly Account[] = [
  ROOT,
  { name: 'sudoer', sudo: 'allowed' },
  { name: 'refused', sudo: 'refused' },
  { name: 'plain' },
  { name: 'docker', groups: ['docker'] },
  { name: 'owner' },
  { name: 'ash', busybox: true },
];

/** The small file system of the lab's host. */
export const DISK = '/srv/d';

/**
 * A host with a full disk behind a real sshd: own process ids, own mounts, own accounts. What fills the
 * disk are deleted files that two processes hold; files in memory are there to be mistaken for them.
 */
export interface LabHost extends Door {
  readonly box: Box;
  /** What the kernel says about deleted files on the disk, without Housecall. */
  held(): readonly HeldFile[];
}

export interface HeldFile {
  readonly pid: number;
  readonly fd: number;
  readonly inode: number;
  readonly path: string;
  readonly sizeBytes: number;
  readonly lengthBytes: number;
}

/** Why there can be no lab here, printed; null: there can. */
export async function labProblem(): Promise<string | null> {
  const problem = boxProblem() ?? (await whyNoSshd());
  if (problem !== null) console.warn(`lab host: skipped, ${problem}`);
  return problem;
}

export async function createLabHost(): Promise<LabHost> {
  const box = await createBox();
  try {
    return await furnish(box);
  } catch (error) {
    box.close();
    throw error;
  }
}

async function furnish(box: Box): Promise<LabHost> {
  await makeAccounts(box, RIGHTS);
  box.run('mount -t tmpfs tmpfs /srv');
  ext4(box, DISK);
  // Deleted, 40 MiB; 1 GiB long with 2 MiB of blocks; then what looks alike.
  await box.start('python3', HOLDER, DISK, 'log=40', 'sparse=2', 'memfd=3', 'shm=3', 'living=1');
  box.run(`mkdir -m 777 ${DISK}/own; head -c 4M /dev/zero >${DISK}/app.db`);
  // A shell, not python: that may lie where only root comes.
  const hold = `cd ${DISK}/own; exec 7>>mine.log; head -c 3M /dev/zero >&7; rm mine.log; echo ready; exec sleep 3600`;
  await box.start(
    'setpriv',
    '--reuid=owner',
    '--regid=nogroup',
    '--clear-groups',
    'sh',
    '-c',
    hold,
  );
  const door = await openDoor(box, RIGHTS);
  return {
    ...door,
    box,
    held: () => heldFiles(box),
    async close() {
      await door.close();
      box.close();
    },
  };
}

function heldFiles(box: Box): readonly HeldFile[] {
  const listing = box.run(`
    for link in /proc/[0-9]*/fd/*; do
      target=$(readlink "$link") || continue
      case $target in
        ${DISK}/*' (deleted)')
          facts=$(stat -L -c '%h %i %b %s' "$link")
          case $facts in '0 '*) echo "$link $facts \${target% (deleted)}" ;; esac ;;
      esac
    done`);
  return listing
    .trim()
    .split('\n')
    .map((line) => {
      const [link = '', , inode, blocks, length, ...name] = line.split(' ');
      const [, , pid, , fd] = link.split('/');
      return {
        pid: Number(pid),
        fd: Number(fd),
        inode: Number(inode),
        path: name.join(' '),
        sizeBytes: Number(blocks) * 512,
        lengthBytes: Number(length),
      };
    });
}
