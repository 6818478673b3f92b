import { describe, expect, it } from 'vitest';
import { backlogFindings } from '../../../../src/diagnostics/vitals/assess/backlog.ts';
import { blockedTasks } from '../../../../src/diagnostics/vitals/assess/blocked-tasks.ts';
import { taskFindings } from '../../../../src/diagnostics/vitals/assess/tasks.ts';
import { parse } from '../../../../src/diagnostics/vitals/parse.ts';
import type {
  Group,
  Queue,
  QueueOwners,
  Reading,
  Sample,
  Slept,
  Wait,
} from '../../../../src/diagnostics/vitals/reading.ts';
import { recorded } from '../../../support/changed-output.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';

const healthy = parse(recorded('vitals', 'healthy'), FIXTURE_NONCE);

/** The healthy host, its two samples three seconds apart. */
function host(of: Partial<Reading>, before: Partial<Sample> = {}, after = before): Reading {
  const [first, last] = healthy.samples;
  if (first === undefined || last === undefined) throw new Error('two samples are needed');
  const samples = [
    { ...first, ...before, atSeconds: 100 },
    { ...last, ...after, atSeconds: 103 },
  ];
  return { ...healthy, owners: new Map(), samples, ...of };
}

describe('vitals: the limits of tasks', () => {
  const limits = new Map([
    ['kernel/pid_max', 1000],
    ['kernel/threads-max', 2000],
  ]);

  it.each([899, 900, 979, 980, 1799, 1800, 1959, 1960])('of the host: %d threads', (threads) => {
    expect(taskFindings(host({ limits, groups: null }, { threads }))).toMatchSnapshot();
  });

  it('that are not known are none, and without a sample nothing runs', () => {
    expect(taskFindings(host({ limits: new Map(), groups: null }, { threads: 9999 }))).toEqual([]);
    expect(taskFindings(host({ limits, groups: null, samples: [] }))).toEqual([]);
  });

  const group = (of: Partial<Group>): Group => ({
    path: '/system.slice/app.service',
    oomKills: 0,
    underOom: false,
    limitBytes: null,
    usageBytes: null,
    cacheBytes: 0,
    pidsMax: 1000,
    pids: 1000,
    forksDenied: 0,
    ...of,
  });
  const found = (of: Partial<Group>) =>
    taskFindings(host({ groups: { walked: 1, late: false, list: [group(of)] } }));

  it.each<Partial<Group>>([
    { pids: 899 },
    { pids: 900 },
    { pids: 979 },
    { pids: 980 },
    { pids: 999, pidsMax: 1000, forksDenied: 1 },
    { pids: 1000, forksDenied: 1200 },
    { pids: 3001, pidsMax: 3000, path: '/user.slice' },
    { path: `/docker/${'0a'.repeat(32)}` },
    { pids: null },
    { pidsMax: null },
  ])('of a control group: %j', (of) => {
    expect(found(of)).toMatchSnapshot();
  });
});

describe('vitals: connections that nobody accepts', () => {
  const queue = (of: Partial<Queue> = {}): Queue => ({
    pid: 48,
    address: '0.0.0.0:80',
    inode: '7',
    waiting: 5,
    ...of,
  });
  const space = (overflows: number) => new Map([[48, { overflows, drops: 0 }]]);
  const owned: QueueOwners = {
    limits: new Map([['7', 4]]),
    owners: new Map([['7', { pid: 6, name: 'web' }]]),
    states: new Map([[6, 'S']]),
  };
  const owners = new Map([[6, '/system.slice/web.service']]);
  const full = { queues: [queue()], spaces: space(8) };

  it.each<[string, Reading]>([
    ['full in both, none dropped', host({ queues: owned, owners }, full)],
    ['and dropped', host({ queues: owned, owners }, full, { ...full, spaces: space(38) })],
    ['and one dropped', host({ queues: owned, owners }, full, { ...full, spaces: space(9) })],
    ['and the counter ran backwards', host({ queues: owned }, full, { ...full, spaces: space(0) })],
    ['exactly full', host({ queues: owned }, { queues: [queue({ waiting: 4 })] })],
    ['one below', host({ queues: owned }, { queues: [queue({ waiting: 3 })] })],
    [
      'a backlog of none, and one waits',
      host(
        { queues: { ...owned, limits: new Map([['7', 0]]) } },
        { queues: [queue({ waiting: 1 })] },
      ),
    ],
    [
      'a backlog of none, and none waits',
      host(
        { queues: { ...owned, limits: new Map([['7', 0]]) } },
        { queues: [queue({ waiting: 0 })] },
      ),
    ],
    ['full only first', host({ queues: owned }, full, { queues: [queue({ waiting: 1 })] })],
    ['full only then', host({ queues: owned }, { queues: [queue({ waiting: 1 })] }, full)],
    ['another socket', host({ queues: owned }, { queues: [queue({ inode: '8' })] }, full)],
    ['a backlog not known', host({ queues: { ...owned, limits: new Map() } }, full)],
    ['an owner not known', host({ queues: { ...owned, owners: new Map() } }, full)],
    ['stopped', host({ queues: { ...owned, states: new Map([[6, 'TT']]) } }, full)],
    ['traced', host({ queues: { ...owned, states: new Map([[6, 't']]) } }, full)],
    ['one of two stopped', host({ queues: { ...owned, states: new Map([[6, 'TS']]) } }, full)],
    [
      'one of two stopped, the other way',
      host({ queues: { ...owned, states: new Map([[6, 'ST']]) } }, full),
    ],
    ['state not known', host({ queues: { ...owned, states: new Map() } }, full)],
    ['dropped and not full', host({ queues: owned }, { spaces: space(8) }, { spaces: space(11) })],
    ['none dropped and not full', host({ queues: owned }, { spaces: space(8) })],
    [
      'a namespace that came',
      host({ queues: owned }, { spaces: new Map() }, { spaces: space(11) }),
    ],
    ['only one sample', host({ samples: healthy.samples.slice(0, 1) })],
  ])('%s', (_, reading) => {
    expect(backlogFindings(reading)).toMatchSnapshot();
  });
});

describe('vitals: tasks that hang, whole findings', () => {
  const slept = (of: Partial<Slept> = {}): Slept => ({
    task: '50/50',
    pid: 50,
    start: '99',
    kernel: false,
    switches: 7,
    name: 'dd',
    ...of,
  });
  const mounts = [
    { type: 'ext4', source: '/dev/sda1', point: '/' },
    { type: 'nfs4', source: 'filer:/a', point: '/home' },
    { type: 'xfs', source: '/dev/sdb1', point: '/srv' },
    { type: 'xfs', source: '/dev/sdc1', point: '/srv' },
    { type: 'ext4', source: '/dev/sdd1', point: '/srv/in\\e' },
  ];
  const waiting = (of: Partial<Wait>, also: Partial<Reading> = {}): Reading => {
    const wait: Wait = {
      wchan: 'io_schedule',
      stack: [],
      file: null,
      cwd: null,
      frozen: false,
      ...of,
    };
    const waits = { tasks: new Map([['50/50', wait]]), mounts };
    return host({ waits, ...also }, { slept: [slept()] });
  };
  const kernel = (wchan: string, stack: readonly string[] = []): Reading => ({
    ...waiting({ wchan, stack }),
    samples: host({}, { slept: [slept({ kernel: true })] }).samples,
  });
  const many = (copies: number): Reading => {
    const all = Array.from({ length: copies }, (_, i) =>
      slept({ task: `${i}/${i}`, pid: i, name: `dd${i % 4}` }),
    );
    return host({ waits: { tasks: new Map(), mounts } }, { slept: all });
  };

  it.each<[string, Reading]>([
    ['on no mount', waiting({})],
    ['of a unit', waiting({}, { owners: new Map([[50, '/system.slice/a.service']]) })],
    ['of nothing seen', host({}, { slept: [slept()] })],
    ['of no wait channel', waiting({ wchan: '', stack: ['a', 'b'] })],
    ['of a hidden wait channel', waiting({ wchan: '0' })],
    ['on a file', waiting({ file: '/srv/x' })],
    ['on the mount itself', waiting({ file: '/srv' })],
    ['on a name that only begins like a mount', waiting({ file: '/srvx' })],
    ['on the root', waiting({ file: '/x' })],
    ['in a directory of the root', waiting({ cwd: '/x' })],
    ['on a deleted file', waiting({ file: '/srv (deleted)' })],
    ['on a mount with a hidden character', waiting({ file: '/srv/in\\e/x' })],
    ['on a file server', waiting({ wchan: 'rpc_wait', cwd: '/' })],
    ['on a file server by its stack', waiting({ stack: ['nfs4_proc'], file: '/home/a' })],
    ['on a file server elsewhere', waiting({ wchan: 'nfs_wait', file: '/srv/a' })],
    ['on a share that is not mounted', waiting({ wchan: 'cifs_wait', file: '/srv/a' })],
    ['frozen', waiting({ frozen: true })],
    ['its OOM killer is off', waiting({ wchan: 'mem_cgroup_oom_synchronize' })],
    ['its child runs', waiting({ stack: ['wait_for_vfork_done'] })],
    ['a thread of the kernel', kernel('kthread_fn', ['jbd2_log'])],
    ['an idle thread of the kernel', kernel('kthread_fn')],
    ['three', many(3)],
    ['four', many(4)],
    ['five', many(5)],
    ['twenty-one', many(21)],
    ['woke up', host({}, { slept: [slept()] }, { slept: [slept({ switches: 8 })] })],
    ['not countable', host({}, { slept: [slept({ switches: null })] })],
    ['another of its id', host({}, { slept: [slept()] }, { slept: [slept({ start: '98' })] })],
    ['another thread', host({}, { slept: [slept()] }, { slept: [slept({ task: '50/51' })] })],
    ['over', host({}, { slept: [slept()] }, { slept: [] })],
    ['only one sample', host({ samples: healthy.samples.slice(0, 1) })],
  ])('%s', (_, reading) => {
    expect(blockedTasks(reading)).toMatchSnapshot();
  });
});
