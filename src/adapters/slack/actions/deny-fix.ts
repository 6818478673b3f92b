import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function denyClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'fix.deny',
    work: (value, caller) => given.desk.denyFix(value, caller),
  });
}
