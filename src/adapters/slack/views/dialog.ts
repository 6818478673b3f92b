import type { ModalView } from '@slack/types';
import type { Document } from '../../../core/document/document.ts';
import { HousecallError } from '../../../core/errors.ts';
import { renderForm } from '../render/render-form.ts';
import type { WebApi } from '../web-api.ts';

/** The id under which the dialog comes back when it is submitted. */
export const FIX_REQUEST = 'fix.request';

/** The dialog of a fix while it waits, and when there is nothing to fill in. */
export interface Dialog {
  /** Opens it; the trigger lives three seconds. Returns the view's id. */
  open(trigger: string): Promise<string>;
  show(view: string, document: Document): Promise<void>;
}

export function createDialog(api: WebApi): Dialog {
  return {
    async open(trigger_id) {
      const view = dialogView({
        summary: 'Looking at the host…',
        blocks: [
          { kind: 'paragraph', content: ['Looking at the host…'] },
          { kind: 'context', content: ['The exact commands appear here. Nothing runs yet.'] },
        ],
      });
      const answer = await api.call('views.open', 'fix.review', () =>
        api.direct.views.open({ trigger_id, view }),
      );
      if (answer.view?.id !== undefined) return answer.view.id;
      throw new HousecallError('CHAT_UNAVAILABLE', 'slack views.open: no view id');
    },
    async show(view_id, document) {
      await api.call('views.update', view_id, () =>
        api.direct.views.update({ view_id, view: dialogView(document) }),
      );
    },
  };
}

export function dialogView({ blocks }: Document): ModalView {
  return renderForm({ id: FIX_REQUEST, title: 'Review fix', blocks, inputs: [], metadata: '' });
}
