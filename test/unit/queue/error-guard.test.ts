import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createErrorGuard } from '../../../src/adapters/queue/error-guard.ts';
import type { Log } from '../../../src/ports/log.ts';

describe('error guard of a queue worker', () => {
  let lines: string[];
  let steps: string[];
  let guard: ReturnType<typeof createErrorGuard>;
  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    steps = [];
    const note = (_: unknown, message: string): void => void lines.push(message);
    const log: Log = { info: note, warn: note, error: note };
    guard = createErrorGuard(log, 'diagnose', {
      pause: async () => void steps.push('pause'),
      resume: async () => void steps.push('resume'),
    });
  });
  afterEach(() => {
    guard.close();
    vi.useRealTimers();
  });
  const rain = (errors: number): void => {
    for (let i = 0; i < errors; i += 1) guard.error(new Error('OOM command not allowed'));
  };

  it('lets single errors be, in one line each ten seconds', () => {
    for (let second = 0; second < 30; second += 1) {
      rain(5);
      vi.advanceTimersByTime(1001);
    }
    expect(steps).toEqual([]);
    expect(lines).toEqual(['queue error', 'queue error', 'queue error']);
  });

  it('rests the worker when errors rain, longer each time, and says so once per rest', () => {
    rain(10_000);
    expect(steps).toEqual(['pause']);
    vi.advanceTimersByTime(1000);
    expect(steps).toEqual(['pause', 'resume']);
    rain(10_000);
    vi.advanceTimersByTime(1000);
    expect(steps).toEqual(['pause', 'resume', 'pause']);
    vi.advanceTimersByTime(1000);
    expect(steps).toEqual(['pause', 'resume', 'pause', 'resume']);
    expect(lines.filter((line) => line.includes('rests'))).toHaveLength(2);
    expect(lines.length).toBeLessThan(5);
  });

  it('never rests longer than half a minute, and begins small again after quiet times', () => {
    for (let i = 0; i < 10; i += 1) {
      rain(100);
      vi.advanceTimersByTime(30_000);
    }
    expect(steps.filter((step) => step === 'pause')).toHaveLength(10);
    expect(steps.filter((step) => step === 'resume')).toHaveLength(10);
    vi.advanceTimersByTime(120_000);
    rain(100);
    vi.advanceTimersByTime(1000);
    expect(steps.at(-1)).toBe('resume');
  });

  it('does not wake a worker that was closed meanwhile', () => {
    rain(100);
    guard.close();
    vi.advanceTimersByTime(60_000);
    expect(steps).toEqual(['pause']);
  });
});
