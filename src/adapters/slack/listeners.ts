import type { App } from '@slack/bolt';
import { approveClick } from './actions/approve-fix.ts';
import { denyClick } from './actions/deny-fix.ts';
import { incidentAckClick } from './actions/incident-ack.ts';
import { incidentResolveClick } from './actions/incident-resolve.ts';
import { nextRunClick } from './actions/next-run.ts';
import { reviewClick } from './actions/review-fix.ts';
import { runCancelClick } from './actions/run-cancel.ts';
import { diagCommand } from './commands/diag.ts';
import { incidentCommand } from './commands/incident.ts';
import type { Given } from './given.ts';
import { fixRequestSubmission } from './views/fix-request.ts';

export function registerListeners(app: App, given: Given): void {
  for (const register of [
    diagCommand,
    incidentCommand,
    incidentAckClick,
    incidentResolveClick,
    runCancelClick,
    nextRunClick,
    reviewClick,
    approveClick,
    denyClick,
    fixRequestSubmission,
  ]) {
    register(app, given);
  }
}
