import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Box, createBox } from './box.ts';
import { ext4 } from './disk-box.ts';
import type { StandInState } from './hdfs/stand-in.ts';
import { type Account, type Door, makeAccounts, openDoor, ROOT } from './lab-accounts.ts';
import { burning, REMOTE } from './ports-box.ts';

const MAKER = join(import.meta.dirname, 'every-fault.py');

/** Who may look into other processes while /proc is mounted with hidepid=2: the option `gid=`. */
const SEEING = ['seeing'];

/** Who logs in. */
export const ACCOUNTS = {
  root: ROOT,
  sudoer: { name: 'sudoer', sudo: 'allowed', groups: SEEING },
  'busybox-root': { name: 'busybox-root', root: true, busybox: true },
  refused: { name: 'refused', sudo: 'refused', groups: SEEING },
  plain: { name: 'plain', groups: SEEING },
  docker: { name: 'docker', groups: [...SEEING, 'docker'] },
  busybox: { name: 'busybox', busybox: true, groups: SEEING },
  hidden: { name: 'hidden' },
  'hidden-busybox': { name: 'hidden-busybox', busybox: true },
  'hidden-sudoer': { name: 'hidden-sudoer', sudo: 'allowed' },
} as const satisfies Readonly<Record<string, Account>>;

export type AccountName = keyof typeof ACCOUNTS;

/** How much each may see. */
export const SEES = {
  all: ['root', 'sudoer', 'busybox-root', 'hidden-sudoer'],
  some: ['refused', 'plain', 'docker', 'busybox'],
  own: ['hidden', 'hidden-busybox'],
} as const satisfies Readonly<Record<string, readonly AccountName[]>>;

/** A directory of HDFS with as many entries as it may have, and one that is closed to everybody but its owner. */
export const HDFS = {
  full: '/infra/a"\' $(pwned) `pwned` ;pwned <!channel> <@U123> *x* [y]?{z} %s \\012',
  closed: '/infra/closed',
} as const;

/** A host that has every fault at once, behind a real sshd, and whose names attack whoever reads them. */
export interface EveryFaultHost extends Door {
  readonly box: Box;
  /** What was executed of it. */
  executed(): readonly string[];
  /** PATH for programs that run beside the host: `pwned` is in it. */
  readonly programs: string;
  /** How many descriptors are open, all processes together. */
  descriptors(): number;
}

export async function createEveryFaultHost(): Promise<EveryFaultHost> {
  const box = await createBox();
  try {
    return await furnish(box);
  } catch (error) {
    box.close();
    throw error;
  }
}

async function furnish(box: Box): Promise<EveryFaultHost> {
  const accounts = Object.values<Account>(ACCOUNTS);
  const trace = join(box.directory, 'trace');
  const programs = join(box.directory, 'programs');
  await makeAccounts(box, accounts);
  box.run(`mkdir -m 1777 ${trace}; mkdir ${programs}
    mount -t tmpfs tmpfs /srv; mount -t tmpfs tmpfs /var/lib; mount -t tmpfs tmpfs /run; mkdir -m 755 /run/sshd
    truncate -s 64M ${box.directory}/disk; mkfs.ext4 -q ${box.directory}/disk
    truncate -s 32M ${box.directory}/logs; mkfs.ext4 -q -m 0 ${box.directory}/logs
    mount -o loop ${box.directory}/logs /var/log; chmod 755 /var/log
    rm -rf /etc/docker /etc/logrotate.d`);
  ext4(box, '/var/lib/docker');
  trap(box, { trace, programs });
  hadoop(box);
  box.run(`/usr/bin/python3 ${MAKER} files ${trace} ${box.directory}/disk`);
  await box.start('/usr/bin/python3', MAKER, 'actors', trace);
  const name = Buffer.from('$(pwned)\n\u001b[31m').toString('hex');
  await burning(box, [`name:${name}`, `est:${REMOTE}:6379:250`]);
  box.run('mount -o remount,hidepid=2,gid=$(getent group seeing | cut -d: -f3) /proc');
  const door = await openDoor(box, accounts);
  return {
    ...door,
    box,
    programs,
    executed: () => readdirSync(trace),
    descriptors: () => Number(box.run('ls /proc/[0-9]*/fd | grep -c "^[0-9]" || true')),
    async close() {
      await door.close();
      box.close();
    },
  };
}

/** `pwned`, wherever a shell may look for it. */
function trap(box: Box, { trace, programs }: { trace: string; programs: string }): void {
  const script = join(programs, 'pwned');
  writeFileSync(script, `#!/bin/sh\n: >${trace}/executed-$$\n`);
  chmodSync(script, 0o755);
  // It must work for the test to mean anything.
  box.run(`set -- $(env PATH=${programs}:$PATH sh -c 'echo "$(pwned)"')`);
  if (readdirSync(trace).length !== 1) throw new Error('the trap does not work');
  for (const one of readdirSync(trace)) rmSync(join(trace, one));
  copyFileSync(script, join(box.directory, 'applets/pwned'));
  for (const directory of ['/usr/local/bin', '/usr/local/sbin']) {
    if (!existsSync(directory)) continue;
    // On top of what is there, which stays.
    box.run(`mount -t tmpfs tmpfs /mnt
      mkdir /mnt/up /mnt/work; cp ${script} /mnt/up
      mount -t overlay overlay -o lowerdir=${directory},upperdir=/mnt/up,workdir=/mnt/work ${directory}; umount -l /mnt`);
  }
}

/** The `hdfs` command, where a login without a profile finds it. */
function hadoop(box: Box): void {
  const at = join(box.directory, 'hadoop');
  const state = join(at, 'state.json');
  box.run(`mkdir -p ${at}; cp ${join(import.meta.dirname, 'hdfs')}/*.mjs ${at}
    touch ${at}/node; mount --bind ${process.execPath} ${at}/node
    mkdir -p /opt; mount -t tmpfs tmpfs /opt; mkdir -p /opt/hadoop/bin`);
  writeFileSync(state, JSON.stringify(hdfsState()));
  const script = `#!/bin/sh\nHDFS_STATE=${state} exec ${at}/node ${at}/stand-in.mjs "$@"\n`;
  writeFileSync(join(at, 'hdfs'), script);
  box.run(`cp ${at}/hdfs /opt/hadoop/bin; chmod 755 /opt/hadoop/bin/hdfs; chmod -R a+rX ${at}`);
}

function hdfsState(): StandInState {
  const mtime = Date.parse('2018-05-30T14:03:00Z');
  const infra = { owner: 'registry', group: 'infra', mode: '755', mtime };
  const name = 'x\n-rw-r--r-- 3 a b 1 2001-01-01 00:00 /infra/y $(pwned) \u001b[31m <!channel> *x*';
  const span = { from: '2017-01-01T00:00:00Z', to: '2018-05-30T14:03:00Z' };
  return {
    superuser: 'hdfs',
    fs: 'hdfs://nn-1:8020',
    limit: 500,
    nodes: {
      '/': { ...infra, owner: 'hdfs' },
      '/infra': infra,
      [HDFS.full]: { ...infra, synthetic: { files: 499, bytesEach: 1, ...span } },
      [`${HDFS.full}/${name}`]: { ...infra, kind: 'file', mtime: mtime - 1e11 },
      [HDFS.closed]: { ...infra, mode: '700', synthetic: { files: 500, bytesEach: 1, ...span } },
    },
  };
}
