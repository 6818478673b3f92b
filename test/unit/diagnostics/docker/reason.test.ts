import { describe, expect, it } from 'vitest';
import { lastStart, reasonOf } from '../../../../src/diagnostics/docker/assess/reason.ts';
import type { Reading } from '../../../../src/diagnostics/docker/reading.ts';
import { codesOf, judged, only, readingOf, storeOf } from './docker-reading.ts';

const down = readingOf('killed');
const booted = down.host.epochSeconds - down.host.uptimeSeconds;
const at = (seconds: number): string => new Date((booted + seconds) * 1000).toISOString();
const STARTING = `time="${at(10)}" level=info msg="Starting up"`;
const RUNNING = `time="${at(11)}" level=info msg="API listen on /var/run/docker.sock"`;

function why(lines: readonly string[], changes: Partial<Reading> = {}): string {
  return reasonOf({ ...down, words: { source: '/var/log/docker.log', lines }, ...changes }).reason;
}

describe('why the daemon is down', () => {
  it.each([
    ['reference-store', "failed to start daemon: Couldn't create reference store repository: EOF"],
    [
      'reference-store',
      'level=fatal msg="Error starting daemon: Couldn\'t create Tag store repositories: EOF"',
    ],
    ['layer-missing', 'level=fatal msg="Error starting daemon: layer does not exist"'],
    ['layer-missing', 'level=fatal msg="failed to get diff id: invalid checksum digest format"'],
    [
      'no-space',
      'failed to start daemon: Unable to get the TempDir under /var/lib/docker: mkdir /var/lib/docker/tmp: no space left on device',
    ],
    ['no-space', 'failed to start daemon: open /var/lib/docker/tmp: disk quota exceeded'],
    ['read-only', 'failed to start daemon: mkdir /var/lib/docker/tmp: read-only file system'],
    [
      'configuration',
      "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives don't match any configuration option: x",
    ],
    ['configuration', 'Status: unknown flag: --sorage-driver'],
    ['configuration', "unknown shorthand flag: 'x' in -x"],
    [
      'in-use',
      'failed to start daemon: pid file found, ensure docker is not running or delete /var/run/docker.pid',
    ],
    [
      'in-use',
      'failed to load listeners: listen tcp 0.0.0.0:2375: bind: address already in use: failed to start',
    ],
    [
      'in-use',
      "failed to start daemon: can't create unix socket /var/run/docker.sock: is a directory",
    ],
    [
      'key-file',
      'failed to start daemon: Error loading key file /etc/docker/key.json: unable to decode private key JWK',
    ],
    [
      'database',
      'failed to start daemon: error while opening volume store metadata database: invalid database',
    ],
    [
      'database',
      'failed to start daemon: failed to dial "/run/containerd.sock": unknown service containerd.services.namespaces.v1.Namespaces: not implemented',
    ],
    [
      'out-of-memory',
      'failed to start daemon: fork/exec /usr/bin/containerd: cannot allocate memory',
    ],
    ['unknown', 'failed to start daemon: devmapper: Error looking up dir'],
  ])('is %s when its last word is %s', (reason, line) => {
    expect(why([STARTING, line])).toBe(reason);
  });

  it('hears what containerd says when its own last word says nothing', () => {
    const disk = 'level=warning msg="mkdir /var/lib/docker/containerd: no space left on device"';
    const last = 'failed to start containerd: timeout waiting for containerd to start';
    expect(why([STARTING, disk, last])).toBe('no-space');
    expect(why([STARTING, last])).toBe('unknown');
  });

  it('listens to the last start alone', () => {
    const before = 'failed to start daemon: x: no space left on device';
    expect(why([STARTING, before, STARTING, RUNNING])).toBe('killed');
    expect(lastStart([STARTING, before, STARTING, RUNNING])).toEqual([STARTING, RUNNING]);
    expect(lastStart(['a', 'b'])).toEqual(['a', 'b']);
    expect(lastStart(Array.from({ length: 30 }, (_, i) => `${i}`))).toHaveLength(20);
  });

  it('hears a failure that came before it could say that it starts', () => {
    const end = 'level=info msg="Daemon shutdown complete"';
    const bad = 'unable to configure the Docker daemon with file /etc/docker/daemon.json: EOF';
    expect(why([STARTING, RUNNING, end, bad])).toBe('configuration');
    expect(why([STARTING, RUNNING, end])).toBe('stopped');
    expect(why([STARTING, RUNNING, 'level=info msg="Processing signal \'terminated\'"'])).toBe(
      'stopped',
    );
    expect(
      why(['2026-11-21T12:00:00+0000 h systemd[1]: Stopped Docker Application Container Engine.']),
    ).toBe('stopped');
  });

  it('is out of memory when systemd or the kernel says so after its start', () => {
    const kernel = (seconds: number) => ({
      ...down.kernel,
      oom: [`[ ${seconds}.123456] Out of memory: Killed process 9 (dockerd) total-vm:1kB`],
    });
    expect(why([STARTING, RUNNING], { kernel: kernel(20) })).toBe('out-of-memory');
    expect(why([STARTING, RUNNING], { kernel: kernel(5) })).toBe('killed');
    expect(why([RUNNING.replace(/time="[^"]*" /, '')], { kernel: kernel(5) })).toBe(
      'out-of-memory',
    );
    const other = { ...down.kernel, oom: ['[ 20.1] Out of memory: Killed process 9 (containerd)'] };
    expect(why([STARTING, RUNNING], { kernel: other })).toBe('killed');
    const stopped = [STARTING, RUNNING, 'level=info msg="Daemon shutdown complete"'];
    expect(why(stopped, { kernel: kernel(20) })).toBe('stopped');
    expect(why([STARTING], { unit: new Map([['Result', 'oom-kill']]) })).toBe('out-of-memory');
    const said = "h systemd[1]: docker.service: Failed with result 'oom-kill'.";
    expect(why([STARTING, RUNNING, said])).toBe('out-of-memory');
  });

  it('is a crash when it panicked', () => {
    expect(why([STARTING, RUNNING, 'panic: runtime error: invalid memory address'])).toBe('panic');
    expect(why([STARTING, RUNNING, '2026-11-21T12:00:00+0000 h dockerd[1]: fatal error: x'])).toBe(
      'panic',
    );
  });

  it('is what the host is like now when it said nothing of it', () => {
    const { root, config } = down;
    const now = (changes: Partial<Reading>) => why([STARTING, RUNNING], changes);
    expect(now({ root: { ...root, readOnly: true } })).toBe('read-only');
    expect(now({ root: { ...root, readOnly: true, problem: 'missing' } })).toBe('killed');
    expect(now({ root: { ...root, availableBytes: 0 } })).toBe('no-space');
    expect(now({ root: { ...root, inodesFree: 0 } })).toBe('no-space');
    expect(now({ store: { ...storeOf(down), repositories: '{"Repo' } })).toBe('reference-store');
    expect(now({ store: { ...storeOf(down), repositories: null } })).toBe('killed');
    expect(now({ config: { ...config, state: 'read', text: '{,}' } })).toBe('configuration');
    expect(now({ config: { ...config, state: 'read', text: ' ' } })).toBe('killed');
    expect(now({ config: { ...config, state: 'denied', text: '{,}' } })).toBe('killed');
  });

  it('is that nobody started it when it last spoke before the boot, or never', () => {
    expect(why([`time="${at(-60)}" level=info msg="API listen on x"`])).toBe('never-started');
    expect(why([`${at(-60)} h dockerd[1]: API listen on x`])).toBe('never-started');
    const nothing = { ...down, words: null };
    expect(reasonOf(nothing).reason).toBe('unknown');
    const blank = { ...nothing, root: { ...down.root, problem: 'empty' as const } };
    expect(reasonOf(blank).reason).toBe('never-started');
    const fine = { ...nothing, unit: new Map([['Result', 'success']]) };
    expect(reasonOf(fine).reason).toBe('never-started');
    expect(why(['something else'])).toBe('unknown');
  });
});

describe('docker.daemon-down', () => {
  const unit = new Map([['LoadState', 'loaded']]);
  const offers = (lines: readonly string[], changes: Partial<Reading> = {}) =>
    only(
      { ...down, unit, words: { source: 'journalctl -u docker', lines }, ...changes },
      'daemon-down',
    ).fixes;
  const RESTART = [{ fix: 'restart-unit', params: { unit: 'docker.service' } }];

  it('offers a restart only where nothing explains it', () => {
    expect(offers([STARTING, RUNNING])).toEqual(RESTART);
    expect(offers([STARTING, RUNNING], { unit: new Map() })).toEqual([]);
    expect(offers([STARTING, 'failed to start daemon: pid file found'])).toEqual([]);
    expect(offers([STARTING, RUNNING], { store: null })).toEqual([]);
    expect(offers([STARTING, RUNNING], { store: { ...storeOf(down), partial: true } })).toEqual([]);
    expect(offers([STARTING, RUNNING], { store: readingOf('diff-empty').store })).toEqual([]);
    const empty = { ...down.root, problem: 'empty' as const };
    expect(offers([], { store: null, root: empty })).toEqual(RESTART);
  });

  it('offers it again when the disk has room or the list of tags is whole', () => {
    const full = [STARTING, 'failed to start daemon: x: no space left on device'];
    const root = { ...down.root, availableBytes: 50_000_000 };
    expect(offers(full, { root })).toEqual(RESTART);
    expect(offers(full, { root: { ...root, availableBytes: 49_999_999 } })).toEqual([]);
    expect(offers(full, { root: { ...root, availableBytes: null } })).toEqual([]);
    expect(offers(full, { root: { ...root, inodesFree: 0 } })).toEqual([]);
    const tags = [
      STARTING,
      "failed to start daemon: Couldn't create reference store repository: EOF",
    ];
    expect(offers(tags)).toEqual(RESTART);
  });

  it('names who has the pid file, unless that is docker', () => {
    const held = (process: string | null) => {
      const pidFile = { path: '/var/run/docker.pid', pid: 18, process };
      const words = { source: 'x', lines: [STARTING, 'failed to start daemon: pid file found'] };
      return only({ ...down, words, socket: { ...down.socket, pidFile } }, 'daemon-down').detail;
    };
    expect(held('sleep')).toContain('names process 18, which is `sleep`');
    expect(held('dockerd')).not.toContain('names process');
    expect(held(null)).not.toContain('names process');
  });

  it('says nothing where it cannot look', () => {
    const hidden = {
      ...down,
      privilege: 'none' as const,
      host: { ...down.host, pid1Visible: false },
      store: null,
    };
    expect(codesOf(judged(hidden))).toEqual(['coverage']);
    expect(only(hidden, 'coverage').title).toContain('hidepid');
  });

  it('says which logs were closed, and suggests what fits', () => {
    const closed = {
      ...down,
      words: null,
      kernel: { ...down.kernel, denied: ['/var/log/syslog'] },
    };
    const { detail, next, data, evidence } = only(closed, 'daemon-down');
    expect(detail).toContain('No log of it could be read.');
    expect(detail).toContain('Closed to this account: /var/log/syslog.');
    expect(next).toEqual([{ diagnostic: 'vitals', params: {} }]);
    expect(data).toEqual({ reason: 'unknown', lastWords: null, log: null });
    expect(evidence).toEqual([]);
  });
});
