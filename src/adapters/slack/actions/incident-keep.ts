import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function incidentKeepClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'incident.keep',
    work: (value, caller) => given.desk.keepOpen(value === '' ? null : value, caller),
  });
}
