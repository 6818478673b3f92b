import { z } from 'zod';
import { claimStep } from '../../src/core/approval/claim.ts';
import { HousecallError } from '../../src/core/errors.ts';
import { defineFix, type Fix, type Lasting } from '../../src/fixes/contract.ts';

/** What the sample fix sees: enough to be replaced, to grow and to vanish. */
export interface SampleState {
  readonly inode: string;
  readonly bytes: number;
  readonly room: boolean;
  readonly gone?: boolean;
}

/** A fix as simple as can be: its probe prints its state as JSON. */
export function sampleFix(version = 1, lasting?: Lasting<SampleState>): Fix {
  return defineFix<z.ZodObject<{ inode: z.ZodString }>, SampleState>({
    id: 'sample',
    title: 'A sample',
    summary: 'Empties a thing.',
    version,
    params: z.strictObject({ inode: z.string().describe('which thing') }),
    probe: ({ inode }, { nonce }) => ({
      argv: ['sh', '-s', '--', nonce, inode],
      stdin: 'look',
      timeoutSeconds: 5,
      outputLimitBytes: 1000,
    }),
    parse: (result) => {
      if (result.exitCode !== 0) throw new HousecallError('OUTPUT_UNREADABLE', 'sample: no output');
      return JSON.parse(result.stdout) as SampleState;
    },
    plan: (state, params, context) => {
      if (state.gone === true) return 'the thing is gone';
      const saved = state.room
        ? ({ kind: 'file', path: '/save/thing.gz', bytes: state.bytes, what: 'the thing' } as const)
        : ({ kind: 'loss', words: 'lose thing' } as const);
      const empty = (id: string): ReturnType<typeof claimStep> => ({
        id,
        argv: ['sh', '-s', '--', id, state.inode],
        stdin: `${id} it`,
        equivalent: `${id} thing`,
        why: 'because',
        undo: null,
        timeoutSeconds: 60,
      });
      return {
        summary: `Empty the thing ${params.inode} on ${context.host}`,
        steps: [
          claimStep(context.saveDirectory, context.fix),
          ...(state.room ? [empty('save')] : []),
          empty('truncate'),
        ],
        saved,
        identity: { claim: context.saveDirectory, inode: state.inode },
        preconditions: [`it holds ${state.bytes} bytes`],
        verification: 'its bytes must fall',
      };
    },
    verify: (before, after) => {
      if (after.gone === true) return { outcome: 'unknown', reason: 'it is gone' };
      return after.bytes < before.bytes
        ? { outcome: 'verified', reason: `${before.bytes - after.bytes} bytes freed` }
        : { outcome: 'ineffective', reason: 'nothing was freed' };
    },
    describe: (state) => `thing ${state.inode}: ${state.bytes} bytes`,
    ...(lasting === undefined ? {} : { lasting }),
  });
}
