import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import type { ActionId, Document } from '../../../core/document/document.ts';
import type { Caller } from '../desk.ts';
import type { Given } from '../given.ts';
import { createDialog, type Dialog, type DialogFrame } from '../views/dialog.ts';
import { clickVisit } from '../visit.ts';

/** A click that opens a dialog: at once, because Slack gives three seconds. What it shows comes when it is known. */
export function onDialogClick(
  app: App,
  { edge, api }: Given,
  on: {
    readonly action: ActionId;
    readonly frame: DialogFrame;
    readonly waiting: Document;
    readonly work: (
      open: { readonly value: string; readonly view: string; readonly dialog: Dialog },
      caller: Caller,
    ) => Promise<Document | null>;
  },
): void {
  const dialog = createDialog(api, on.frame);
  const constraints = { type: 'block_actions', action_id: on.action } as const;
  app.action<BlockAction<ButtonAction>>(constraints, async ({ ack, action, body, context }) => {
    await ack();
    const opening = dialog.open(body.trigger_id, on.waiting);
    // Awaited below, but perhaps after it has failed.
    opening.catch(() => {});
    await edge.answer(
      clickVisit(body, on.action, context),
      async (caller) => {
        const view = await opening;
        return on.work({ value: action.value ?? '', view, dialog }, caller);
      },
      // A dialog that waits for ever would be worse than a message somewhere else.
      async (sorry) => dialog.show(await opening, sorry),
    );
  });
}
