import { describe, expect, it } from 'vitest';
import { bodyOf, type Draft, fixture } from '../../../support/vitals-reading.ts';

const healthy = fixture('healthy');
const status = (titles: readonly string[]): string | undefined => titles[0]?.split(' ')[0];

describe('vitals: load', () => {
  it.each([
    ['3.99 9 9', undefined],
    ['9 3.99 9', undefined],
    ['4 4 0', 'warning'],
    ['9.99 12 1', 'warning'],
    ['10 10 1', 'critical'],
    ['100 1 1', undefined],
  ])('of %s on two CPUs is %s', (load, expected) => {
    expect(status(healthy.line('load', `load ${load} 1/200 9`).titles('load'))).toBe(expected);
  });

  it('waits when half of it is in uninterruptible sleep, else there is too much work', () => {
    const loaded = healthy.line('load', 'load 20 20 20 1/200 9');
    expect(loaded.line('blocked', 'blocked 10').titles('load')[0]).toContain(
      'and it is waiting: 10 tasks',
    );
    const busy = loaded.line('blocked', 'blocked 0');
    expect(busy.titles('load')[0]).toContain('want to run');
  });

  const ticks = (user: number, idle: number, softirq: number, steal: number): Draft => {
    const rows = (factor: number): string =>
      ['cpu', 'cpu0', 'cpu1']
        .map(
          (name) =>
            `${name} ${[user, 0, 0, idle, 0, 0, name === 'cpu1' ? 0 : softirq, steal].map((n) => 1000 + n * factor).join(' ')} 0 0\n`,
        )
        .join('');
    return [0, 1].reduce(
      (draft, nth) =>
        draft.section(
          'sample',
          bodyOf(draft, 'sample', nth).replace(/^cpu.*\n/gm, '') + rows(nth),
          nth,
        ),
      healthy,
    );
  };

  it.each([
    [91, 9, undefined],
    [90, 10, 'warning'],
    [71, 29, 'warning'],
    [70, 30, 'critical'],
  ])('%i used and %i stolen is %s', (user, stolen, expected) => {
    expect(status(ticks(user, 0, 0, stolen).titles('load'))).toBe(expected);
  });

  it.each([
    [21, 79, undefined],
    [20, 80, 'warning'],
  ])('one processor with %i idle and %i in soft interrupts is %s', (idle, softirq, expected) => {
    expect(status(ticks(0, idle, softirq, 0).titles('load'))).toBe(expected);
  });
});

describe('vitals: pressure', () => {
  const psi = (line: string): Draft => healthy.section('pressure', `${line} avg300=0.00 total=1\n`);
  it.each([
    ['memory some avg10=20.00 avg60=19.99', undefined],
    ['memory some avg10=20.00 avg60=20.00', 'warning'],
    ['memory some avg10=60.00 avg60=60.00', 'critical'],
    ['memory full avg10=5.00 avg60=5.00', 'warning'],
    ['memory full avg10=20.00 avg60=20.00', 'critical'],
    ['memory full avg10=9.99 avg60=20.00', undefined],
    ['io some avg10=99.00 avg60=100.00', 'warning'],
    ['io full avg10=60.00 avg60=60.00', 'critical'],
    ['cpu some avg10=74.00 avg60=74.00', undefined],
    ['cpu some avg10=100.00 avg60=100.00', 'warning'],
    ['cpu full avg10=100.00 avg60=100.00', undefined],
  ])('%s is %s', (line, expected) => {
    expect(status(psi(line).titles('pressure'))).toBe(expected);
  });

  it('that the kernel does not tell is said, and is no finding', () => {
    const off = healthy.section('pressure', 'cpu off\nio off\nmemory off\n');
    expect(off.titles('pressure')).toEqual([]);
    expect(off.judge().notes).toContain('no pressure information: turned off (psi=0)');
    const old = healthy.section('pressure', 'cpu absent\nio absent\nmemory absent\n');
    expect(old.judge().notes).toContain('no pressure information: the kernel has none');
  });
});

describe('vitals: tasks that hang', () => {
  interface Task {
    readonly before?: string;
    readonly after?: string;
    readonly wait?: string;
    readonly kernel?: 0 | 1;
  }
  const hang = (
    { before = '99 7', after = '99 7', wait = 'io_schedule', kernel = 0 }: Task,
    copies = 1,
  ): Draft => {
    const lines = (facts: string): string => {
      const [start, switches] = facts.split(' ');
      return Array.from(
        { length: copies },
        (_, i) => `slept ${50 + i} ${50 + i} ${start} ${kernel} ${switches} dd if\n`,
      ).join('');
    };
    const waits = Array.from(
      { length: copies },
      (_, i) => `wait ${50 + i}/${50 + i} ${wait}\n`,
    ).join('');
    return [before, after].reduce(
      (draft, facts, nth) =>
        draft.section('sample', bodyOf(draft, 'sample', nth) + lines(facts), nth),
      healthy.section('waits', waits),
    );
  };

  it.each<[string, Task, string | undefined]>([
    ['the same sleep', {}, 'warning'],
    ['that woke up in between', { after: '99 8' }, undefined],
    ['another process with the same id', { after: '100 7' }, undefined],
    ['whose sleeps cannot be counted', { before: '99 ?', after: '99 ?' }, undefined],
    ['the parent of a vfork', { wait: 'kernel_clone' }, undefined],
    ['an old frozen one', { wait: '__refrigerator' }, undefined],
    ['a kernel thread that idles', { wait: 'worker_thread', kernel: 1 }, undefined],
    [
      'a kernel thread that waits for a disk',
      { wait: 'folio_wait_bit_common', kernel: 1 },
      'warning',
    ],
    ['for a reason that is not shown', { wait: '0' }, 'warning'],
  ])('%s', (_what, task, expected) => {
    expect(status(hang(task).titles('blocked-tasks'))).toBe(expected);
  });

  it('are critical when there are many, or when the kernel says so too', () => {
    expect(status(hang({}, 4).titles('blocked-tasks'))).toBe('warning');
    expect(status(hang({}, 5).titles('blocked-tasks'))).toBe('critical');
    const said = hang({}).section(
      'kernel',
      'source dmesg\nlines 9 0 0.0\nclass hung 1 1\nline hung 1.0 INFO: task dd:50 blocked for more than 120 seconds.\n',
    );
    expect(status(said.titles('blocked-tasks'))).toBe('critical');
  });

  const mounts =
    'mount ext4 /dev/sda1 /\nmount nfs4 filer:/a /home\nmount nfs4 filer:/b /srv\nmount xfs /dev/sdb1 /var/lib/data\\040one\n';
  it.each([
    [
      'wait 50/50 rpc_wait_bit_killable\ncwd 50/50 /home/ada\n',
      'on `/home` (nfs4 from `filer:/a`)',
    ],
    ['wait 50/50 nfs_wait_client_init_complete\ncwd 50/50 /\n', 'cannot be killed'],
    [
      'wait 50/50 io_schedule\nfile 50/50 /var/lib/data\\040one/x (deleted)\ncwd 50/50 /\n',
      'on `/var/lib/data one` (xfs',
    ],
    ['wait 50/50 io_schedule\nfile 50/50 /var/log/x\ncwd 50/50 /home\n', 'on `/home`'],
    ['wait 50/50 io_schedule\nfile 50/50 pipe:[12]\ncwd 50/50 /\n', 'cannot be killed'],
  ])('are placed: %s', (waits, words) => {
    const draft = hang({}).section('waits', waits + mounts.replace('\\040', '\\134040'));
    expect(draft.titles('blocked-tasks')[0]).toContain(words);
  });

  it('on a network file system lead to no look that would touch it', () => {
    const draft = hang({}).section(
      'waits',
      `wait 50/50 rpc_wait_bit_killable\ncwd 50/50 /home/ada\n${mounts}`,
    );
    const [found] = draft.judge().findings;
    expect(found).toMatchObject({ subject: '/home', next: [] });
  });
});
