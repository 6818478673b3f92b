import type { FixRequest, FixResult, FixState } from '../../../src/core/approval/fix-state.ts';
import type { Block, Document, Form } from '../../../src/core/document/document.ts';
import type { StepRun } from '../../../src/core/incident/event.ts';
import type { Actor } from '../../../src/core/person.ts';
import type { Plan, Step } from '../../../src/core/plan.ts';

export const DIGEST = '0123456789abcdef'.repeat(4);
export const ANNA: Actor = { kind: 'person', team: 'T1', user: 'UANNA' };
const AT = '2026-11-20T12:00:00.000Z';

export const CLAIM: Step = {
  id: 'claim',
  argv: ['sh', '-s', '--', '/save', 'f1'],
  stdin: 'claim it\n',
  equivalent: 'mkdir /save/claims/f1',
  why: 'Marks it.',
  undo: 'none needed',
  timeoutSeconds: 30,
};

export const EMPTY: Step = {
  id: 'empty',
  argv: ['truncate', '-s', '0', "/var/log/it's.log"],
  equivalent: ': > /var/log/it.log',
  why: 'Gives the space back.',
  undo: null,
  timeoutSeconds: 30,
};

export const PLAN: Plan = {
  summary: 'empty /var/log/it.log',
  steps: [CLAIM, EMPTY],
  saved: { kind: 'file', path: '/save/f1-it.log', bytes: 10, what: 'its last 10 bytes' },
  identity: { claim: '/save' },
  preconditions: ['it is 10 bytes long', 'nobody writes to it'],
  verification: 'the file is empty',
};

export const LOSS: Plan['saved'] = { kind: 'loss', words: 'lose it' };
export const KEPT: Plan['saved'] = { kind: 'incident', name: 'f1-it.log', what: 'its last lines' };
export const UNSAVED: Plan['saved'] = { kind: 'nothing-needed' };

export const REQUEST: FixRequest = {
  by: ANNA,
  at: AT,
  approvers: ['UANNA', 'UBEN', 'SOPS'],
  required: 1,
  selfApproval: false,
  expiresAt: '2026-11-20T12:15:30.000Z',
};

export function ran(id: string, exitCode: number | null, output: string): StepRun {
  return { id, argv: ['true'], exitCode, output, outputSha256: DIGEST };
}

export const VERIFIED: FixResult = {
  at: AT,
  outcome: 'verified',
  reason: 'the file is empty',
  before: '10 bytes',
  after: '0 bytes',
  steps: [ran('claim', 0, ''), ran('empty', 0, 'emptied\n')],
};

/** Planned, and nobody has asked for it. */
export function sampleFix(more: Partial<FixState> = {}): FixState {
  return {
    id: 'f1',
    status: 'planned',
    offer: { fix: 'truncate-log', params: {} },
    host: 'web-1',
    run: 'r1',
    finding: 'disk.big-log',
    reviewedBy: ANNA,
    reviewedAt: AT,
    plan: PLAN,
    digest: DIGEST,
    approvals: [],
    refusals: [],
    ...more,
  };
}

export function approvedBy(...users: readonly string[]): FixState['approvals'] {
  return users.map((user) => ({ person: { team: 'T1', user }, at: AT }));
}

/** One fix of a rollout, asked for, at its place. */
export function inRollout(place: number, more: Partial<FixState> = {}): FixState {
  return sampleFix({
    id: `f${place}`,
    host: `web-${place}`,
    status: 'approved',
    rollout: { id: 'ro1', place },
    request: REQUEST,
    ...more,
  });
}

/** All there is of a document or form: its own members in one line, then each block in one. */
export function lines({ blocks, ...rest }: Document | Form): string {
  const all = blocks.map((block: Block) => JSON.stringify(block));
  return [JSON.stringify(rest), ...all].join('\n');
}
