import type { App } from '@slack/bolt';
import { approveClick } from './actions/approve-fix.ts';
import { denyClick } from './actions/deny-fix.ts';
import { incidentAckClick } from './actions/incident-ack.ts';
import { incidentCloseClick } from './actions/incident-close.ts';
import { incidentFormClicks } from './actions/incident-forms.ts';
import { incidentKeepClick } from './actions/incident-keep.ts';
import { incidentResolveClick } from './actions/incident-resolve.ts';
import { nextRunClick } from './actions/next-run.ts';
import { reviewClick } from './actions/review-fix.ts';
import { runCancelClick } from './actions/run-cancel.ts';
import { diagCommand } from './commands/diag.ts';
import { incidentCommand } from './commands/incident.ts';
import { appHomeOpened } from './events/app-home-opened.ts';
import { messageHeard } from './events/message.ts';
import { pinHeard } from './events/pin.ts';
import { reactionHeard } from './events/reaction.ts';
import type { Given } from './given.ts';
import { fixRequestSubmission } from './views/fix-request.ts';
import { incidentFormSubmissions } from './views/incident-forms.ts';

export function registerListeners(app: App, given: Given): void {
  for (const register of [
    diagCommand,
    incidentCommand,
    incidentAckClick,
    incidentResolveClick,
    incidentCloseClick,
    incidentKeepClick,
    incidentFormClicks,
    incidentFormSubmissions,
    runCancelClick,
    nextRunClick,
    reviewClick,
    approveClick,
    denyClick,
    fixRequestSubmission,
    appHomeOpened,
    messageHeard,
    reactionHeard,
    pinHeard,
  ]) {
    register(app, given);
  }
}
