import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import type { Given } from '../given.ts';
import { createDialog } from '../views/dialog.ts';
import { clickVisit } from '../visit.ts';

/** Opens the dialog at once, because Slack gives three seconds; the plan comes when the host was looked at. */
export function reviewClick(app: App, { edge, desk, api }: Given): void {
  const dialog = createDialog(api);
  const constraints = { type: 'block_actions', action_id: 'fix.review' } as const;
  app.action<BlockAction<ButtonAction>>(constraints, async ({ ack, action, body, context }) => {
    await ack();
    const opening = dialog.open(body.trigger_id);
    // Awaited below, but perhaps after it has failed.
    opening.catch(() => {});
    await edge.answer(
      clickVisit(body, 'fix.review', context),
      async (caller) => {
        const view = await opening;
        return desk.reviewFix({ value: action.value ?? '', view }, caller);
      },
      // A dialog that waits for ever would be worse than a message somewhere else.
      async (sorry) => dialog.show(await opening, sorry),
    );
  });
}
