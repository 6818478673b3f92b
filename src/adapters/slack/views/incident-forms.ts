import type { App } from '@slack/bolt';
import type { IncidentForm } from '../desk.ts';
import type { Given } from '../given.ts';
import type { DialogFrame } from './dialog.ts';
import { onSubmission } from './on-submission.ts';

/** The dialogs behind the buttons of the panel. */
export const INCIDENT_FORMS: readonly (DialogFrame & { readonly id: IncidentForm })[] = [
  { id: 'incident.severity', title: 'Severity' },
  { id: 'incident.role', title: 'Roles' },
  { id: 'incident.update', title: 'Stakeholder update' },
];

/** What changes is seen in the room, so that the dialog closes. */
export function incidentFormSubmissions(app: App, given: Given): void {
  for (const frame of INCIDENT_FORMS) {
    onSubmission(app, given, {
      frame,
      working: 'One moment…',
      done: null,
      work: (submitted, caller) => given.desk.submit(frame.id, submitted, caller),
    });
  }
}
