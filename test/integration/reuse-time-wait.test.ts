import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { reuseTimeWait } from '../../src/fixes/reuse-time-wait/index.ts';
import { boxProblem } from '../support/box.ts';
import { resultOf } from '../support/diagnostic-fixture.ts';
import { boxed, burning, look, REMOTE } from '../support/ports-box.ts';
import {
  Container,
  cgroupProblem,
  connectionFrom,
  exhaustedBox,
  reuse,
  valueOf,
} from '../support/reuse-lab.ts';
import { stepOf } from '../support/service-box.ts';

const problem = boxProblem() ?? cgroupProblem();
if (problem !== null) console.warn(`reuse-time-wait: skipped, ${problem}`);

const holds = (params: Record<string, unknown>, state: unknown): boolean | null =>
  reuseTimeWait
    .bind(params, { fix: 'f', host: 'h', saveDirectory: '/srv/save', nonce: 'n' })
    .holds(state);

describe.skipIf(problem !== null).each(['dash', 'busybox'] as const)(
  'reuse-time-wait in a real network namespace under %s',
  (shell) => {
    it('sets the value there and nowhere else, connections work again, and it can be undone', async () => {
      const { box, pid } = await exhaustedBox();
      expect(connectionFrom(box, pid)).toBe('EADDRNOTAVAIL');
      const offered = look(box).get('ephemeral-exhausted').fixes;
      expect(offered).toEqual([{ fix: 'reuse-time-wait', params: { pid } }]);
      const fix = reuse(box, { pid }, { shell });
      const before = fix.look();
      expect(before.result.stderr).toBe('');
      expect(before.words).toBe(
        `tcp_tw_reuse is 2 in the network namespace of bash (pid ${pid}), 200 sockets in TIME_WAIT`,
      );
      expect(holds({ pid }, before.state)).toBe(false);
      const plan = fix.plan();
      const set = stepOf(plan, 'set');
      expect(set.undo).toBe(`nsenter -t ${pid} -n sysctl -w net.ipv4.tcp_tw_reuse=2`);
      expect(plan.saved).toEqual({ kind: 'nothing-needed' });
      const host = valueOf(box, 1);
      expect(fix.run(plan.steps)).toEqual({ codes: [0, 0], said: 'tcp_tw_reuse was 2 and is 1\n' });
      expect([valueOf(box, pid), valueOf(box, 1)]).toEqual(['1', host]);
      // A second after their end.
      box.run('sleep 1.2');
      expect(connectionFrom(box, pid)).toBe('-');
      const after = fix.look();
      expect(after.verify(before)).toEqual({
        outcome: 'verified',
        reason: expect.stringMatching(/^tcp_tw_reuse is 1, it was 2; \d+ ports in TIME_WAIT were/),
      });
      expect(holds({ pid }, after.state)).toBe(true);
      expect(after.plan).toMatch(/is 1 already: there is nothing to change$/);
      expect(fix.run(plan.steps).codes).toEqual([75, 75]);
      box.run(set.undo ?? 'false');
      expect(valueOf(box, pid)).toBe('2');
      expect(fix.look().verify(before)).toMatchObject({ outcome: 'ineffective' });
    });

    it('finds the namespace of a container by its id, again after a restart', async () => {
      const { box, pid } = await exhaustedBox();
      const container = new Container(box);
      container.take(pid);
      const fix = reuse(box, { container: container.id }, { shell });
      const before = fix.look();
      expect(before.words).toContain(
        `in container ${container.id.slice(0, 12)} (bash, pid ${pid})`,
      );
      const plan = fix.plan();
      expect(plan.identity).toMatchObject({ container: container.id, pid: String(pid) });
      expect(plan.preconditions.join('\n')).toContain('It is lost when the container restarts');
      expect(fix.run(plan.steps).codes).toEqual([0, 0]);
      expect(holds({ container: container.id }, fix.look().state)).toBe(true);
      container.end();
      const gone = fix.look();
      expect(gone.plan).toMatch(/no container of this id or name is running here/);
      expect(holds({ container: container.id }, gone.state)).toBe(null);
      expect(gone.verify(before)).toMatchObject({ outcome: 'unknown' });
      const again = await burning(box, [`tw:${REMOTE}:6379:5`]);
      container.take(again.pid);
      const restarted = fix.look();
      expect(holds({ container: container.id }, restarted.state)).toBe(false);
      expect(restarted.verify(before)).toEqual({
        outcome: 'unknown',
        reason: 'it is in another network namespace by now (restarted?), where tcp_tw_reuse is 2',
      });
    });
  },
);

describe.skipIf(problem !== null)('reuse-time-wait', () => {
  it('takes the beginning of an id, and tells who shares the namespace', async () => {
    const { box, pid } = await exhaustedBox();
    const [pause, app] = [new Container(box), new Container(box)];
    pause.take(pid);
    box.run(`nsenter -t ${pid} -n sleep 600 >/dev/null 2>&1 & echo $! >${box.directory}/sleeper`);
    app.take(Number(box.run(`cat ${box.directory}/sleeper`)));
    const plan = reuse(box, { container: app.id.slice(0, 12) }).plan();
    expect(plan.identity['container']).toBe(app.id);
    expect(plan.preconditions.join('\n')).toContain('1 other container shares this network');
  });

  it('changes the host itself only when a process of the host is named, and says so', async () => {
    const box = await boxed();
    box.run('mount -t tmpfs tmpfs /srv; chmod 755 /srv');
    const container = new Container(box);
    box.run(`sleep 600 >/dev/null 2>&1 & echo $! >${box.directory}/sleeper`);
    container.take(Number(box.run(`cat ${box.directory}/sleeper`)));
    expect(reuse(box, { container: container.id }).look().plan).toMatch(
      /it uses the network of the host \(--network host\), so this would change the host itself/,
    );
    const plan = reuse(box, { pid: 1 }).plan();
    expect(plan.summary).toContain('in the network namespace of the host itself on host-17');
    expect(plan.preconditions.join('\n')).toContain('THIS CHANGES THE HOST');
    expect(stepOf(plan, 'set')).toMatchObject({
      equivalent: 'sysctl -w net.ipv4.tcp_tw_reuse=1',
      undo: 'sysctl -w net.ipv4.tcp_tw_reuse=2',
    });
  });

  it('sets it without nsenter where the process is in the namespace of whoever logs in', async () => {
    const { box, pid } = await exhaustedBox();
    const there = [...box.enter, 'nsenter', '-t', String(pid), '-n'];
    const bound = reuseTimeWait.bind(
      { pid },
      { fix: 'f0000000000000001', host: 'host-17', saveDirectory: '/srv/save', nonce: 'n0nce' },
    );
    const run = (argv: readonly string[], input = ''): ReturnType<typeof resultOf> => {
      const [program = '', ...args] = [...there, ...argv];
      const done = spawnSync(program, args, { input, encoding: 'utf8' });
      return resultOf(done.stdout, { exitCode: done.status, stderr: done.stderr });
    };
    const plan = bound.plan(bound.parse(run(bound.probe.argv, bound.probe.stdin)));
    if (typeof plan === 'string') throw new Error(plan);
    expect(plan.identity).toMatchObject({ enter: '-', host: 'true' });
    for (const { argv, stdin } of plan.steps) expect(run(argv, stdin).exitCode).toBe(0);
    expect(valueOf(box, pid)).toBe('1');
  });
});
