import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { FIX_REQUEST } from './dialog.ts';
import { onSubmission } from './on-submission.ts';

export function fixRequestSubmission(app: App, given: Given): void {
  onSubmission(app, given, {
    frame: FIX_REQUEST,
    working: 'Requesting…',
    done: 'Requested. The approval message is in the thread.',
    work: (submitted, caller) => given.desk.requestFix(submitted, caller),
  });
}
