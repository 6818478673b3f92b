import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../src/core/command.ts';
import type { Plan, Step } from '../../../src/core/plan.ts';
import type { Fix } from '../../../src/fixes/contract.ts';
import { planFix } from '../../../src/workflows/fix/plan-fix.ts';
import { reviewFix } from '../../../src/workflows/fix/review-fix.ts';
import { type RunStepsDeps, runSteps } from '../../../src/workflows/fix/run-steps.ts';
import { createFixLab, onlyFix, STREAM, WHO } from '../../support/fix-lab.ts';
import { sampleFix } from '../../support/sample-fix.ts';
import { sha256 } from '../../support/sha256.ts';

const step = (id: string, keep?: Step['keep']): Step => ({
  id,
  argv: ['sh', '-s', '--', id],
  equivalent: id,
  why: 'because',
  undo: null,
  timeoutSeconds: 5,
  ...(keep === undefined ? {} : { keep }),
});

/** Keeps what the host prints, then truncates. */
async function run(
  printed: Partial<CommandResult>,
  keep = { name: 'f1-log.txt', limitBytes: 100 },
  before: readonly (readonly [name: string, content: string])[] = [],
) {
  const { deps } = await createFixLab();
  for (const [name, content] of before) await deps.kept.put(STREAM, name, content);
  const ran: string[] = [];
  const result: CommandResult = {
    stdout: '',
    stderr: '',
    exitCode: 0,
    signal: null,
    timedOut: false,
    outputTruncated: false,
    durationMs: 1,
    privilege: 'root',
    ...printed,
  };
  const own: RunStepsDeps = {
    ...deps,
    writer: {
      change: async (_host, { id }) => {
        ran.push(id);
        return result;
      },
    },
  };
  const plan: Plan = {
    summary: 's',
    steps: [step('keep', keep), step('truncate')],
    saved: { kind: 'incident', name: keep.name, what: 'samples' },
    identity: {},
    preconditions: [],
    verification: 'v',
  };
  const end = await runSteps(own, {
    stream: STREAM,
    fix: 'f1',
    host: 'host-17',
    plan,
    signal: new AbortController().signal,
    mayGoOn: async () => null,
  });
  return { end, ran, kept: await own.kept.all(STREAM), own };
}

describe('a step that keeps evidence in the incident', () => {
  it('keeps what the host printed, without secrets, before the next step begins', async () => {
    const { end, ran, kept } = await run({ stdout: 'GET /a\npassword=hunter2-secret\n' });
    const content = 'GET /a\npassword=[redacted]\n';
    expect(ran).toEqual(['keep', 'truncate']);
    expect([...kept]).toEqual([['f1-log.txt', content]]);
    expect(end.steps[0]).toMatchObject({
      id: 'keep',
      output: '',
      kept: { name: 'f1-log.txt', bytes: content.length, sha256: sha256(content) },
    });
  });

  it.each([
    ['nothing came', { stdout: '' }, 'nothing came to be kept'],
    ['its middle was cut out', { stdout: 'a', outputTruncated: true }, 'is larger than'],
    ['it is too long', { stdout: 'é'.repeat(51) }, 'is larger than 100 B'],
  ])('stops before anything is changed when %s', async (_why, printed, words) => {
    const { end, ran, kept } = await run(printed);
    expect(ran).toEqual(['keep']);
    expect(kept.size).toBe(0);
    expect(end).toMatchObject({ kind: 'stopped', outcome: 'failed' });
    expect(end.kind === 'stopped' ? end.reason : '').toContain(words);
  });

  it.each(['log.txt', 'f1-../x', 'f1-a b', 'f2-log.txt'])(
    'stops at the name %s, which could be another copy',
    async (name) => {
      const { end, ran } = await run({ stdout: 'a' }, { name, limitBytes: 100 });
      expect(ran).toEqual(['keep']);
      expect(end).toMatchObject({ kind: 'stopped', outcome: 'failed' });
    },
  );

  it('stops when other content is kept under the name', async () => {
    const { ran, end } = await run(
      { stdout: 'the evidence' },
      { name: 'f1-log.txt', limitBytes: 100 },
      [['f1-log.txt', 'nothing to see']],
    );
    expect(ran).toEqual(['keep']);
    expect(end.kind === 'stopped' ? end.reason : '').toContain('other content is kept under');
  });

  it('has no plan where there is no incident to keep it in', async () => {
    const lab = await createFixLab();
    const sample = sampleFix();
    const keeping: Fix = {
      ...sample,
      bind: (params, context) => {
        const bound = sample.bind(params, context);
        const plan = (state: unknown): Plan | string => {
          const found = bound.plan(state);
          const saved = { kind: 'incident', name: 'f-a.txt', what: 'samples' } as const;
          return typeof found === 'string' ? found : { ...found, saved };
        };
        return { ...bound, plan };
      },
    };
    lab.deps.fix = onlyFix(keeping);
    const { journal } = lab.store;
    lab.deps.journal = {
      ...journal,
      read: async (stream, afterSeq) =>
        (await journal.read(stream, afterSeq)).map((record) =>
          record.event.type === 'incident.opened'
            ? { ...record, event: { type: 'fixes.unfrozen', reason: '' } }
            : record,
        ),
    };
    const value = { stream: STREAM, run: 'run1', host: 'host-17', finding: 0, offer: 0 };
    const fix = await reviewFix(lab.deps, { value, person: WHO.requester, view: 'V1' });
    const signal = new AbortController().signal;
    await planFix(lab.deps, { stream: STREAM, fix }, { signal, lastTry: true });
    expect(await lab.fix(fix)).toMatchObject({
      status: 'unplanned',
      reason: expect.stringContaining('declare an incident'),
    });
  });

  it('stops when the record cannot take it', async () => {
    const { deps } = await createFixLab();
    const broken: RunStepsDeps = {
      ...deps,
      kept: {
        put: async () => {
          throw new Error('Redis is away');
        },
        all: async () => new Map(),
      },
      writer: {
        change: async () => ({
          stdout: 'a',
          stderr: '',
          exitCode: 0,
          signal: null,
          timedOut: false,
          outputTruncated: false,
          durationMs: 1,
          privilege: 'root',
        }),
      },
    };
    const keep = { name: 'f1-log.txt', limitBytes: 100 };
    const end = await runSteps(broken, {
      stream: STREAM,
      fix: 'f1',
      host: 'host-17',
      plan: {
        summary: 's',
        steps: [step('keep', keep), step('truncate')],
        saved: { kind: 'incident', name: keep.name, what: 'samples' },
        identity: {},
        preconditions: [],
        verification: 'v',
      },
      signal: new AbortController().signal,
      mayGoOn: async () => null,
    });
    expect(end.steps.map(({ id }) => id)).toEqual(['keep']);
    expect(end.kind === 'stopped' ? end.reason : '').toContain('Redis is away');
  });
});
