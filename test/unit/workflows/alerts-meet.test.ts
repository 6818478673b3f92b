import { expect, it } from 'vitest';
import { createWarRoom } from '../../support/war-room.ts';

const ROUTE = {
  match: { alertname: 'NodeLowRootDisk' },
  severity: 'SEV2',
  diagnose: [],
  invite: [],
  groupBy: ['cluster'],
} as const;

it('an alert about a host meets the others where that host joined by its group', async () => {
  const war = createWarRoom({ 'host-17': 'full', 'host-18': 'full' }, [ROUTE]);
  const tell = (alertId: string, entity: string, cluster?: string) => {
    const group = cluster === undefined ? {} : { cluster };
    return war.opsgenie('Create', {
      alertId,
      entity,
      details: { alertname: 'NodeLowRootDisk', ...group },
    });
  };
  await tell('a-1', 'host-17', 'c1');
  await tell('a-2', 'host-18', 'c1');
  await tell('a-3', 'host-18');
  await war.settle();
  const [stream = '', ...others] = await war.store.journal.open();
  expect(others).toEqual([]);
  expect([...(await war.incident(stream)).alerts.keys()]).toEqual([
    'opsgenie:a-1',
    'opsgenie:a-2',
    'opsgenie:a-3',
  ]);
});
