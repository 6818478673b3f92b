import { describe, expect, it } from 'vitest';
import { boxProblem } from '../support/box.ts';
import { boxed, burning, look, REMOTE, SILENT } from '../support/ports-box.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`ports in real network namespaces: skipped, ${problem}`);

describe.skipIf(problem !== null)('ports in real network namespaces', () => {
  describe.each(['dash', 'bash', 'busybox'] as const)('with %s', (shell) => {
    it('names the namespace and the destination whose ports are all in TIME_WAIT, and offers reuse', async () => {
      const box = await boxed();
      const { pid, said } = await burning(box, [`tw:${REMOTE}:6379:300`]);
      expect(said).toContain('300 200 EADDRNOTAVAIL');
      const { get, codes, coverage, findings } = look(box, { shell });
      const full = get('ephemeral-exhausted');
      expect(codes.filter((code) => code === 'ephemeral-exhausted')).toHaveLength(1);
      expect(full.status).toBe('critical');
      expect(full.title).toBe(
        `bash (pid ${pid}) has 200 of 200 local ports towards ${REMOTE}:6379 in TIME_WAIT: new connections fail with EADDRNOTAVAIL ("Cannot assign requested address")`,
      );
      expect(full.data).toMatchObject({
        namespace: String(pid),
        destination: `${REMOTE}:6379`,
        used: 200,
        range: 200,
        usedPercent: 100,
        timeWait: 200,
        cause: 'time-wait',
        tcpTwReuse: 2,
        rangeKnown: 'sysctl',
      });
      expect(full.fixes).toEqual([{ fix: 'reuse-time-wait', params: { pid } }]);
      expect(get('sysctl-drift').data).toMatchObject({
        namespace: String(pid),
        key: 'net.ipv4.ip_local_port_range',
        value: '33000 33199',
        against: 'host',
      });
      expect(findings.map(({ status }) => status)).not.toContain('unknown');
      expect(coverage).toEqual({ privilege: 'root', notes: [] });
    });

    it('sees the shortage without privilege, and says what it could not read', async () => {
      const box = await boxed();
      await burning(box, [`tw:${REMOTE}:6379:300`]);
      const { get, codes, coverage } = look(box, { shell, user: 'plain' });
      expect(codes.toSorted()).toEqual(['coverage', 'ephemeral-exhausted']);
      const full = get('ephemeral-exhausted');
      expect(full.title).toMatch(/has 200 of the 200 ports from 33000 to 33199, without a gap/);
      expect(full.data).toMatchObject({ rangeKnown: 'gapless', used: 200 });
      expect(full.status).toBe('critical');
      expect(full.fixes).toEqual([]);
      expect(get('coverage').status).toBe('unknown');
      expect(get('coverage').title).toMatch(/port range and tcp_tw_reuse of bash .* needs root/);
      expect(coverage.privilege).toBe('none');
    });

    it('says with hidepid=2 that other namespaces are hidden', async () => {
      const box = await boxed();
      await burning(box, [`tw:${REMOTE}:6379:300`]);
      box.run('mount -o remount,hidepid=2 /proc');
      const { codes, get } = look(box, { shell, user: 'plain' });
      expect(codes).toEqual(['coverage']);
      expect(get('coverage').title).toMatch(/1 network namespace could be seen; .*hidepid/);
      expect(look(box, { shell }).get('ephemeral-exhausted').status).toBe('critical');
    });

    it('counts IPv6, and IPv4 behind IPv6 sockets as IPv4', async () => {
      const box = await boxed();
      await burning(box, ['tw:fd77__1:6379:300', `tw:__ffff_${REMOTE}:6380:300`]);
      const { findings } = look(box, { shell });
      const full = findings.filter(({ code }) => code === 'ports.ephemeral-exhausted');
      expect(new Set(full.map(({ data }) => data['destination']))).toEqual(
        new Set([`${REMOTE}:6380`, '[fd77::1]:6379']),
      );
      expect(full.map(({ fixes }) => fixes.length)).toEqual([1, 1]);
    });

    it('names who holds connections open, offers nothing, and is quick beside 20,000 descriptors', async () => {
      const box = await boxed();
      await burning(box, ['fds:19000', 'name:6c65616b657220600a40', `est:${REMOTE}:6379:250`]);
      const { get } = look(box, { shell });
      const full = get('ephemeral-exhausted');
      expect(full.title).toMatch(
        /has 200 of 200 local ports towards .* held open by leaker\?\?\?@ \(pid \d+\): new connections fail/,
      );
      expect(full.data).toMatchObject({ cause: 'leak', established: 200, timeWait: 0 });
      expect(full.detail).toContain('tcp_tw_reuse does not help');
      expect(full.fixes).toEqual([]);
    });
  });

  it('enters namespaces with busybox where there is no nsenter, and without both says so', async () => {
    const box = await boxed();
    await burning(box, [`tw:${REMOTE}:6379:300`]);
    box.run('mount --bind /dev/null "$(command -v nsenter)"');
    expect(look(box).get('ephemeral-exhausted').data).toMatchObject({ rangeKnown: 'sysctl' });
    box.run('mount --bind /dev/null "$(command -v busybox)"');
    const { get } = look(box);
    expect(get('ephemeral-exhausted')).toMatchObject({
      status: 'critical',
      data: { rangeKnown: 'gapless' },
      fixes: [],
    });
    expect(get('coverage').title).toContain('neither nsenter nor a busybox with it');
  });

  it('tells CLOSE_WAIT: the other end has closed, the program has not', async () => {
    const box = await boxed();
    await burning(box, [`wait:${REMOTE}:6379:250`]);
    const full = look(box).get('ephemeral-exhausted');
    expect(full.data).toMatchObject({ cause: 'leak', timeWait: 0 });
    expect(Number(full.data['closeWait'])).toBeGreaterThan(150);
    expect(full.detail).toContain('CLOSE_WAIT');
    expect(full.fixes).toEqual([]);
  });

  it('tells a destination that does not answer', async () => {
    const box = await boxed();
    const { said } = await burning(box, [`syn:${SILENT}:6379:250`]);
    expect(said).toContain('200 EADDRNOTAVAIL');
    const full = look(box).get('ephemeral-exhausted');
    expect(full.title).toContain('waiting for an answer (SYN_SENT)');
    expect(full.data).toMatchObject({ cause: 'unanswered', synSent: 200 });
    expect(full.fixes).toEqual([]);
  });

  it('tells reserved ports that shrink the range, some or all of it', async () => {
    const box = await boxed();
    await burning(box, [`tw:${REMOTE}:6379:300`], {
      ip_local_reserved_ports: '33000-33098,33100-33189,40000',
    });
    const full = look(box).get('ephemeral-exhausted');
    expect(full.title).toMatch(
      /has 11 of only 11 local ports towards .* in use, because 189 of the 200 ports of its range are reserved/,
    );
    expect(full.data).toMatchObject({ cause: 'reserved', reserved: 189, range: 11 });
    expect(full.fixes).toEqual([]);

    const none = await boxed();
    await burning(none, [`tw:${REMOTE}:6379:300`], { ip_local_reserved_ports: '33000-33199' });
    const nothing = look(none).get('ephemeral-exhausted');
    expect(nothing.title).toMatch(/has no local port at all: all 200 ports/);
    expect(nothing.data).toMatchObject({ cause: 'reserved', destination: 'any', range: 0 });
  });

  it('does not count ports that somebody listens on as free', async () => {
    const box = await boxed();
    const listeners = Array.from({ length: 20 }, (_, i) => `listen:0.0.0.0:${33_000 + i}`);
    await burning(box, [...listeners, `tw:${REMOTE}:6379:300`]);
    const full = look(box).get('ephemeral-exhausted');
    expect(full.data).toMatchObject({ used: 180, range: 180, usedPercent: 100 });
  });

  it('warns from warnPercent on and says nothing below', async () => {
    const box = await boxed();
    await burning(box, [`tw:${REMOTE}:6379:165`]);
    expect(look(box).get('ephemeral-exhausted')).toMatchObject({
      status: 'warning',
      data: { used: 165, usedPercent: 82.5 },
    });
    const { codes } = look(box, {}, { warnPercent: 83, criticalPercent: 90 });
    expect(codes).not.toContain('ephemeral-exhausted');
  });
});
