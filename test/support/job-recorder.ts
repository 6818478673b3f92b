import type { JobHandlers } from '../../src/ports/job-queue.ts';

interface Ended {
  readonly name: keyof JobHandlers;
  readonly ids: Readonly<Record<string, string>>;
}

/** Handlers that write down what they were called with. */
export interface Recorder {
  readonly ended: readonly Ended[];
  names(): readonly (keyof JobHandlers)[];
  note(name: keyof JobHandlers, ids: Readonly<Record<string, string>>): void;
  /** Those given, and for the rest ones that only take note. */
  handlers(special: Partial<JobHandlers>): JobHandlers;
}

export function createRecorder(): Recorder {
  const ended: Ended[] = [];
  const note: Recorder['note'] = (name, ids) => {
    ended.push({ name, ids });
  };
  return {
    ended,
    names: () => ended.map(({ name }) => name),
    note,
    handlers: (special) => ({
      'route-alert': async (ids) => note('route-alert', ids),
      'diagnose-host': async (ids) => note('diagnose-host', ids),
      'finish-run': async (ids) => note('finish-run', ids),
      'plan-fix': async (ids) => note('plan-fix', ids),
      'execute-fix': async (ids) => note('execute-fix', ids),
      'check-fix': async (ids) => note('check-fix', ids),
      'watch-fix': async (ids) => note('watch-fix', ids),
      'close-incident': async (ids) => note('close-incident', ids),
      ...special,
    }),
  };
}
