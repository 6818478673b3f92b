import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../src/core/command.ts';
import type { Plan, Step } from '../../../src/core/plan.ts';
import { type RunStepsDeps, runSteps } from '../../../src/workflows/run-steps.ts';
import { createFixLab, STREAM } from '../../support/fix-lab.ts';
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
) {
  const { deps } = await createFixLab();
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
