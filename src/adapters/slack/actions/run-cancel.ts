import type { App } from '@slack/bolt';
import type { Given } from '../listeners.ts';
import { onClick } from './on-click.ts';

export function runCancelClick(app: App, { edge, desk }: Given): void {
  onClick(app, edge, {
    action: 'run.cancel',
    work: (value, caller) => desk.cancelRun(value, caller),
  });
}
