import type { App } from '@slack/bolt';
import { parseIncident } from '../../../core/slash/parse-incident.ts';
import type { Given } from '../given.ts';
import { commandVisit } from '../visit.ts';

export function incidentCommand(app: App, { edge, desk }: Given): void {
  app.command('/incident', async ({ ack, command, context }) => {
    await ack();
    await edge.answer(commandVisit(command, context), async (caller) =>
      desk.incident(parseIncident(command.text), caller),
    );
  });
}
