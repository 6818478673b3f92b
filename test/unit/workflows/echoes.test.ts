import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { createPagingSite } from '../../support/paging-site.ts';

type Site = ReturnType<typeof createPagingSite>;

let site: Site;
let stream: string;
let createdAt: number;
/** `<what>: <note>`, as the source was told. */
let told: { readonly what: string; readonly note: string }[];
beforeEach(async () => {
  site = createPagingSite();
  told = [];
  const source = (id: string) => ({
    source: id,
    check: async () => {},
    tell: async (what: string, { note }: { readonly note: string }) =>
      void told.push({ what, note }),
  });
  Object.assign(site.deps, { tellable: new Set(['opsgenie', 'pagerduty']), alertApi: source });
  createdAt = site.clock.now().getTime();
  stream = await site.open();
});

const lines = (): string =>
  site
    .room(stream)
    .map(({ text }) => text)
    .join('\n');
const events = async (): Promise<readonly string[]> =>
  (await site.store.journal.read(stream)).map(({ event }) => event.type);
const noteOf = (what: string): string => told.find((one) => one.what === what)?.note ?? '';

/** What Opsgenie sends when it was told something: a recorded body, with our note and this alert. */
async function opsgenieEchoes(fixture: string, note: string): Promise<void> {
  const file = `src/alerts/opsgenie/fixtures/${fixture}/body.json`;
  const recorded: { alert: object } = JSON.parse(await readFile(file, 'utf8'));
  const alert = { ...recorded.alert, alertId: 'a-1', createdAt, note };
  const source = { name: 'Housecall', type: 'API' };
  await deliver('opsgenie', { ...recorded, source, alert });
}

async function deliver(source: string, body: object): Promise<void> {
  const id = site.clock.id();
  const receivedAt = site.clock.now().toISOString();
  await site.store.inbox.receive({ id, source, receivedAt, body: JSON.stringify(body) }, id);
  await site.settle();
}

describe('what Opsgenie was told and sends back', () => {
  it('a note instead of an escalation is no news, and nobody’s word in a silent room', async () => {
    await site.pass(5);
    const before = await events();
    const { incident } = await site.incident(stream);
    site.clock.advance(60_000);
    await opsgenieEchoes('add-note', noteOf('escalate'));
    expect(noteOf('escalate')).toContain(stream);
    expect(lines()).not.toContain('note at the source');
    expect(await events()).toEqual(before);
    expect((await site.incident(stream)).incident?.activeAt).toBe(incident?.activeAt);
  });

  it('an acknowledgement does not acknowledge again what was given back meanwhile', async () => {
    await site.change(stream, { change: 'ack' });
    await site.change(stream, { change: 'unack' });
    await opsgenieEchoes('acknowledge', noteOf('acknowledge'));
    expect((await site.incident(stream)).incident?.acknowledged).toBeNull();
    expect(await events()).not.toContain('incident.resolved');
  });

  it('a close ends the alert, and does not resolve again what was reopened meanwhile', async () => {
    await site.change(stream, { change: 'resolve', reason: '' });
    await site.change(stream, { change: 'reopen', reason: 'not yet' });
    await opsgenieEchoes('close', noteOf('close'));
    const { incident, alerts } = await site.incident(stream);
    expect(incident?.state).toBe('active');
    expect(alerts.get('opsgenie:a-1')?.firing).toBe(false);
    expect(lines()).not.toContain('resolved at the source');
  });

  it('what people say there is news, also when they say it of another incident', async () => {
    await opsgenieEchoes('add-note', `nobody has acknowledged incident 20261119-9 in Slack`);
    await opsgenieEchoes('add-note', `I saw "${noteOf('escalate')}"`);
    expect(lines().match(/note at the source/g)).toHaveLength(2);
    await opsgenieEchoes('acknowledge', 'on it');
    expect((await site.incident(stream)).incident?.acknowledged).not.toBeNull();
  });

  it('an acknowledgement that comes when the incident is gone is not kept for the next one', async () => {
    await site.change(stream, { change: 'ack' });
    await opsgenieEchoes('acknowledge', noteOf('acknowledge'));
    await site.opsgenie('Acknowledge', { alertId: 'a-2', createdAt, note: noteOf('acknowledge') });
    await site.opsgenie('Create', { alertId: 'a-2', createdAt, details: { alertname: 'Other' } });
    await site.settle();
    const [, next = ''] = await site.store.journal.open();
    expect((await site.incident(next)).incident?.acknowledged).toBeNull();
  });
});

describe('what PagerDuty was told and sends back', () => {
  it('a note instead of an escalation is no news', async () => {
    const read = async (name: string): Promise<{ event: { data: object } }> =>
      JSON.parse(await readFile(`src/alerts/pagerduty/fixtures/${name}/body.json`, 'utf8'));
    await deliver('pagerduty', await read('triggered'));
    const [, other = ''] = await site.store.journal.open();
    await site.pass(5);
    const note = told.map((one) => one.note).find((one) => one.includes(other)) ?? '';
    expect(note).not.toBe('');
    const { event } = await read('annotated');
    const before = await site.store.journal.read(other);
    await deliver('pagerduty', { event: { ...event, data: { ...event.data, content: note } } });
    expect(await site.store.journal.read(other)).toEqual(before);
  });
});
