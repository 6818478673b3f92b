import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function denyClick(app: App, { edge, desk }: Given): void {
  onClick(app, edge, {
    action: 'fix.deny',
    work: (value, caller) => desk.denyFix(value, caller),
  });
}
