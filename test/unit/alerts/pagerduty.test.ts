import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pagerduty } from '../../../src/alerts/pagerduty/index.ts';

const fixture = (name: string): string =>
  readFileSync(
    path.join(import.meta.dirname, '../../../src/alerts/pagerduty/fixtures', name, 'body.json'),
    'utf8',
  );

/** Made with another program: secret `s3cr3t`. */
const RAW = '{"event":{"id":"1"}}';
const SIGNED = 'v1=bc180a7efa8e9c0c2b9777b1a76489f93acfaa57f1ecd1bb74a4b703b3436280';

function authentic(signature: string | undefined, secrets: string[] = ['s3cr3t']): boolean {
  const headers = { 'x-pagerduty-signature': signature };
  return pagerduty.authentic({ headers, rawBody: RAW, now: new Date(0) }, secrets);
}

describe('the signature of PagerDuty', () => {
  it('may be any of several, made with any of the secrets', () => {
    expect(authentic(SIGNED)).toBe(true);
    expect(authentic(`v1=${'0'.repeat(64)}, ${SIGNED}`, ['new-one', 's3cr3t'])).toBe(true);
    expect(authentic(`v2=abc,${SIGNED},v1=`)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'v1=',
    SIGNED.slice(3),
    SIGNED.replace('v1', 'v2'),
    SIGNED.slice(0, -1),
    `${SIGNED}0`,
    `${'v1=00,'.repeat(20)}${SIGNED}`,
  ])('is refused as %j', (signature) => {
    expect(authentic(signature)).toBe(false);
  });

  it('never fits an empty secret or none', () => {
    const empty = `v1=${createHmac('sha256', '').update(RAW).digest('hex')}`;
    expect(authentic(empty, [''])).toBe(false);
    expect(authentic(SIGNED, [])).toBe(false);
  });
});

/** Every event type of the documentation (docs/webhooks/01-Overview). */
const MEANING: Readonly<Record<string, string>> = {
  triggered: 'firing',
  reopened: 'firing',
  acknowledged: 'acknowledged',
  unacknowledged: 'unacknowledged',
  resolved: 'resolved',
  annotated: 'note',
  'conference_bridge.updated': 'note',
  'custom_field_values.updated': 'note',
  delegated: 'note',
  escalated: 'note',
  'incident_type.changed': 'note',
  priority_updated: 'note',
  reassigned: 'note',
  'responder.added': 'note',
  'responder.replied': 'note',
  'role.assigned': 'note',
  service_updated: 'note',
  status_update_published: 'note',
  'task.created': 'note',
  'task.updated': 'note',
  'task.completed': 'note',
  'action_invocation.created': 'note',
  'action_invocation.updated': 'note',
  'action_invocation.terminated': 'note',
  'workflow.started': 'note',
  'workflow.completed': 'note',
};

describe('an event of PagerDuty', () => {
  it.each(Object.entries(MEANING))('incident.%s means %s, and a note has words', (type, action) => {
    const bare = { id: 'PGR0VU2', type: 'incident', title: 'Disk full' };
    const event = { id: 'e', event_type: `incident.${type}`, data: bare };
    const [alert] = pagerduty.decode(JSON.stringify({ event }));
    expect(alert).toMatchObject({ action, fingerprint: 'PGR0VU2', title: 'Disk full' });
    // A note without content has nothing to say; what opens or ends says it by itself.
    const silent = action !== 'note' || type === 'annotated';
    expect(alert?.description).toMatch(silent ? /^$/ : /^\w/);
    expect(alert?.description).not.toMatch(/undefined|null|event "/);
  });

  it.each([
    'service.created',
    'service.updated',
    'service.deleted',
    'service.custom_field_values.updated',
    'pagey.ping',
    'galaxy.exploded',
  ])('%s, which is about no incident, is taken and says nothing', (type) => {
    const data = { id: 'PF9KMXH', type: type.split('.')[0], summary: 'Storage' };
    expect(pagerduty.decode(JSON.stringify({ event: { event_type: type, data } }))).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['a text', 'x'],
    ['other types in every field', { id: {}, type: 7, incident: 'x', assignees: 3, priority: [] }],
  ])('of a type that is not known is taken with %s as its data', (_, data) => {
    const event = { event_type: 'incident.teleported', data, agent: 'nobody', id: 12 };
    expect(pagerduty.decode(JSON.stringify({ event }))).toEqual([]);
  });

  it('says who did it, if anybody did', () => {
    expect(pagerduty.decode(fixture('acknowledged'))[0]?.actor).toBe('Alice Example');
    expect(pagerduty.decode(fixture('unacknowledged'))[0]).not.toHaveProperty('actor');
  });

  it('that reopens an incident begins when it was reopened, and so does what follows', () => {
    const resolved = fixture('resolved').replace(
      '"reopened_at": null',
      '"reopened_at": "2026-11-20T12:03:22Z"',
    );
    const [again] = pagerduty.decode(fixture('reopened'));
    expect(again?.startsAt).toBe('2026-11-20T12:03:22.000Z');
    expect(again?.startsAt).not.toBe(pagerduty.decode(fixture('triggered'))[0]?.startsAt);
    expect(pagerduty.decode(resolved)[0]?.startsAt).toBe(again?.startsAt);
  });

  it('that ends an incident of which nobody says whether it was reopened ends it as of now', () => {
    const older = fixture('resolved').replace(/"reopened_at": null,/, '');
    expect(pagerduty.decode(older)[0]?.startsAt).toBe('2026-11-20T12:03:22.169Z');
    const [begun] = pagerduty.decode(fixture('triggered').replace(/"reopened_at": null,/, ''));
    expect(begun?.startsAt).toBe('2026-11-20T11:58:27.000Z');
  });

  it('is the same again by its id alone, and without one by every byte', () => {
    const body = fixture('triggered');
    const repeated = body.replace('"status": "triggered"', '"status": "acknowledged"');
    expect(pagerduty.deliveryKey(repeated)).toBe(pagerduty.deliveryKey(body));
    const nameless = (text: string): string => text.replace(/"id": "01HF\d+",/, '');
    expect(pagerduty.deliveryKey(nameless(repeated))).not.toBe(
      pagerduty.deliveryKey(nameless(body)),
    );
  });

  it('of an older webhook is refused and says which is read', () => {
    expect(() => pagerduty.decode('{"messages":[{"event":"incident.trigger"}]}')).toThrow(
      /event: must be an object .*older webhooks than v3/,
    );
  });
});
