import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function runCancelClick(app: App, { edge, desk }: Given): void {
  onClick(app, edge, {
    action: 'run.cancel',
    work: (value, caller) => desk.cancelRun(value, caller),
  });
}
