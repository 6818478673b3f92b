import { setTimeout as sleep } from 'node:timers/promises';
import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { Document } from '../../../core/document/document.ts';
import { HousecallError } from '../../../core/errors.ts';
import type { Given } from '../given.ts';
import { submissionVisit } from '../visit.ts';
import { createDialog, dialogView, FIX_REQUEST } from './dialog.ts';

/** Slack gives three seconds; an answer within this time can still mark the input that is wrong. */
const PATIENCE_MS = 1_500;

const REQUESTED: Document = notice('Requested. The approval message is in the thread.');
const WORKING: Document = notice('Requesting…');

export function fixRequestSubmission(app: App, { edge, desk, api }: Given): void {
  const constraints = { type: 'view_submission', callback_id: FIX_REQUEST } as const;
  app.view<ViewSubmitAction>(constraints, async ({ ack, body, view, context }) => {
    const visit = submissionVisit(body, context);
    const request = { metadata: view.private_metadata, inputs: inputsOf(view) };
    const work = edge
      .admit(visit)
      .then((caller) => desk.requestFix(request, caller))
      .then(
        (document) => ({ shown: document ?? REQUESTED, input: null }),
        (error: unknown) => ({
          shown: edge.explain(error, visit),
          input: wrongInput(error, request.inputs),
        }),
      );
    const inTime = await Promise.race([work, sleep(PATIENCE_MS, null, { ref: false })]);
    if (inTime === null) {
      await ack({ response_action: 'update', view: dialogView(WORKING) });
      await createDialog(api).show(view.id, (await work).shown);
    } else if (inTime.input === null) {
      await ack({ response_action: 'update', view: dialogView(inTime.shown) });
    } else {
      const errors = { [inTime.input]: inTime.shown.summary };
      await ack({ response_action: 'errors', errors });
    }
  });
}

/** What was typed, by the input's id. */
function inputsOf(view: ViewOutput): Record<string, string> {
  const entries = Object.values(view.state.values).flatMap((block) =>
    Object.entries(block).map(([id, { value }]): [string, string] => [id, value ?? '']),
  );
  return Object.fromEntries(entries);
}

/** The input at which an error is shown: its id is that of its block. */
function wrongInput(error: unknown, inputs: Readonly<Record<string, string>>): string | null {
  if (!(error instanceof HousecallError) || error.code !== 'PARAMS_INVALID') return null;
  const { input } = error.context;
  return typeof input === 'string' && Object.hasOwn(inputs, input) ? input : null;
}

function notice(text: string): Document {
  return { summary: text, blocks: [{ kind: 'paragraph', content: [text] }] };
}
