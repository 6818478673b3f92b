import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../../../src/diagnostics/vitals/assess/owner.ts';
import { bodyOf, type Draft, fixture } from '../../../support/vitals-reading.ts';

const healthy = fixture('healthy');
const status = (titles: readonly string[]): string | undefined => titles[0]?.split(' ')[0];

describe('vitals: limits', () => {
  it.each([
    [899, undefined],
    [900, 'warning'],
    [979, 'warning'],
    [980, 'critical'],
    [1000, 'critical'],
  ])('%i of 1000 is %s, wherever there is a limit', (used, expected) => {
    const descriptors = healthy.section(
      'descriptors',
      `system ${used}\t0\t1000\nhow size\nseen 1 1\n`,
    );
    expect(status(descriptors.titles('descriptors'))).toBe(expected);
    const process = healthy.section(
      'descriptors',
      `system 1\t0\t1000\nhow size\nseen 1 1\nprocess 7 99 ${used} 1000 app server\n`,
    );
    expect(status(process.titles('descriptors'))).toBe(expected);
    const group = healthy.section(
      'cgroups',
      `walked 2 0\ngroup 0 0 - - 1000 ${used} 0 /sys/fs/cgroup/pids/user.slice\n`,
    );
    expect(status(group.titles('tasks'))).toBe(expected);
    const conntrack = healthy.section(
      'conntrack',
      `nf_conntrack_count ${used}\nnf_conntrack_max 1000\n`,
    );
    expect(status(conntrack.titles('conntrack'))).toBe(expected);
    const threads = healthy
      .line('load', `load 0.1 0.1 0.1 1/${used} 9`)
      .section('limits', 'kernel/pid_max 1000\nkernel/threads-max 90000\n');
    expect(status(threads.titles('tasks'))).toBe(expected);
  });

  it('does not fear limits that nobody can reach', () => {
    const endless = healthy.section(
      'descriptors',
      'system 960\t0\t9223372036854775807\nhow size\nseen 1 1\n',
    );
    expect(endless.titles('descriptors')).toEqual([]);
    expect(healthy.section('conntrack', '').titles('conntrack')).toEqual([]);
    const denied = healthy.section(
      'conntrack',
      'nf_conntrack_count denied\nnf_conntrack_max denied\n',
    );
    expect(denied.titles('conntrack')).toEqual([]);
    expect(denied.judge().notes).toContain('connection tracking unreadable');
  });

  it('is critical about a table that is nearly full and drops', () => {
    const full = healthy.section('conntrack', 'nf_conntrack_count 900\nnf_conntrack_max 1000\n');
    const dropping = full.section(
      'sample',
      bodyOf(full, 'sample', 1).replace(/^track 0(.*)$/m, dropped),
      1,
    );
    expect(status(dropping.titles('conntrack'))).toBe('critical');
    expect(dropping.titles('conntrack')[0]).toContain('and packets are dropped');
  });

  function dropped(line: string): string {
    const words = line.split(/ +/);
    // entries clashres found new invalid ignore delete chainlength insert insert_failed drop
    words[11] = '0000000a';
    return words.join(' ');
  }
});

describe('vitals: accept queues', () => {
  const queue = 'queue 1 0100007F:1F90 4711';
  const queued = (
    waiting: readonly [string, string],
    overflows: readonly [number, number],
    owners = 'limit 1 4711 8\nowner 4711 9 gunicorn\nin 9 /system.slice/web.service\nstate 9 S\n',
  ): Draft =>
    [0, 1].reduce(
      (draft, nth) =>
        draft.section(
          'sample',
          `${bodyOf(draft, 'sample', nth).replace(/^(space|queue) .*\n/gm, '')}space 1 ${overflows[nth]} ${overflows[nth]}\n${waiting[nth] === '' ? '' : `${queue} ${waiting[nth]}\n`}`,
          nth,
        ),
      healthy.section('queues', owners),
    );

  it.each([
    ['full in both samples, and dropping', ['00000009', '00000009'], [5, 8], 'critical'],
    ['full in both samples', ['00000008', '00000009'], [5, 5], 'warning'],
    ['full in one of them', ['00000000', '00000009'], [5, 5], undefined],
    ['busy but not full', ['00000007', '00000007'], [5, 5], undefined],
    ['dropping, and nobody caught', ['', ''], [5, 8], 'warning'],
    ['once dropping', ['', ''], [800_000, 800_000], undefined],
  ] as const)('%s', (_what, waiting, overflows, expected) => {
    expect(status(queued(waiting, overflows).titles('backlog'))).toBe(expected);
  });

  it('names port, process and unit', () => {
    expect(queued(['00000009', '00000009'], [5, 8]).titles('backlog')).toEqual([
      'critical Nobody accepts connections on 127.0.0.1:8080: 9 connections wait for `gunicorn` (pid 9) of `web.service`, and no more fit',
    ]);
  });

  it('says stopped only when all who share the socket are', () => {
    const owners = (states: string): string =>
      `limit 1 4711 8\nowner 4711 9 nginx\nstate 9 ${states}\n`;
    const full = ['00000009', '00000009'] as const;
    expect(queued(full, [5, 5], owners('TT')).titles('backlog')[0]).toContain('critical');
    expect(queued(full, [5, 5], owners('TT')).titles('backlog')[0]).toContain('(SIGSTOP)');
    expect(queued(full, [5, 5], owners('TS')).titles('backlog')[0]).not.toContain('(SIGSTOP)');
  });

  it.each([
    ['00000000000000000000000000000000:0050', '[::]:80'],
    ['00000000000000000000000001000000:0050', '[::1]:80'],
    ['B80D0120000000000000000001000000:01BB', '[2001:db8::1]:443'],
    ['00000000:0016', '0.0.0.0:22'],
  ])('reads the address %s as %s', (hex, text) => {
    const draft = queued(['00000009', '00000009'], [1, 1]);
    const replaced = [0, 1].reduce(
      (one, nth) =>
        one.section('sample', bodyOf(one, 'sample', nth).replace('0100007F:1F90', hex), nth),
      draft,
    );
    expect(replaced.titles('backlog')[0]).toContain(` on ${text}: `);
  });
});

describe('vitals: whose control group it is', () => {
  const id = 'c0ffee'.padEnd(64, '0');
  it.each([
    [`/docker/${id}`, { container: 'c0ffee000000' }],
    [`/system.slice/docker-${id}.scope`, { container: 'c0ffee000000' }],
    [`/sys/fs/cgroup/memory/docker/${id}`, { container: 'c0ffee000000' }],
    [
      `/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`,
      { container: 'c0ffee000000' },
    ],
    [`/kubepods/besteffort/pod1/${id}`, { container: 'c0ffee000000' }],
    [`/machine.slice/libpod-${id}.scope/container`, { container: 'c0ffee000000' }],
    [`/docker/${id}/system.slice/nginx.service`, { container: 'c0ffee000000' }],
    ['/lxc/web-1/init.scope', { container: 'web-1' }],
    ['/lxc.payload.web-1/system.slice/nginx.service', { container: 'web-1' }],
    ['/system.slice/nginx.service', { unit: 'nginx.service' }],
    ['/system.slice/system-getty.slice/getty@tty1.service', { unit: 'getty@tty1.service' }],
    [
      '/user.slice/user-1000.slice/user@1000.service/app.slice/job.service',
      { unit: 'job.service' },
    ],
    ['/user.slice/user-1000.slice/user@1000.service', {}],
    ['/user.slice/user-1000.slice/session-3.scope', {}],
    [`/somebody/${id}0`, {}],
    ['/', {}],
    [undefined, {}],
  ])('%s', (path, owner) => {
    expect(ownerOf(path)).toEqual(owner);
  });
});
