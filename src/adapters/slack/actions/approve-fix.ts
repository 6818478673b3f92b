import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function approveClick(app: App, { edge, desk }: Given): void {
  onClick(app, edge, {
    action: 'fix.approve',
    work: (value, caller) => desk.approveFix(value, caller),
  });
}
