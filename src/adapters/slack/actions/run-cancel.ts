import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function runCancelClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'run.cancel',
    work: (value, caller) => given.desk.cancelRun(value, caller),
  });
}
