import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function incidentAckClick(app: App, { edge, desk }: Given): void {
  onClick(app, edge, {
    action: 'incident.ack',
    work: (value, caller) => desk.acknowledge(value === '' ? null : value, caller),
  });
}
