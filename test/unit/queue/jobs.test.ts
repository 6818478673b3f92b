import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobFields } from '../../../src/adapters/queue/job-fields.ts';
import { hostJobId, jobId } from '../../../src/adapters/queue/jobs.ts';

describe('job ids', () => {
  it('are ids that BullMQ takes, whatever the names are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (run, host) => {
        // Neither a number nor with a colon: it refuses those.
        expect(hostJobId(run, host)).toMatch(/^diagnose-host-[0-9a-f]{32}$/);
        expect(jobId({ kind: 'route-alert', delivery: run })).toMatch(/^route-alert-[0-9a-f]{32}$/);
      }),
    );
  });

  it('tell names apart that only differ in where one ends and the next begins', () => {
    expect(hostJobId('a', 'b-c')).not.toBe(hostJobId('a-b', 'c'));
    expect(hostJobId('a","b', 'c')).not.toBe(hostJobId('a', 'b","c'));
  });

  it('are the same for a fix however often it is asked for, but not for two looks at it', () => {
    const fix = { stream: 's', fix: 'f' } as const;
    const execute = { kind: 'execute-fix', ...fix } as const;
    const check = { kind: 'check-fix', delaySeconds: 900, ...fix } as const;
    expect(jobId(execute, 'row 1')).toBe(jobId(execute, 'row 2'));
    expect(jobId(check, 'row 1')).not.toBe(jobId(check, 'row 2'));
    expect(jobId(check, 'row 1')).toBe(jobId(check, 'row 1'));
  });
});

describe('fields of a job', () => {
  it('are short texts under the expected names, and nothing else', () => {
    expect(jobFields({ stream: 's', fix: 'f', more: 1 }, ['stream', 'fix'])).toEqual({
      stream: 's',
      fix: 'f',
    });
  });

  it.each([
    [null],
    ['s'],
    [{}],
    [{ stream: 1 }],
    [{ stream: '' }],
    [{ stream: ['s'] }],
    [{ stream: 'x'.repeat(1025) }],
    [Object.create({ stream: 'inherited' })],
  ])('are refused in %j', (data) => {
    expect(() => jobFields(data, ['stream'])).toThrow('the job has no usable "stream"');
  });
});
