import { setTimeout as sleep } from 'node:timers/promises';
import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { Document } from '../../../core/document/document.ts';
import { HousecallError } from '../../../core/errors.ts';
import type { Caller } from '../desk.ts';
import type { Given } from '../given.ts';
import { renderForm } from '../render/render-form.ts';
import { submissionVisit } from '../visit.ts';
import { createDialog, type DialogFrame, notice, reading } from './dialog.ts';

/** Slack gives three seconds; an answer within this time can still mark the input that is wrong. */
const PATIENCE_MS = 1_500;

export interface Submitted {
  readonly metadata: string;
  /** By the input's id: a text, the value that was chosen, or the id of a person. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * A dialog is submitted: a mistake is marked at its input and the dialog stays; what takes longer than
 * Slack waits is shown in the dialog when it comes.
 */
export function onSubmission(
  app: App,
  { edge, api }: Given,
  on: {
    readonly frame: DialogFrame;
    readonly working: string;
    /** What the dialog says when all went well and the work had nothing to say; null: it closes. */
    readonly done: string | null;
    readonly work: (submitted: Submitted, caller: Caller) => Promise<Document | null>;
  },
): void {
  const { frame } = on;
  const view = (document: Document) => renderForm(reading(frame, document));
  const constraints = { type: 'view_submission', callback_id: frame.id } as const;
  app.view<ViewSubmitAction>(constraints, async ({ ack, body, view: given, context }) => {
    const visit = submissionVisit(body, context);
    const submitted = { metadata: given.private_metadata, inputs: inputsOf(given) };
    const work = edge
      .admit(visit)
      .then((caller) => on.work(submitted, caller))
      .then(
        (document) => ({ shown: document ?? (on.done && notice(on.done)), input: null }),
        (error: unknown) => ({
          shown: edge.explain(error, visit),
          input: wrongInput(error, submitted.inputs),
        }),
      );
    const inTime = await Promise.race([work, sleep(PATIENCE_MS, 'late' as const, { ref: false })]);
    if (inTime === 'late') {
      await ack({ response_action: 'update', view: view(notice(on.working)) });
      const { shown } = await work;
      await createDialog(api, frame).show(given.id, shown || notice('Done.'));
    } else if (!inTime.shown) {
      await ack();
    } else if (inTime.input === null) {
      await ack({ response_action: 'update', view: view(inTime.shown) });
    } else {
      await ack({ response_action: 'errors', errors: { [inTime.input]: inTime.shown.summary } });
    }
  });
}

function inputsOf({ state }: ViewOutput): Record<string, string> {
  const entries = Object.values(state.values).flatMap((block) =>
    Object.entries(block).map(([id, { value, selected_option, selected_user }]) => {
      const given = value ?? selected_option?.value ?? selected_user ?? '';
      return [id, given] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** The input at which an error is shown: its id is that of its block. */
function wrongInput(error: unknown, inputs: Readonly<Record<string, string>>): string | null {
  if (!(error instanceof HousecallError) || error.code !== 'PARAMS_INVALID') return null;
  const { input } = error.context;
  return typeof input === 'string' && Object.hasOwn(inputs, input) ? input : null;
}
