import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function nextRunClick(app: App, { edge, desk }: Given): void {
  onClick(app, edge, {
    action: 'next.run',
    work: (value, caller) => desk.nextRun(value, caller),
  });
}
