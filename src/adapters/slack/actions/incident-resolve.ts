import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function incidentResolveClick(app: App, { edge, desk }: Given): void {
  onClick(app, edge, {
    action: 'incident.resolve',
    work: (value, caller) => desk.resolve(value === '' ? null : value, caller),
  });
}
