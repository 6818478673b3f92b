import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import type { ActionId, Document } from '../../../core/document/document.ts';
import { atHome } from '../at-home.ts';
import type { Caller } from '../desk.ts';
import type { Given } from '../given.ts';
import { clickVisit } from '../visit.ts';

/** A click: acknowledged at once, then the work, then an answer for the person alone. */
export function onClick(
  app: App,
  given: Given,
  on: {
    readonly action: ActionId;
    readonly work: (value: string, caller: Caller) => Promise<Document | null>;
  },
): void {
  const constraints = { type: 'block_actions', action_id: on.action } as const;
  app.action<BlockAction<ButtonAction>>(constraints, async ({ ack, action, body, context }) => {
    await ack();
    const visit = clickVisit(body, on.action, context);
    const work = (caller: Caller) => on.work(action.value ?? '', caller);
    if (body.view?.type === 'home') await atHome(given, visit, work);
    else await given.edge.answer(visit, work);
  });
}
