import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function approveClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'fix.approve',
    work: (value, caller) => given.desk.approveFix(value, caller),
  });
}
