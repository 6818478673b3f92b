import type { Document, Form } from '../../../core/document/document.ts';
import { HousecallError } from '../../../core/errors.ts';
import { renderForm } from '../render/render-form.ts';
import type { WebApi } from '../web-api.ts';

/** What stays the same of a dialog while its content changes. */
export interface DialogFrame {
  /** The id under which it comes back when it is submitted. */
  readonly id: string;
  readonly title: string;
}

export const FIX_REQUEST: DialogFrame = { id: 'fix.request', title: 'Review fix' };

export interface Dialog {
  /** Opens it; the trigger lives three seconds. Returns the view's id. */
  open(trigger: string, waiting: Document): Promise<string>;
  /** Only to be read. */
  show(view: string, document: Document): Promise<void>;
  fill(view: string, form: Form): Promise<void>;
}

export function createDialog(api: WebApi, frame: DialogFrame): Dialog {
  const update = async (view_id: string, form: Form): Promise<void> => {
    await api.call('views.update', view_id, () =>
      api.direct.views.update({ view_id, view: renderForm(form) }),
    );
  };
  return {
    async open(trigger_id, waiting) {
      const answer = await api.call('views.open', frame.id, () =>
        api.direct.views.open({ trigger_id, view: renderForm(reading(frame, waiting)) }),
      );
      if (answer.view?.id !== undefined) return answer.view.id;
      throw new HousecallError('CHAT_UNAVAILABLE', 'slack views.open: no view id');
    },
    show: (view, document) => update(view, reading(frame, document)),
    fill: update,
  };
}

/** A dialog that is only read. */
export function reading({ id, title }: DialogFrame, { blocks }: Document): Form {
  return { id, title, blocks, inputs: [], metadata: '' };
}

export function notice(text: string, more = ''): Document {
  return {
    summary: text,
    blocks: [
      { kind: 'paragraph', content: [text] },
      ...(more === '' ? [] : [{ kind: 'context', content: [more] } as const]),
    ],
  };
}
