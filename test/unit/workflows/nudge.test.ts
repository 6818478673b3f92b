import { describe, expect, it } from 'vitest';
import { nudgeIncident } from '../../../src/workflows/paging/nudge-incident.ts';
import { MINUTE } from '../../support/escalation-policy.ts';
import { ADA, createPagingSite, GRACE, LINUS, ON_CALL } from '../../support/paging-site.ts';

describe('an incident that nobody acknowledges', () => {
  it('calls the first step by direct message, mention and e-mail, with what was found', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.pass(4);
    expect(site.told(ADA)).toEqual([]);
    await site.pass(1);
    const [page] = site.told(ADA);
    expect(page?.document?.summary).toMatch(
      /^SEV2: disk usage above 75 % on host-17\. host-17: it said full/,
    );
    expect(page?.text).toContain('nobody has acknowledged for 5 min');
    expect(page?.document?.blocks.at(-1)).toMatchObject({
      kind: 'actions',
      actions: [{ action: 'incident.ack', value: stream }],
    });
    const [mention] = site.room(stream).filter(({ text }) => text.includes('nobody has ack'));
    expect(mention?.document?.blocks[0]).toMatchObject({
      content: [{ user: ADA }, expect.anything()],
    });
    expect(site.mailer.sent).toMatchObject([
      {
        to: ['ada@example.org'],
        subject: expect.stringMatching(/^SEV2: disk usage/),
        thread: stream,
      },
    ]);
    expect(site.told(GRACE)).toEqual([]);
  });

  it('calls each step in time, whoever is in the group by then, and says when nobody came', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.pass(14);
    site.chat.addGroup(ON_CALL, [LINUS]);
    await site.pass(45);
    expect(site.told(ADA)).toHaveLength(2);
    expect(site.told(LINUS)).toHaveLength(2);
    expect(site.told(GRACE)).toEqual([]);
    const { incident } = await site.incident(stream);
    expect(incident?.pages.map(({ step, round, called }) => [round, step, called])).toEqual([
      [0, 0, [ADA]],
      [0, 1, [LINUS]],
      [1, 0, [ADA]],
      [1, 1, [LINUS]],
    ]);
    const places = [site.room(stream), site.chat.room('incidents').messages];
    for (const messages of places) {
      const alarms = messages.filter(({ text }) => text.includes('NOBODY ANSWERS'));
      expect(alarms).toHaveLength(1);
    }
  });

  it('pages once when two processes look at the same moment', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    site.clock.advance(5 * MINUTE);
    await Promise.all(Array.from({ length: 5 }, () => nudgeIncident(site.deps, stream)));
    await site.settle();
    expect(site.told(ADA)).toHaveLength(1);
    expect((await site.incident(stream)).incident?.pages).toHaveLength(1);
  });

  it('pages where it was after every process was away', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.pass(5);
    site.clock.advance(600 * MINUTE);
    await site.look();
    await site.settle();
    expect(site.told(ADA)).toHaveLength(1);
    expect(site.told(GRACE)).toHaveLength(1);
    await site.pass(4);
    expect((await site.incident(stream)).incident?.pages).toHaveLength(2);
  });

  it('still mentions a group whose members Slack does not tell, and says so', async () => {
    const site = createPagingSite({ immediate: ['SEV2'] });
    const stream = await site.open();
    site.chat.fail({ method: 'members', kind: 'unavailable', times: 1 });
    await site.pass(1);
    expect(site.told(ADA)).toHaveLength(1);
    expect(site.told(GRACE)).toEqual([]);
    const said = site.room(stream).map(({ text }) => text);
    expect(said.join('\n')).toContain('only the mention calls them');
  });

  it('calls the others when one cannot be reached, and the room hears whom it did not', async () => {
    const site = createPagingSite({ immediate: ['SEV2'] });
    const stream = await site.open();
    site.chat.fail({ method: 'resolveChannel', kind: 'refused', error: 'user_not_found' });
    await site.pass(1);
    const said = site.room(stream).map(({ text }) => text);
    expect(said.filter((text) => text.includes('failed: chat resolveChannel'))).toHaveLength(1);
    expect([ADA, GRACE, LINUS].flatMap((user) => site.told(user))).toHaveLength(2);
    await site.change(stream, { change: 'ack' });
    const after = site.room(stream).filter(({ text }) => text.includes('failed'));
    expect(after).toHaveLength(1);
  });
});

describe('an acknowledgement', () => {
  it('stops the paging, from Slack; what was sent says who has it and has no button', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.pass(5);
    await site.change(stream, { change: 'ack' }, GRACE);
    await site.pass(50);
    expect(site.told(ADA)).toHaveLength(1);
    expect(site.told(GRACE)).toEqual([]);
    const [page] = site.told(ADA);
    expect(page?.document?.blocks).toEqual([
      { kind: 'paragraph', content: ['Acknowledged by ', { user: GRACE }] },
      expect.objectContaining({ kind: 'context' }),
    ]);
  });

  it('stops the paging, from the source', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.pass(5);
    await site.opsgenie('Acknowledge', { username: 'grace@example.org' });
    await site.settle();
    await site.pass(50);
    expect((await site.incident(stream)).incident?.pages).toHaveLength(1);
    expect(site.told(ADA)[0]?.document?.summary).toMatch(/^Acknowledged/);
  });

  it('that comes while Slack is away keeps the page from ringing when Slack is back', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    site.clock.advance(5 * MINUTE);
    await site.look();
    await site.change(stream, { change: 'ack' });
    await site.pass(1);
    expect(site.told(ADA)).toEqual([]);
    expect(site.mailer.sent).toEqual([]);
    expect(site.room(stream).filter(({ text }) => text.includes('failed'))).toEqual([]);
  });

  it('given back begins the paging anew', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.pass(1);
    await site.change(stream, { change: 'ack' });
    await site.pass(3);
    await site.change(stream, { change: 'unack' });
    await site.pass(4);
    expect(site.told(ADA)).toEqual([]);
    await site.pass(1);
    expect(site.told(ADA)).toHaveLength(1);
  });

  it('of somebody who is silent is asked about, then void: paging begins anew', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.change(stream, { change: 'ack' });
    await site.pass(60);
    expect(site.told(ADA).map(({ text }) => text)).toEqual([
      expect.stringContaining('are you still on it?'),
    ]);
    await site.pass(30);
    const { incident } = await site.incident(stream);
    expect(incident?.acknowledged).toBeNull();
    expect(
      site
        .room(stream)
        .map(({ text }) => text)
        .join('\n'),
    ).toContain('the acknowledgement does not count any more. Paging begins anew.');
    await site.pass(5);
    expect(site.told(ADA).at(-1)?.document?.summary).toMatch(/^SEV2: disk usage/);
  });

  it('stays when they say a word in the room after being asked', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.change(stream, { change: 'ack' });
    await site.pass(60);
    const said = site.clock.now().toISOString();
    await site.store.roomLog.add(stream, {
      id: 'e1',
      channel: 'C1',
      at: said,
      kind: 'said',
      message: { ts: '1.1', author: ADA, authorName: 'ada', text: 'still on it', files: [] },
    });
    await site.pass(59);
    expect((await site.incident(stream)).incident?.acknowledged).not.toBeNull();
    expect(site.told(ADA)).toHaveLength(1);
  });

  it('is measured once: the time to the first one', async () => {
    const site = createPagingSite();
    const seen: number[] = [];
    Object.assign(site.deps, {
      metrics: { count: () => {}, observe: (_: string, __: object, s: number) => seen.push(s) },
    });
    const stream = await site.open();
    await site.pass(3);
    await site.change(stream, { change: 'ack' });
    await site.change(stream, { change: 'unack' });
    await site.opsgenie('Acknowledge');
    await site.settle();
    const { incident } = await site.incident(stream);
    const [opened, first] = [incident?.openedAt, incident?.firstAcknowledgedAt];
    expect(seen).toEqual([(Date.parse(first ?? '') - Date.parse(opened ?? '')) / 1000]);
  });
});

describe('quiet hours', () => {
  // The story begins at noon, UTC.
  const quietHours = { from: '11:00', to: '12:30', timeZone: 'UTC' };

  it('hold pages back; the room hears until when, once', async () => {
    const site = createPagingSite({ quietHours });
    const stream = await site.open();
    await site.pass(20);
    const told = site.room(stream).filter(({ text }) => text.includes('Nobody is paged before'));
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringContaining('Nobody is paged before 12:30 UTC'),
    ]);
    expect(site.told(ADA)).toEqual([]);
    await site.pass(11);
    expect(site.told(ADA)).toHaveLength(1);
  });

  it('end at once for an incident that becomes as bad as those that page at once', async () => {
    const site = createPagingSite({ quietHours });
    const stream = await site.open();
    await site.pass(6);
    await site.change(stream, { change: 'severity', severity: 'SEV1' });
    await site.look();
    await site.settle();
    for (const user of [ADA, GRACE, LINUS]) expect(site.told(user)).toHaveLength(1);
  });
});

describe('an incident where nothing happens', () => {
  const HOURS = 24 * 60;

  it('is asked about with buttons, and closed when it is resolved and nobody answers', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.change(stream, { change: 'resolve', reason: 'cleaned up' });
    site.clock.advance((HOURS - 1) * MINUTE);
    await site.pass(2);
    const asked = site.room(stream).filter(({ text }) => text.includes('Close this incident?'));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.document?.blocks.at(-1)).toMatchObject({
      actions: [{ action: 'incident.close' }, { action: 'incident.keep' }],
    });
    site.clock.advance((HOURS - 1) * MINUTE);
    await site.pass(3);
    const { incident } = await site.incident(stream);
    expect(incident?.state).toBe('closed');
    expect(site.chat.rooms.get(incident?.room?.channel ?? '')?.archived).toBe(true);
  });

  it('is asked about again but never closed while it is not resolved', async () => {
    const site = createPagingSite({ steps: [] });
    const stream = await site.open();
    for (let day = 0; day < 3; day += 1) {
      site.clock.advance((HOURS - 1) * MINUTE);
      await site.pass(1);
      site.clock.advance(MINUTE);
      await site.pass(1);
    }
    expect((await site.incident(stream)).incident?.state).toBe('active');
    const asked = site.room(stream).filter(({ text }) => text.includes('Is it over?'));
    expect(asked.length).toBeGreaterThan(1);
  });
});
