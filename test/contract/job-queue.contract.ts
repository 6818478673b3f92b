import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HousecallError } from '../../src/core/errors.ts';
import type { JobHandlers, JobQueue } from '../../src/ports/job-queue.ts';
import { createRecorder, type Recorder } from '../support/job-recorder.ts';

/** A queue under test: one that works on one host at a time. */
export interface QueueSubject {
  readonly queue: JobQueue;
  /** Lets time pass, for delays. */
  pass(ms: number): Promise<void>;
  /** Long enough that anything which could still happen has happened. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const RUN = { kind: 'run', stream: 's', run: 'r1', hosts: ['host-1', 'host-2'] } as const;

function unreachable(): never {
  throw new HousecallError('SSH_UNREACHABLE', 'ssh host-1: refused');
}

/** What every JobQueue does. */
export function jobQueueContract(name: string, make: () => Promise<QueueSubject>): void {
  describe(`${name}: job queue`, () => {
    let subject: QueueSubject;
    let jobs: Recorder;
    beforeEach(async () => {
      subject = await make();
      jobs = createRecorder();
    });
    afterEach(() => subject.close());

    const start = (handlers: Partial<JobHandlers> = {}): Promise<void> =>
      subject.queue.start(jobs.handlers(handlers), ['web', 'worker']);
    const until = (check: () => void): Promise<void> =>
      vi.waitFor(check, { timeout: 10_000, interval: 10 });

    it('hands each kind of job, with its ids alone, to its handler', async () => {
      await start();
      await subject.queue.add({ kind: 'route-alert', delivery: 'd' });
      await subject.queue.add({ kind: 'plan-fix', stream: 's', fix: 'f' });
      await subject.queue.add({ kind: 'execute-fix', stream: 's', fix: 'f' });
      await subject.queue.add({ kind: 'check-fix', stream: 's', fix: 'f', delaySeconds: 0 });
      await subject.queue.add({ kind: 'watch-fix', stream: 's', fix: 'f', delaySeconds: 0 });
      await subject.queue.add({ kind: 'close-incident', stream: 's' });
      await until(() => expect(jobs.ended).toHaveLength(6));
      expect(Object.fromEntries(jobs.ended.map((job) => [job.name, job.ids]))).toEqual({
        'route-alert': { delivery: 'd' },
        'plan-fix': { stream: 's', fix: 'f' },
        'execute-fix': { stream: 's', fix: 'f' },
        'check-fix': { stream: 's', fix: 'f' },
        'watch-fix': { stream: 's', fix: 'f' },
        'close-incident': { stream: 's' },
      });
    });

    it('works on jobs that were added before it started', async () => {
      await subject.queue.add({ kind: 'route-alert', delivery: 'd' });
      await start();
      await until(() => expect(jobs.ended).toHaveLength(1));
    });

    it('runs a job once however often it is added', async () => {
      await start();
      const job = { kind: 'route-alert', delivery: 'd' } as const;
      await Promise.all([subject.queue.add(job, 'a'), subject.queue.add(job, 'b')]);
      await until(() => expect(jobs.ended).toHaveLength(1));
      await subject.queue.add(job);
      await subject.quiet();
      expect(jobs.ended).toHaveLength(1);
    });

    it('tells a second request to look at a fix from a repetition of the first', async () => {
      await start();
      const job = { kind: 'check-fix', stream: 's', fix: 'f', delaySeconds: 0 } as const;
      for (const key of ['s/1/1', 's/1/1', 's/2/2']) await subject.queue.add(job, key);
      await until(() => expect(jobs.ended).toHaveLength(2));
      await subject.queue.add(job, 's/1/1');
      await subject.quiet();
      expect(jobs.ended).toHaveLength(2);
    });

    it('holds a delayed job back until its time', async () => {
      await start();
      await subject.queue.add({ kind: 'check-fix', stream: 's', fix: 'f', delaySeconds: 1 });
      await subject.quiet();
      expect(jobs.ended).toEqual([]);
      await subject.pass(1000);
      await until(() => expect(jobs.ended).toHaveLength(1));
    });

    it('looks at every host of a run once, and then finishes it once', async () => {
      await start();
      await subject.queue.add({ ...RUN, hosts: ['host-1', 'host-2', 'host-1'] });
      await subject.queue.add(RUN);
      await until(() => expect(jobs.names()).toContain('finish-run'));
      await subject.queue.add(RUN);
      await subject.quiet();
      const hosts = jobs.ended.slice(0, 2).map(({ ids }) => ids['host']);
      expect(new Set(hosts)).toEqual(new Set(['host-1', 'host-2']));
      expect(jobs.ended[2]).toMatchObject({ name: 'finish-run', ids: { stream: 's', run: 'r1' } });
      expect(jobs.ended).toHaveLength(3);
    });

    it('finishes a run that has no hosts', async () => {
      await start();
      await subject.queue.add({ ...RUN, hosts: [] });
      await until(() => expect(jobs.names()).toEqual(['finish-run']));
    });

    it('tries again what may pass, three times, and then finishes the run without that host', async () => {
      const attempts: number[] = [];
      await start({
        'diagnose-host': async ({ host }, { attempt }) => {
          if (host !== 'host-1') return;
          attempts.push(attempt);
          unreachable();
        },
      });
      await subject.queue.add(RUN);
      await until(() => expect(jobs.names()).toContain('finish-run'));
      expect(attempts).toEqual([1, 2, 3]);
      await subject.quiet();
      expect(jobs.names()).toEqual(['finish-run']);
    });

    it('does not try again what will not pass', async () => {
      const tried: string[] = [];
      await start({
        'diagnose-host': async ({ host }) => {
          tried.push(host);
          throw host === 'host-1'
            ? new HousecallError('OUTPUT_UNREADABLE', 'disk: cut off')
            : new TypeError('a bug');
        },
      });
      await subject.queue.add(RUN);
      await until(() => expect(jobs.names()).toEqual(['finish-run']));
      expect(new Set(tried)).toEqual(new Set(['host-1', 'host-2']));
      expect(tried).toHaveLength(2);
    });

    it('starts a fix once, even when its error may pass', async () => {
      let started = 0;
      await start({
        'execute-fix': async () => {
          started += 1;
          unreachable();
        },
      });
      await subject.queue.add({ kind: 'execute-fix', stream: 's', fix: 'f' });
      await until(() => expect(started).toBe(1));
      await subject.quiet();
      expect(started).toBe(1);
    });

    it('cancels a run: stops the host it looks at, skips those that wait, finishes it', async () => {
      const begun: string[] = [];
      const reasons: unknown[] = [];
      await start({
        'diagnose-host': async ({ host }, { signal }) => {
          begun.push(host);
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
          reasons.push(signal.reason);
          throw new HousecallError('CANCELLED', 'ssh: stopped');
        },
      });
      await subject.queue.add({ ...RUN, hosts: ['host-1', 'host-2', 'host-3'] });
      await until(() => expect(begun).toHaveLength(1));
      await subject.queue.cancelRun('r1');
      await until(() => expect(jobs.names()).toEqual(['finish-run']));
      await subject.quiet();
      expect(begun).toHaveLength(1);
      expect(reasons[0]).toMatchObject({ code: 'CANCELLED', context: { reason: 'cancelled' } });
      expect(jobs.names()).toEqual(['finish-run']);
    });

    it('cancels nothing but the run that was named', async () => {
      await start();
      await subject.queue.cancelRun('another');
      await subject.queue.add(RUN);
      await until(() => expect(jobs.names()).toContain('finish-run'));
      expect(jobs.ended).toHaveLength(3);
    });

    it('leaves the jobs of other roles alone', async () => {
      await subject.queue.start(jobs.handlers({}), ['web']);
      await subject.queue.add({ kind: 'execute-fix', stream: 's', fix: 'f' });
      await subject.queue.add({ kind: 'route-alert', delivery: 'd' });
      await until(() => expect(jobs.names()).toEqual(['route-alert']));
      await subject.quiet();
      expect(jobs.names()).toEqual(['route-alert']);
    });

    it('lets a running job end when it closes', async () => {
      let begun = false;
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      await start({
        'route-alert': async () => {
          begun = true;
          await released;
          jobs.note('route-alert', { delivery: 'd' });
        },
      });
      await subject.queue.add({ kind: 'route-alert', delivery: 'd' });
      await until(() => expect(begun).toBe(true));
      const closing = subject.queue.close(10);
      release();
      await closing;
      expect(jobs.names()).toEqual(['route-alert']);
    });
  });
}
