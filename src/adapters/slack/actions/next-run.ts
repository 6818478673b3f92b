import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function nextRunClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'next.run',
    work: (value, caller) => given.desk.nextRun(value, caller),
  });
}
