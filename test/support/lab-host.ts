import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram, installPackage, runTool } from '../../src/app/sshd-program.ts';
import { type Box, boxProblem, createBox } from './box.ts';
import { ext4, HOLDER } from './disk-box.ts';
import { startLocalSshd, whyNoSshd } from './sshd.ts';

/** Who logs in to the lab's host; each is a host of the inventory under that name. */
export const ACCOUNTS = ['root', 'sudoer', 'refused', 'plain', 'docker', 'owner', 'ash'] as const;

/** The small file system of the lab's host. */
export const DISK = '/srv/d';

/**
 * A host with a full disk behind a real sshd: own process ids, own mounts, own accounts. What fills the
 * disk are deleted files that two processes hold; files in memory are there to be mistaken for them.
 */
export interface LabHost {
  readonly box: Box;
  /** `--config` that knows the host once per account. */
  readonly configFile: string;
  /** Runs a script as the account's login shell does, by OpenSSH's own client. */
  login(account: string, script: string): Promise<string>;
  /** What the kernel says about deleted files on the disk, without Housecall. */
  held(): readonly HeldFile[];
  close(): Promise<void>;
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
  if ((await findProgram('sudo')) === null) await installPackage('sudo');
  const box = await createBox();
  try {
    return await furnish(box);
  } catch (error) {
    box.close();
    throw error;
  }
}

async function furnish(box: Box): Promise<LabHost> {
  box.run(accounts(box.directory));
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
  const sshd = await startLocalSshd({ under: box.enter, config: ['PermitUserEnvironment yes'] });
  const configFile = path.join(box.directory, 'housecall.yaml');
  const hosts = ACCOUNTS.map((name) => {
    const sudo = name === 'sudoer' || name === 'refused';
    return `  ${name}: { address: 127.0.0.1, port: ${sshd.port}, user: ${name}, sudo: ${sudo} }\n`;
  });
  writeFileSync(
    configFile,
    `ssh: { identityFile: ${sshd.identityFile}, knownHostsFile: ${sshd.knownHostsFile} }
hosts:\n${hosts.join('')}`,
  );
  const { identityFile, knownHostsFile, port } = sshd;
  const known = `UserKnownHostsFile=${knownHostsFile}`;
  const options = ['-F', 'none', '-o', known, '-i', identityFile, '-p', String(port)];
  return {
    box,
    configFile,
    login: (account, script) => runTool('ssh', [...options, `${account}@127.0.0.1`, script]),
    held: () => heldFiles(box),
    async close() {
      await sshd.stop();
      box.close();
    },
  };
}

/** Accounts of this host alone: its /etc is a copy, which goes with it. */
function accounts(directory: string): string {
  return `
    cp -a /etc ${directory}/etc
    mount --bind ${directory}/etc /etc
    mount -t tmpfs tmpfs /home
    chmod 755 /home
    getent group docker >/dev/null || groupadd docker
    for name in sudoer refused plain docker owner ash; do
      shell=/bin/sh groups=nogroup
      [ "$name" = ash ] && shell=${directory}/applets/ash
      [ "$name" = docker ] && groups=docker
      useradd --create-home --no-user-group --gid nogroup --groups "$groups" --shell "$shell" --password '*' "$name"
    done
    mkdir ~ash/.ssh
    echo PATH=${directory}/applets >~ash/.ssh/environment
    chown -R ash ~ash/.ssh
    echo 'sudoer ALL=(root) NOPASSWD: ALL' >/etc/sudoers.d/housecall-lab
    chmod 440 /etc/sudoers.d/housecall-lab`;
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
