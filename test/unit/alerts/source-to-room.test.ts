import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertSources } from '../../../src/alerts/registry.ts';
import { receiveAlert } from '../../../src/workflows/alert/receive-alert.ts';
import { signedHeaders } from '../../support/signed-alert.ts';
import { createWarRoom } from '../../support/war-room.ts';

const INCIDENT = '20261120-1';

const fixture = (source: string, name: string): string =>
  readFileSync(
    path.join(import.meta.dirname, '../../../src/alerts', source, 'fixtures', name, 'body.json'),
    'utf8',
  );

/** A war room, and how its senders post. */
function start(hosts: Record<string, string> = { 'host-17': 'full', 'host-18': 'full' }) {
  const war = createWarRoom(hosts);
  const metrics = { count: () => {}, observe: () => {} };
  const post = async (id: string, body: string): Promise<string> => {
    const source = alertSources.find((one) => one.id === id);
    if (source === undefined) throw new Error(`there is no source ${id}`);
    const at = Math.floor(war.clock.now().getTime() / 1000);
    const headers = signedHeaders(id, body, { secret: 'the-secret', at });
    const outcome = await receiveAlert(
      { inbox: war.store.inbox, clock: war.clock, metrics },
      { source, secrets: ['the-secret'], headers, rawBody: body },
    );
    await war.settle();
    return outcome;
  };
  const lines = (): string[] =>
    [...war.chat.rooms.values()]
      .filter(({ name }) => name.startsWith('inc-'))
      .flatMap(({ messages }) => messages.map(({ text }) => text));
  return { war, post, lines };
}

const BACKUP = { id: 'backup', status: 'firing', title: 'Backup failed', host: 'host-17' };
const generic = (change: object = {}): string => JSON.stringify({ ...BACKUP, ...change });

describe('an alert of a script that says no time', () => {
  it('opens the room again when it breaks again with the same words', async () => {
    const { war, post } = start();
    await post('generic', generic());
    war.clock.advance(60_000);
    await post('generic', generic({ status: 'resolved' }));
    expect((await war.incident(INCIDENT)).incident?.state).toBe('resolved');
    war.clock.advance(3_600_000);
    expect(await post('generic', generic())).toBe('stored');
    expect((await war.incident(INCIDENT)).incident?.state).not.toBe('resolved');
  });

  it('opens a room although its end came first, for something that was over before', async () => {
    const { war, post } = start();
    await post('generic', generic({ status: 'resolved' }));
    expect(await war.store.journal.open()).toEqual([]);
    war.clock.advance(3_600_000);
    await post('generic', generic());
    expect(await war.store.journal.open()).toEqual([INCIDENT]);
  });

  it('ends, although the clock of the script that said its beginning is ahead', async () => {
    const { war, post } = start();
    await post('generic', generic({ startsAt: '2026-11-20T12:10:00Z' }));
    await post('generic', generic({ status: 'resolved' }));
    expect((await war.incident(INCIDENT)).incident?.state).toBe('resolved');
  });

  it('that fires all the time is told once', async () => {
    const { war, post, lines } = start();
    await post('generic', generic());
    const told = lines().length;
    war.clock.advance(60_000);
    await post('generic', generic());
    expect(lines()).toHaveLength(told);
    expect(await war.store.journal.open()).toEqual([INCIDENT]);
  });
});

describe('a group of alerts', () => {
  it('is one incident with every host of it, and repeats change nothing', async () => {
    const { war, post } = start();
    expect(await post('alertmanager', fixture('alertmanager', 'truncated'))).toBe('stored');
    const { incident, alerts } = await war.incident(INCIDENT);
    expect(await war.store.journal.open()).toEqual([INCIDENT]);
    expect(incident?.hosts).toEqual(['host-17', 'host-18']);
    expect(alerts.size).toBe(2);
    expect(await post('alertmanager', fixture('alertmanager', 'truncated'))).toBe('duplicate');
  });

  it('that was cut says in the room how many alerts are not in it', async () => {
    const { post, lines } = start();
    await post('alertmanager', fixture('alertmanager', 'firing'));
    await post('alertmanager', fixture('alertmanager', 'truncated'));
    expect(lines()[0]).toContain('+2 more: see Alertmanager');
  });

  it('of another source about the same host and route meets it there', async () => {
    const { war, post } = start();
    await post('alertmanager', fixture('alertmanager', 'firing'));
    const body = fixture('grafana', 'firing').replaceAll('Disk nearly full', 'NodeLowRootDisk');
    await post('grafana', body);
    expect(await war.store.journal.open()).toEqual([INCIDENT]);
    const { alerts } = await war.incident(INCIDENT);
    expect([...alerts.values()].map(({ alert }) => alert.source)).toEqual([
      'alertmanager',
      'grafana',
    ]);
  });
});

describe('an incident of PagerDuty', () => {
  it('is opened, acknowledged, commented and resolved here as there', async () => {
    const { war, post, lines } = start();
    for (const name of ['triggered', 'acknowledged', 'annotated', 'service-event', 'resolved']) {
      expect(await post('pagerduty', fixture('pagerduty', name))).toBe('stored');
    }
    const { incident } = await war.incident(INCIDENT);
    expect(incident?.acknowledged?.by).toMatchObject({ kind: 'alert', name: 'Alice Example' });
    expect(incident?.state).toBe('resolved');
    expect(lines().join('\n')).toContain('The log of dockerd looks odd.');
    await post('pagerduty', fixture('pagerduty', 'reopened'));
    expect((await war.incident(INCIDENT)).incident?.state).not.toBe('resolved');
    const again = fixture('pagerduty', 'resolved').replace('"id": "01HF', '"id": "02HF');
    await post(
      'pagerduty',
      again.replace('"reopened_at": null', '"reopened_at": "2026-11-20T12:03:22Z"'),
    );
    expect((await war.incident(INCIDENT)).incident?.state).toBe('resolved');
  });

  it('of an older webhook ends also after it was reopened', async () => {
    const { war, post } = start();
    const older = (name: string, id: string): string =>
      fixture('pagerduty', name)
        .replace(/"reopened_at": [^,]*,/, '')
        .replace('"id": "01HF', `"id": "${id}`);
    for (const [n, name] of ['triggered', 'resolved', 'reopened', 'resolved'].entries()) {
      const at = new Date(war.clock.now().getTime() + n * 60_000).toISOString();
      await post(
        'pagerduty',
        older(name, `e${n}`).replace(/"occurred_at": "[^"]*"/, `"occurred_at": "${at}"`),
      );
      const state = (await war.incident(INCIDENT)).incident?.state;
      expect(state === 'resolved').toBe(name === 'resolved');
    }
  });
});
