import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function incidentAckClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'incident.ack',
    work: (value, caller) => given.desk.acknowledge(value === '' ? null : value, caller),
  });
}
