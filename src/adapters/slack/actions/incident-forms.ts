import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { notice } from '../views/dialog.ts';
import { INCIDENT_FORMS } from '../views/incident-forms.ts';
import { onDialogClick } from './on-dialog-click.ts';

/** Severity…, Roles…, Update…: each opens its dialog with what is so now. */
export function incidentFormClicks(app: App, given: Given): void {
  for (const frame of INCIDENT_FORMS) {
    onDialogClick(app, given, {
      action: frame.id,
      frame,
      waiting: notice('One moment…'),
      async work({ value, view, dialog }, caller) {
        await dialog.fill(view, await given.desk.form(frame.id, value || null, caller));
        return null;
      },
    });
  }
}
