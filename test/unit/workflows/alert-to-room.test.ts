import { describe, expect, it } from 'vitest';
import { HousecallError } from '../../../src/core/errors.ts';
import { tellUnrouted } from '../../../src/workflows/alert/tell-unrouted.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ROOM = 'inc-20261120-1-disk-usage-above-75-on-host-17';

describe('an alert', () => {
  it('opens one room with topic, invites, panel, bookmark and announcement', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    await war.settle();
    const room = war.chat.room(ROOM);
    expect(room.topic).toContain('SEV2');
    expect([...room.members]).toContain('UADA');
    expect(room.pins.size).toBe(1);
    expect(room.bookmarks.map((b) => b.title)).toContain('Runbook');
    const announced = war.chat.room('incidents').messages.map((m) => m.text);
    expect(announced).toEqual([expect.stringContaining('disk usage above 75 % on host-17')]);
  });

  it('has its routed diagnosis in the thread of the panel before anybody arrives', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    await war.settle();
    const [panel, ...replies] = war.chat.room(ROOM).messages;
    expect(replies.map((reply) => reply.thread)).toEqual(replies.map(() => panel?.ts));
    expect(replies[0]?.text).toContain('host-17: it said full');
    const state = await war.incident('20261120-1');
    expect([...state.runs.values()].map((run) => run.finished?.status)).toEqual(['critical']);
  });

  it('that is delivered again changes nothing', async () => {
    const war = createWarRoom();
    expect(await war.opsgenie('Create')).toBe('stored');
    expect(await war.opsgenie('Create')).toBe('duplicate');
    await war.settle();
    const state = await war.incident('20261120-1');
    expect([...state.alerts.values()].map((a) => a.deliveries)).toEqual([1]);
    expect(await war.store.journal.open()).toEqual(['20261120-1']);
  });

  it('that is routed twice, as after a crash, counts once', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    const delivery = war.store.jobs[0];
    await war.settle();
    if (delivery?.job.kind !== 'route-alert') throw new Error('no delivery was queued');
    war.store.jobs.push({ key: 'again', job: delivery.job });
    const { routeAlert } = await import('../../../src/workflows/alert/route-alert.ts');
    await routeAlert(war.deps, delivery.job);
    await war.settle();
    const state = await war.incident('20261120-1');
    expect([...state.alerts.values()].map((a) => a.deliveries)).toEqual([1]);
    expect(state.runs.size).toBe(1);
  });

  it('of the same group joins the incident, and its new host is looked at', async () => {
    const war = createWarRoom({ 'host-17': 'full', 'host-18': 'ok' });
    await war.opsgenie('Create');
    await war.opsgenie('Create', { alertId: 'a-2', entity: 'host-18:9100' });
    await war.settle();
    const state = await war.incident('20261120-1');
    expect(await war.store.journal.open()).toEqual(['20261120-1']);
    expect(state.incident?.hosts).toEqual(['host-17', 'host-18']);
    expect([...state.runs.values()].map((run) => run.hosts)).toEqual([['host-17'], ['host-18']]);
  });

  it('about several hosts looks at all of them in one run', async () => {
    const war = createWarRoom({ 'host-17': 'full', 'host-18': 'full' });
    await war.opsgenie('Create', { entity: 'host-17,host-18' });
    await war.settle();
    const state = await war.incident('20261120-1');
    expect([...state.runs.values()].map((run) => run.hosts)).toEqual([['host-17', 'host-18']]);
  });

  it('whose host is not in the inventory asks, and looks at nothing', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create', { entity: 'web-99', message: 'disk of web-99' });
    await war.settle();
    const [panel] = war.chat.room('inc-20261120-1-disk-of-web-99').messages;
    expect(panel?.text).toContain('Not in the inventory: web-99');
    expect((await war.incident('20261120-1')).runs.size).toBe(0);
  });

  it('that no route matches is announced as triage and looked at by nobody', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create', { details: { alertname: 'SomethingElse' } });
    await war.settle();
    const state = await war.incident('20261120-1');
    expect(state.incident?.state).toBe('triage');
    expect(state.runs.size).toBe(0);
    expect(war.chat.room('incidents').messages).toHaveLength(1);
  });

  it('that closes without having been opened opens nothing', async () => {
    const war = createWarRoom();
    await war.opsgenie('Close');
    await war.settle();
    expect(await war.store.journal.open()).toEqual([]);
    expect(war.queue.failed).toEqual([]);
  });

  it('acknowledged and closed at its source is so here', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    await war.opsgenie('Acknowledge', { updatedAt: 2, username: 'grace@example.org' });
    await war.settle();
    expect((await war.incident('20261120-1')).incident?.acknowledged?.by).toMatchObject({
      kind: 'alert',
    });
    await war.opsgenie('Close', { updatedAt: 3 });
    await war.settle();
    expect((await war.incident('20261120-1')).incident?.state).toBe('resolved');
  });

  it('may not have somebody act on it: only its author is the alert', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    await war.settle();
    const records = await war.store.journal.read('20261120-1');
    expect(records.filter((r) => r.actor.kind === 'person')).toEqual([]);
  });
});

describe('what goes wrong', () => {
  it('on a host that cannot be reached is a finding that says how far it came', async () => {
    const war = createWarRoom({
      'host-17': new HousecallError('SSH_UNREACHABLE', 'ssh host-17 (10.0.0.17:22): refused', {
        context: { stage: 'refused' },
      }),
    });
    await war.opsgenie('Create');
    await war.settle();
    const [run] = [...(await war.incident('20261120-1')).runs.values()];
    expect(run?.finished?.status).toBe('unknown');
    expect(run?.finished?.reports[0]?.findings[0]).toMatchObject({
      code: 'host.unreachable',
      data: { stage: 'refused' },
    });
  });

  it('with a host that has left the inventory meanwhile is said as just that', async () => {
    const war = createWarRoom({
      'host-17': new HousecallError('TARGET_UNKNOWN', 'host host-17 is not in the inventory'),
    });
    await war.opsgenie('Create');
    await war.settle();
    const [run] = [...(await war.incident('20261120-1')).runs.values()];
    expect(run?.finished?.status).toBe('unknown');
    expect(run?.finished?.reports[0]?.findings[0]?.title).toMatch(/not in the inventory/);
  });

  it('with secrets that a host prints: they are gone before anything is stored', async () => {
    const war = createWarRoom({ 'host-17': 'password hunter2' });
    await war.opsgenie('Create');
    await war.settle();
    const stored = JSON.stringify(await war.store.journal.read('20261120-1'));
    expect(stored).not.toContain('hunter2');
    expect(stored).toContain('[redacted]');
  });

  it('in Slack after it acted: the message is found again and not posted twice', async () => {
    const war = createWarRoom();
    war.chat.fail({ method: 'post', kind: 'lost-answer', times: 2 });
    await war.opsgenie('Create');
    await war.settle();
    const texts = war.chat.room(ROOM).messages.map((m) => m.text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.some((text) => text.includes('it said full'))).toBe(true);
  });

  it('with a side step is said in the room and blocks nothing', async () => {
    const war = createWarRoom();
    war.chat.fail({ method: 'bookmark', kind: 'refused', error: 'too_many_bookmarks' });
    await war.opsgenie('Create');
    await war.settle();
    const texts = war.chat.room(ROOM).messages.map((m) => m.text);
    expect(texts.some((text) => text.includes('too_many_bookmarks'))).toBe(true);
    expect(texts.some((text) => text.includes('it said full'))).toBe(true);
  });

  it('before there is an incident is told in the announcement channel', async () => {
    const war = createWarRoom();
    await war.opsgenie('Create');
    const job = war.store.jobs[0]?.job;
    if (job?.kind !== 'route-alert') throw new Error('no delivery was queued');
    await tellUnrouted(war.deps, { delivery: job.delivery, reason: 'the record is broken' });
    await war.settle();
    const texts = war.chat.room('incidents').messages.map((m) => m.text);
    expect(texts.some((text) => text.includes('disk usage above 75 % on host-17'))).toBe(true);
    expect(texts.some((text) => text.includes('the record is broken'))).toBe(true);
  });

  it('before there is an incident, on a private route, is told without what it is about', async () => {
    const secret = { match: {}, severity: 'SEV2', diagnose: [], invite: [], groupBy: [] } as const;
    const war = createWarRoom({}, [{ ...secret, private: true }]);
    await war.opsgenie('Create');
    const job = war.store.jobs.pop()?.job;
    if (job?.kind !== 'route-alert') throw new Error('no delivery was queued');
    await tellUnrouted(war.deps, { delivery: job.delivery, reason: 'the record is broken' });
    await war.settle();
    const texts = war.chat
      .room('incidents')
      .messages.map((m) => m.text)
      .join('\n');
    expect(texts).toContain(
      'No incident could be opened for an alert from opsgenie: a private alert',
    );
    expect(texts).not.toContain('host-17');
  });
});
