import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { FIX_REQUEST, notice } from '../views/dialog.ts';
import { onDialogClick } from './on-dialog-click.ts';

/** The plan comes when the host was looked at. */
export function reviewClick(app: App, given: Given): void {
  onDialogClick(app, given, {
    action: 'fix.review',
    frame: FIX_REQUEST,
    waiting: notice('Looking at the host…', 'The exact commands appear here. Nothing runs yet.'),
    work: ({ value, view }, caller) => given.desk.reviewFix({ value, view }, caller),
  });
}
