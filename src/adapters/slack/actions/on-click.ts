import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import type { ActionId, Document } from '../../../core/document/document.ts';
import type { Caller } from '../desk.ts';
import type { Edge } from '../edge.ts';
import { clickVisit } from '../visit.ts';

/** A click: acknowledged at once, then the work, then an answer for the person alone. */
export function onClick(
  app: App,
  edge: Edge,
  on: {
    readonly action: ActionId;
    readonly work: (value: string, caller: Caller) => Promise<Document | null>;
  },
): void {
  const constraints = { type: 'block_actions', action_id: on.action } as const;
  app.action<BlockAction<ButtonAction>>(constraints, async ({ ack, action, body, context }) => {
    await ack();
    const visit = clickVisit(body, on.action, context);
    await edge.answer(visit, (caller) => on.work(action.value ?? '', caller));
  });
}
