import type { App } from '@slack/bolt';
import { parseDiag } from '../../../core/slash/diag.ts';
import type { Given } from '../given.ts';
import { commandVisit } from '../visit.ts';

export function diagCommand(app: App, { edge, desk, diagnostics }: Given): void {
  app.command('/diag', async ({ ack, command, context }) => {
    await ack();
    const visit = commandVisit(command, context);
    await edge.answer(visit, async (caller) => {
      const wanted = parseDiag(command.text, diagnostics);
      if (wanted.kind === 'run') await edge.mustReach(visit);
      return desk.diag(wanted, caller);
    });
  });
}
