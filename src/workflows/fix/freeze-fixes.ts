import { FREEZE_CLAIM, FREEZE_STREAM } from '../../core/approval/blocked-reason.ts';
import { hasRole, type Roles } from '../../core/approval/roles.ts';
import type { ChatRow } from '../../core/chat-operation.ts';
import type { Inline } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';
import type { Person } from '../../core/person.ts';
import { type TransactDeps, transact } from '../record/transact.ts';

export interface FreezeDeps extends TransactDeps {
  readonly roles: () => Promise<Roles>;
  readonly announceChannel: string;
}

/**
 * Stops every fix of this installation: none is requested, approved or begun, and one that runs stops
 * before its next step. Anybody with a role may pull the brake.
 * @throws HousecallError NOT_ALLOWED; STATE_CONFLICT when they are frozen already.
 */
export async function freezeFixes(
  deps: FreezeDeps,
  { person, reason }: { readonly person: Person; readonly reason: string },
): Promise<void> {
  const roles = await deps.roles();
  const actor = { kind: 'person', ...person } as const;
  if (!hasRole(roles, actor, 'operator') && !hasRole(roles, actor, 'approver')) {
    throw new HousecallError('NOT_ALLOWED', '/incident freeze: only operators and approvers may');
  }
  if ((await deps.journal.owner(FREEZE_CLAIM)) !== null) {
    throw new HousecallError('STATE_CONFLICT', '/incident freeze: all fixes are frozen already');
  }
  const words = reason === '' ? '' : `: ${reason}`;
  await transact(deps, { stream: FREEZE_STREAM, actor }, ({ seq }) => ({
    events: [{ type: 'fixes.frozen', reason }],
    claims: [FREEZE_CLAIM],
    chat: [
      announce(deps, `freeze:${seq}`, [
        { text: 'All fixes are frozen', style: 'bold' },
        ' by ',
        { user: person.user },
        `${words}. Nothing is changed on any host until an approver types `,
        { text: '/incident unfreeze', style: 'code' },
        '.',
      ]),
    ],
  }));
}

/**
 * Lets fixes run again. What was requested before goes on where it stood, unless it has expired.
 * @throws HousecallError NOT_ALLOWED; STATE_CONFLICT when nothing is frozen.
 */
export async function unfreezeFixes(
  deps: FreezeDeps,
  { person, reason }: { readonly person: Person; readonly reason: string },
): Promise<void> {
  const actor = { kind: 'person', ...person } as const;
  if (!hasRole(await deps.roles(), actor, 'approver')) {
    throw new HousecallError('NOT_ALLOWED', '/incident unfreeze: only approvers may');
  }
  if ((await deps.journal.owner(FREEZE_CLAIM)) === null) {
    throw new HousecallError('STATE_CONFLICT', '/incident unfreeze: nothing is frozen');
  }
  const words = reason === '' ? '.' : `: ${reason}`;
  await transact(deps, { stream: FREEZE_STREAM, actor }, ({ seq }) => ({
    events: [{ type: 'fixes.unfrozen', reason }],
    releases: [FREEZE_CLAIM],
    chat: [
      announce(deps, `unfreeze:${seq}`, [
        { text: 'Fixes may run again', style: 'bold' },
        ', says ',
        { user: person.user },
        words,
      ]),
    ],
  }));
}

function announce(deps: FreezeDeps, key: string, content: readonly Inline[]): ChatRow {
  const summary = content
    .map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : ''))
    .join('');
  return {
    lane: `channel:${deps.announceChannel}`,
    operation: {
      op: 'message.post',
      key,
      document: { summary, status: 'warning', blocks: [{ kind: 'paragraph', content }] },
    },
  };
}
