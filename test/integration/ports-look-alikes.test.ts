import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { boxed, burning, look, REMOTE, SILENT, type Sysctls } from '../support/ports-box.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`what looks like port exhaustion: skipped, ${problem}`);

/** `listener` never accepts, and its clients go on trying. */
const ACTOR = new URL('../support/vitals-actor.py', import.meta.url).pathname;

const wide = { ip_local_port_range: '32768 60999' };

describe.skipIf(problem !== null)('what looks like port exhaustion and is not', () => {
  it.each<[what: string, burn: readonly string[], sysctls: Sysctls, said: RegExp]>([
    [
      'IPv6 disabled and a connection to ::1 (same errno, no sockets)',
      ['connect:__1:6379'],
      { ...wide, 'ipv6/conf/all/disable_ipv6': '1' },
      /EADDRNOTAVAIL/,
    ],
    ['a bind to a foreign address (same errno)', ['bind:10.99.99.99'], wide, /EADDRNOTAVAIL/],
    ['a descriptor limit', ['fds:2000000'], wide, /EMFILE/],
    [
      'more TIME_WAIT than ports, spread over destinations',
      [6379, 6380, 6381, 6382].map((port) => `tw:${REMOTE}:${port}:150`),
      { ip_local_port_range: '33000 33299' },
      /150 -\n.*150 -\n.*150 -\n.*150 -/,
    ],
    [
      'TIME_WAIT on the side that accepted',
      [`served:${REMOTE}:6379:150`],
      { ip_local_port_range: '33000 33159' },
      /150 -/,
    ],
    [
      'TIME_WAIT on the side that accepted, listening within the range',
      [`served:${REMOTE}:33007:150`],
      { ip_local_port_range: '33000 33159' },
      /150 -/,
    ],
    [
      'TIME_WAIT cut by tcp_max_tw_buckets',
      [`tw:${REMOTE}:6379:400`],
      { tcp_max_tw_buckets: '50' },
      /400 -/,
    ],
    [
      'TIME_WAIT towards loopback with the default of tcp_tw_reuse',
      ['tw:127.0.0.1:6379:200'],
      {},
      /200 -/,
    ],
    [
      'TIME_WAIT that tcp_tw_reuse=1 lets be used again',
      [`tw:${REMOTE}:6379:200`],
      { tcp_tw_reuse: '1' },
      /200 -/,
    ],
    [
      'connection tracking full: packets are dropped, and connections wait for an answer',
      [`syn:${SILENT}:6379:40`],
      wide,
      /40 -/,
    ],
  ])('%s', async (_what, burn, sysctls, said) => {
    const box = await boxed();
    expect((await burning(box, burn, sysctls)).said).toMatch(said);
    // TIME_WAIT may be reused after a second.
    box.run('sleep 1.3');
    const { codes, findings } = look(box);
    expect(codes).not.toContain('ephemeral-exhausted');
    expect(codes).not.toContain('coverage');
    expect(findings.flatMap(({ fixes }) => fixes)).toEqual([]);
  });

  it('the accept queue of a server full: the same time-outs, and ports enough', async () => {
    const box = await boxed();
    const listen = `ip link set lo up; exec python3 ${ACTOR} listener 4`;
    await box.start('unshare', '--net', 'sh', '-c', listen);
    const waiting = `cat /proc/$(pgrep -f 'listener 4' | head -n 1)/net/tcp | grep -c ' 02 ' || :`;
    await expect.poll(() => Number(box.run(waiting)), { timeout: 20_000 }).toBeGreaterThan(0);
    const { codes } = look(box);
    expect(codes).not.toContain('ephemeral-exhausted');
    expect(codes).not.toContain('coverage');
  });

  it('is a shortage towards loopback when reuse is off: the default is enough, no fix is offered', async () => {
    const box = await boxed();
    await burning(box, ['tw:127.0.0.1:6379:300'], { tcp_tw_reuse: '0' });
    const { get } = look(box);
    const full = get('ephemeral-exhausted');
    expect(full.detail).toContain(
      '2, the default since Linux 4.19, is enough for a loopback destination',
    );
    expect(full.fixes).toEqual([]);
  });

  it('is a shortage that reuse cannot cure while timestamps are off', async () => {
    const box = await boxed();
    await burning(box, [`tw:${REMOTE}:6379:300`], { tcp_timestamps: '0', tcp_tw_reuse: '1' });
    const full = look(box).get('ephemeral-exhausted');
    expect(full.status).toBe('critical');
    expect(full.detail).toContain('without timestamps tcp_tw_reuse has no effect');
    expect(full.fixes).toEqual([]);
  });

  it('is too many connections per second, when even reuse is too slow', async () => {
    const box = await boxed();
    const { said } = await burning(box, [`tw:${REMOTE}:6379:100`], {
      ip_local_port_range: '33000 33049',
      tcp_tw_reuse: '1',
      tcp_tw_reuse_delay: '60000',
    });
    expect(said).toContain('100 50 EADDRNOTAVAIL');
    const full = look(box).get('ephemeral-exhausted');
    expect(full.detail).toContain(
      'ports are reused 60 s after their end (tcp_tw_reuse_delay), but more than 50 connections per minute',
    );
    expect(full.fixes).toEqual([]);
  });

  it('recommends no dangerous or useless setting, whatever the cause', async () => {
    const box = await boxed();
    await burning(box, [`tw:${REMOTE}:6379:300`]);
    const { detail } = look(box).get('ephemeral-exhausted');
    expect(detail).toMatch(/No remedy: tcp_fin_timeout .* and tcp_tw_recycle/);
  });
});
