import type { App } from '@slack/bolt';
import { parseDiag } from '../../../core/slash/diag.ts';
import type { Given } from '../listeners.ts';
import { commandVisit } from '../visit.ts';

export function diagCommand(app: App, { edge, desk, diagnostics }: Given): void {
  app.command('/diag', async ({ ack, command, context }) => {
    await ack();
    await edge.answer(commandVisit(command, context), async (caller) =>
      desk.diag(parseDiag(command.text, diagnostics), caller),
    );
  });
}
