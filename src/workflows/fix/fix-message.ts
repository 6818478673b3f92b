import { fixDocument } from '../../core/approval/fix-document.ts';
import type { FixState } from '../../core/approval/fix-state.ts';
import { planned, rolloutOf, rolloutText } from '../../core/approval/rollout.ts';
import { rolloutDocument } from '../../core/approval/rollout-document.ts';
import type { ChatOperation, ChatRow } from '../../core/chat-operation.ts';
import type { CaseState } from '../../core/incident/case.ts';
import type { Hashing } from '../../ports/hashing.ts';
import { fixPlace } from './fix-deps.ts';

interface Deps {
  readonly hashing: Pick<Hashing, 'sha256'>;
}

/** What the click on a rollout must carry. */
export function rolloutDigest(deps: Deps, fixes: readonly FixState[]): string {
  return deps.hashing.sha256(rolloutText(planned(fixes)));
}

/** The message of a fix (or of the rollout it belongs to) as it stands in this state, edited in place. */
export function updateRow(deps: Deps, state: CaseState, fix: FixState): ChatRow {
  const { lane } = fixPlace(state, fix);
  return { lane, operation: { op: 'message.update', ...messageOf(deps, state, fix) } };
}

/** The same, when it appears. */
export function postRow(deps: Deps, state: CaseState, fix: FixState): ChatRow {
  const { lane, thread } = fixPlace(state, fix);
  return { lane, operation: { op: 'message.post', thread, ...messageOf(deps, state, fix) } };
}

function messageOf(
  deps: Deps,
  state: CaseState,
  fix: FixState,
): Pick<Extract<ChatOperation, { op: 'message.post' }>, 'key' | 'document'> {
  const key = fixMessageKey(fix);
  if (fix.rollout === undefined) return { key, document: fixDocument(state.stream, fix) };
  const { id } = fix.rollout;
  const fixes = rolloutOf(state, id);
  const document = rolloutDocument(state.stream, fixes, rolloutDigest(deps, fixes));
  return { key, document };
}

/** Names the message within its lane. */
export function fixMessageKey({ id, rollout }: Pick<FixState, 'id' | 'rollout'>): string {
  return rollout === undefined ? `fix:${id}` : `rollout:${rollout.id}`;
}
