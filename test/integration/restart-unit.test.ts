import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restartUnit } from '../../src/fixes/restart-unit/index.ts';
import { type Box, boxProblem } from '../support/box.ts';
import {
  addUnit,
  createServiceBox,
  FixInBox,
  standInForSystemd,
  stepOf,
} from '../support/service-box.ts';

/** Positions in the argv of `restart`. */
const AT = { id: 7, boot: 8, pid: 9, start: 10, token: 11 };

const problem = boxProblem();
if (problem !== null) console.warn(`restart-unit: skipped, ${problem}`);

describe.skipIf(problem !== null).each(['dash', 'busybox'] as const)(
  'restart-unit of units under %s',
  (shell) => {
    let box: Box;
    beforeAll(async () => {
      box = await createServiceBox();
      standInForSystemd(box);
      addUnit(box, 'web.service', 'sleep 600', 'ConsistsOf=worker.service idle.service');
      addUnit(box, 'worker.service', 'sleep 601', 'RequiredBy=mail.service web.service');
      addUnit(box, 'mail.service', 'sleep 602');
      addUnit(box, 'idle.service', 'sleep 603');
      addUnit(box, 'falls.service', 'false');
      addUnit(box, 'locked.service', 'sleep 604', 'LoadState=masked');
      addUnit(box, 'busy.service', 'sleep 605', 'Job=4711');
      box.run('systemctl start web.service worker.service mail.service busy.service');
    });
    afterAll(() => box?.close());

    const of = (params: Record<string, unknown>): FixInBox =>
      new FixInBox(box, { fix: restartUnit, params, options: { shell } });

    it('restarts a unit, says what stops with it, verifies it, and does nothing the second time', () => {
      const fix = of({ unit: 'web' });
      const before = fix.look();
      expect(before.result.stderr).toBe('');
      expect(before.words).toMatch(/^web\.service is active as process \d+$/);
      const plan = fix.plan();
      expect(plan.preconditions).toContain(
        'mail.service, worker.service stop with it and are started again',
      );
      expect(plan.steps.at(-1)).toMatchObject({
        undo: null,
        equivalent: 'systemctl restart -- web.service',
      });
      expect(fix.run(plan.steps)).toEqual({ codes: [0, 0], said: expect.any(String) });
      const after = fix.look();
      expect(after.verify(before)).toMatchObject({ outcome: 'verified' });
      expect(after.verify(after)).toMatchObject({ outcome: 'ineffective' });
      expect(fix.run(plan.steps).codes).toEqual([75, 75]);
      expect(fix.look().words).toBe(after.words);
    });

    it('starts a unit that has failed, and tells when it falls again', () => {
      box.run('systemctl start falls.service || true');
      const fix = of({ unit: 'falls.service' });
      const before = fix.look();
      expect(before.words).toBe('falls.service is failed');
      const { codes, said } = fix.run(fix.plan().steps);
      expect(codes).toEqual([0, 1]);
      expect(said).toMatch(/control process exited.*is now failed/s);
      expect(fix.look().verify(before)).toMatchObject({ outcome: 'ineffective' });
    });

    it.each([
      ['no-such-thing', /systemd knows no unit no-such-thing\.service/],
      ['locked', /masked/],
      ['busy', /a job is queued/],
    ])('refuses %s in words', (unit, words) => {
      expect(of({ unit }).look().plan).toMatch(words);
    });

    it('refuses without root, and nothing is claimed', () => {
      const fix = of({ unit: 'web' });
      expect(fix.look({ shell, user: 'plain' }).plan).toMatch(/needs root, this is uid 65534/);
    });

    it.each([
      ['another boot', AT.boot, '00000000-0000-0000-0000-000000000000', /started again since/],
      ['another start of the process (pid reuse)', AT.start, '1', /another one now/],
      ['another process', AT.pid, '1', /main process .* is another one now/],
      [
        'another start of the unit',
        AT.token,
        '00000000000000000000000000000000',
        /was started again since/,
      ],
      ['another unit behind the name', AT.id, 'mail.service', /another unit now/],
    ])('refuses %s and restarts nothing', (_what, index, value, words) => {
      const fix = of({ unit: 'web' });
      const before = fix.look();
      const plan = fix.plan();
      fix.step(stepOf(plan, 'claim'));
      const { exitCode, stderr } = fix.step(stepOf(plan, 'restart'), { [index]: value });
      expect([exitCode, stderr]).toEqual([65, expect.stringMatching(words)]);
      expect(fix.look().words).toBe(before.words);
    });

    it('is stale when the unit was restarted by somebody else after the plan', () => {
      const fix = of({ unit: 'web' });
      const plan = fix.plan();
      box.run('systemctl restart web.service');
      const { words } = fix.look();
      expect(fix.run(plan.steps).codes).toEqual([0, 65]);
      expect(fix.look().words).toBe(words);
      expect(fix.plan().identity).not.toEqual(plan.identity);
    });
  },
);

const SCRIPT = `#!/bin/sh
# PIDFILE=/run/app/app.pid
case $1 in
  start) mkdir -p /run/app; sleep 700 & echo $! >/run/app/app.pid ;;
  stop) kill "$(cat /run/app/app.pid)" ;;
  restart) "$0" stop; "$0" start ;;
  status) kill -0 "$(cat /run/app/app.pid)" 2>/dev/null || exit 3 ;;
esac
`;

describe.skipIf(problem !== null)('restart-unit without systemd', () => {
  let box: Box;
  beforeAll(async () => {
    box = await createServiceBox();
    box.run(
      `cat >/etc/init.d/app <<'end'\n${SCRIPT}end\nchmod 755 /etc/init.d/app; /etc/init.d/app start >/dev/null 2>&1`,
    );
  });
  afterAll(() => box?.close());

  it.each(['dash', 'busybox'] as const)('restarts what /etc/init.d keeps, under %s', (shell) => {
    const fix = new FixInBox(box, {
      fix: restartUnit,
      params: { unit: 'app' },
      options: { shell },
    });
    const before = fix.look();
    expect(before.words).toMatch(/^app is active as process \d+$/);
    const plan = fix.plan();
    expect(stepOf(plan, 'restart').equivalent).toBe('service app restart');
    expect(fix.run(plan.steps).codes).toEqual([0, 0]);
    expect(fix.look().verify(before)).toMatchObject({ outcome: 'verified' });
  });

  it('says that nothing there can restart it', () => {
    const of = (params: Record<string, unknown>) => new FixInBox(box, { fix: restartUnit, params });
    expect(of({ unit: 'nginx.service' }).look().plan).toBe(
      'nginx.service on host-17: there is no systemd running, and no script /etc/init.d/nginx',
    );
  });
});
