import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { onClick } from './on-click.ts';

export function incidentResolveClick(app: App, given: Given): void {
  onClick(app, given, {
    action: 'incident.resolve',
    work: (value, caller) => given.desk.resolve(value === '' ? null : value, caller),
  });
}
