import type { CommandResult, Probe } from '../../src/core/command.ts';
import type { Step } from '../../src/core/plan.ts';
import type { RemoteReader, RemoteWriter } from '../../src/ports/remote.ts';
import type { SampleState } from './sample-fix.ts';

/** The host of the sample fix: a thing, and marks as the real scripts leave them. */
export interface SampleHost extends RemoteReader, RemoteWriter {
  state: SampleState;
  /** Line of the mark by fix id, as in the file `status` on a real host. */
  readonly marks: Map<string, string>;
  /** Ids of the steps that really did something, in order. */
  readonly done: string[];
  /** Called before a step does anything; what it throws or returns happens instead. */
  before: (step: Step) => Promise<Partial<CommandResult> | null>;
  /** Called before a look; may throw. */
  looking: (probe: Probe) => Promise<void>;
}

export function createSampleHost(state: SampleState): SampleHost {
  const marks = new Map<string, string>();
  const done: string[] = [];
  let current = '';

  const change = (step: Step): Partial<CommandResult> => {
    if (step.id === 'claim') {
      const [, , , , fix = '', status = ''] = step.argv;
      if (marks.has(fix)) return { exitCode: 75, stdout: `${marks.get(fix)}\n` };
      marks.set(fix, status);
      current = fix;
      if (status !== 'cancelled') done.push('claim');
      return {};
    }
    const [, inode] = [step.id, step.argv.at(-1)];
    if (inode !== host.state.inode) return { exitCode: 65, stderr: 'it is another thing now\n' };
    done.push(step.id);
    if (step.id === 'truncate') host.state = { ...host.state, bytes: 0 };
    marks.set(current, `done ${step.id}`);
    return { stdout: `${step.id} was done, token=hunter2-secret\n` };
  };

  const host: SampleHost = {
    state,
    marks,
    done,
    before: async () => null,
    looking: async () => {},
    read: async (_name, probe) => {
      await host.looking(probe);
      const [, , , nonce = '', , fix = ''] = probe.argv;
      if (probe.stdin === 'look') return result({ stdout: JSON.stringify(host.state) });
      const line = marks.get(fix) ?? 'none';
      return result({ stdout: `@${nonce} begin claim\n${line}\n@${nonce} end claim 0\n` });
    },
    change: async (_name, step) => result((await host.before(step)) ?? change(step)),
  };
  return host;
}

function result(of: Partial<CommandResult>): CommandResult {
  return {
    stdout: '',
    stderr: '',
    exitCode: 0,
    signal: null,
    timedOut: false,
    outputTruncated: false,
    durationMs: 1,
    privilege: 'root',
    ...of,
  };
}
