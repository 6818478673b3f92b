import { describe, expect, it } from 'vitest';
import { type Box, boxProblem } from '../support/box.ts';
import { burning, REMOTE } from '../support/ports-box.ts';
import { Container, cgroupProblem, exhaustedBox, reuse, valueOf } from '../support/reuse-lab.ts';
import { stepOf } from '../support/service-box.ts';

const problem = boxProblem() ?? cgroupProblem();
if (problem !== null) console.warn(`reuse-time-wait under attack: skipped, ${problem}`);

/** Positions in the argv of `set`. */
const AT = { enter: 5, pid: 6, start: 7, boot: 8, namespace: 9, old: 10 };

const startOf = (box: Box, pid: number): string =>
  box.run(`cat /proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19] ?? '';

describe.skipIf(problem !== null).each(['dash', 'busybox'] as const)(
  'reuse-time-wait under attack under %s',
  (shell) => {
    it.each([
      ['another start time (pid reuse)', AT.start, '1', 65, /another one now/],
      ['another boot', AT.boot, '00000000-0000-0000-0000-000000000000', 65, /started again/],
      ['a process that is gone', AT.pid, '4194303', 65, /is gone/],
      ['another namespace', AT.namespace, '4026531840', 65, /namespace is another one now/],
      ['another old value', AT.old, '0', 65, /is 2 now and not 0: somebody else changed it/],
      ['another program to enter with', AT.enter, 'reboot', 78, /no such program/],
    ] as const)('refuses %s and changes nothing', async (_what, at, value, code, words) => {
      const { box, pid } = await exhaustedBox();
      const fix = reuse(box, { pid }, { shell });
      const plan = fix.plan();
      expect(fix.step(stepOf(plan, 'claim')).exitCode).toBe(0);
      const done = fix.step(stepOf(plan, 'set'), { [at]: value });
      expect([done.exitCode, done.stderr]).toEqual([code, expect.stringMatching(words)]);
      expect(valueOf(box, pid)).toBe('2');
    });

    it('refuses when the pid belongs to a process of another namespace by now, with every fact but that forged', async () => {
      const { box, pid } = await exhaustedBox();
      const other = await burning(box, [`tw:${REMOTE}:6379:5`]);
      const fix = reuse(box, { pid }, { shell });
      const plan = fix.plan();
      fix.step(stepOf(plan, 'claim'));
      const done = fix.step(stepOf(plan, 'set'), {
        [AT.pid]: String(other.pid),
        [AT.start]: startOf(box, other.pid),
      });
      expect([done.exitCode, done.stderr]).toEqual([65, expect.stringMatching(/another one now/)]);
      expect([valueOf(box, pid), valueOf(box, other.pid)]).toEqual(['2', '2']);
    });

    it('refuses when the container was restarted between the plan and the change', async () => {
      const { box, pid } = await exhaustedBox();
      const container = new Container(box);
      container.take(pid);
      const fix = reuse(box, { container: container.id }, { shell });
      const plan = fix.plan();
      container.end();
      const again = await burning(box, [`tw:${REMOTE}:6379:5`]);
      container.take(again.pid);
      expect(fix.run(plan.steps).codes).toEqual([0, 65]);
      expect(valueOf(box, again.pid)).toBe('2');
      expect(fix.plan().identity).not.toEqual(plan.identity);
    });

    it('refuses when somebody set the value, or turned timestamps off, in between', async () => {
      const { box, pid } = await exhaustedBox();
      const set = (key: string, value: string): string =>
        box.run(`nsenter -t ${pid} -n sh -c 'echo ${value} >/proc/sys/net/ipv4/${key}'`);
      const fix = reuse(box, { pid }, { shell });
      const plan = fix.plan();
      set('tcp_timestamps', '0');
      expect(fix.run(plan.steps).codes).toEqual([0, 65]);
      expect(valueOf(box, pid)).toBe('2');
      expect(reuse(box, { pid }, { shell }).look().plan).toMatch(/tcp_timestamps is 0 there/);
      set('tcp_timestamps', '1');
      const second = reuse(box, { pid }, { shell });
      const other = second.plan();
      set('tcp_tw_reuse', '0');
      expect(second.run(other.steps).codes).toEqual([0, 65]);
      expect(valueOf(box, pid)).toBe('0');
    });

    it('cannot be made to change anything once sudo is lost', async () => {
      const { box, pid } = await exhaustedBox();
      const plan = reuse(box, { pid }, { shell }).plan();
      const plain = reuse(box, { pid }, { shell, user: 'plain' });
      expect(plain.look().plan).toMatch(/can be set by root only, this is uid 65534/);
      expect(plain.run(plan.steps).codes).toEqual([73, 73]);
      expect(valueOf(box, pid)).toBe('2');
    });

    it('refuses a namespace that it cannot tell, cannot enter or cannot write', async () => {
      const { box, pid } = await exhaustedBox();
      const other = await burning(box, [`tw:${REMOTE}:6379:5`]);
      const container = new Container(box);
      container.take(pid, other.pid);
      expect(reuse(box, { container: container.id }, { shell }).look().plan).toMatch(
        /in several network namespaces/,
      );
      box.run('mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys');
      expect(reuse(box, { pid }, { shell }).look().plan).toMatch(/read-only on this host/);
      expect(reuse(box, { pid: 4_194_303 }, { shell }).look().plan).toMatch(/process .* is gone/);
    });

    it('survives a process with a hostile name', async () => {
      const { box } = await exhaustedBox();
      const name = Buffer.from('x) S 1 1\n@f1x7u').toString('hex');
      const { pid: parent } = await burning(box, [`name:${name}`, `tw:${REMOTE}:6379:5`]);
      const [pid] = box.run(`cat /proc/${parent}/task/${parent}/children`).split(' ').map(Number);
      const fix = reuse(box, { pid: pid ?? 0 }, { shell });
      const plan = fix.plan();
      expect(plan.preconditions[0]).toContain(`Process ${pid} is x??S?1?1?@f1x7u, started`);
      expect(plan.identity['startTime']).toBe(startOf(box, pid ?? 0));
      expect(fix.run(plan.steps).codes).toEqual([0, 0]);
      expect(valueOf(box, pid ?? 0)).toBe('1');
    });

    it('runs nothing of a script that arrives cut off', async () => {
      const { box, pid } = await exhaustedBox();
      const fix = reuse(box, { pid }, { shell });
      const plan = fix.plan();
      fix.step(stepOf(plan, 'claim'));
      const set = stepOf(plan, 'set');
      const script = set.stdin ?? '';
      for (let end = 0; end < script.trimEnd().length - '"$@" </dev/null'.length; end += 397) {
        fix.step({ ...set, stdin: script.slice(0, end) });
      }
      expect(valueOf(box, pid)).toBe('2');
      expect(fix.step(set).exitCode).toBe(0);
    });
  },
);
