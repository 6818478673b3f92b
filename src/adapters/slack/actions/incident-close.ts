import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function incidentCloseClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'incident.close',
    work: (value, caller) => given.desk.close(value === '' ? null : value, caller),
  });
}
