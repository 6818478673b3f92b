import { describe, expect, it } from 'vitest';
import { postUpdate } from '../../../src/workflows/incident/post-update.ts';
import { MINUTE } from '../../support/escalation-policy.ts';
import { ADA, createPagingSite, GRACE } from '../../support/paging-site.ts';

const BY_ADA = { team: 'T1', user: ADA };

async function updated(site: ReturnType<typeof createPagingSite>, etaMinutes: number | null) {
  const stream = await site.open();
  await site.change(stream, { change: 'ack' });
  await postUpdate(site.deps, {
    stream,
    person: BY_ADA,
    text: 'the log is being truncated',
    etaMinutes,
  });
  await site.settle();
  return stream;
}

describe('/incident update', () => {
  it('tells the room, the panel, the announcement channel and the stakeholders by e-mail', async () => {
    const site = createPagingSite();
    const stream = await updated(site, 30);
    const text = 'the log is being truncated';
    const announced = site.chat.room('incidents').messages.map((message) => message.text);
    expect(announced.filter((one) => one.includes(text))).toHaveLength(1);
    const said = site.room(stream).map((message) => message.text);
    expect(said.slice(1).filter((one) => one.includes(text))).toHaveLength(1);
    expect(said[0]).toContain(text);
    expect(site.mailer.sent).toMatchObject([
      {
        to: ['ops@example.org'],
        subject: 'SEV2 update: disk usage above 75 % on host-17',
        document: { summary: `SEV2 update: ${text}` },
      },
    ]);
    expect(JSON.stringify(site.mailer.sent[0]?.document)).toMatch(/Next update by 12:3\d UTC/);
  });

  it('is reminded of when the promised time comes: the commander where there is one, once', async () => {
    const site = createPagingSite();
    const stream = await updated(site, 30);
    await site.change(stream, { change: 'role', role: 'commander', user: GRACE });
    await site.pass(29);
    const reminders = () =>
      site.room(stream).filter(({ text }) => text.includes('was promised for now'));
    expect(reminders()).toEqual([]);
    await site.pass(20);
    expect(reminders()).toHaveLength(1);
    expect(reminders()[0]?.document?.blocks[0]).toMatchObject({
      content: [{ user: GRACE }, ...Array.from({ length: 4 }, () => expect.anything())],
    });
  });

  it('is followed by the end for the stakeholders who heard of it, as plain information', async () => {
    const site = createPagingSite();
    const stream = await updated(site, null);
    await site.change(stream, { change: 'resolve', reason: 'the log is small again' });
    expect(site.mailer.sent.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^SEV2 update/),
      'Resolved: disk usage above 75 % on host-17',
    ]);
    expect(JSON.stringify(site.mailer.sent[1]?.document)).toContain('the log is small again');
  });

  it('was never heard of: nobody gets an e-mail about the end', async () => {
    const site = createPagingSite();
    const stream = await site.open();
    await site.change(stream, { change: 'resolve', reason: '' });
    expect(site.mailer.sent).toEqual([]);
  });

  it('is refused for an incident that is not there', async () => {
    const site = createPagingSite();
    const update = { stream: '20261120-9', person: BY_ADA, text: 'x', etaMinutes: null };
    await expect(postUpdate(site.deps, update)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an e-mail', () => {
  it('that the server does not take for somebody is a line in the room; the others have it', async () => {
    const site = createPagingSite();
    Object.assign(site.deps, {
      reach: { mail: true, stakeholders: ['ops@example.org', 'gone@example.org'], timeZone: 'UTC' },
    });
    site.mailer.refuse('gone@example.org');
    const stream = await updated(site, null);
    expect(site.mailer.sent.map(({ to }) => to)).toEqual([['ops@example.org']]);
    const said = site.room(stream).filter(({ text }) => text.includes('gone@example.org'));
    expect(said.map(({ text }) => text)).toEqual([expect.stringContaining('550 mailbox')]);
  });

  it('that is refused for everybody is a line in the room', async () => {
    const site = createPagingSite();
    site.mailer.refuse('ops@example.org');
    const stream = await updated(site, null);
    const said = site.room(stream).filter(({ text }) => text.includes('not taken for ops@'));
    expect(said).toHaveLength(1);
  });

  it('keeps nobody waiting when the server is away: the room hears it, once, and goes on', async () => {
    const site = createPagingSite();
    site.mailer.fail(6);
    const stream = await updated(site, null);
    await site.change(stream, { change: 'severity', severity: 'SEV3' });
    await site.pass(3);
    const text = site.room(stream).map((message) => message.text);
    expect(text.filter((one) => one.includes('it is tried again for an hour'))).toHaveLength(1);
    expect(text.join('\n')).toContain('changed the severity to SEV3');
    await site.pass(10);
    expect(site.mailer.sent).toHaveLength(1);
  });

  it('is given up after an hour, and the room hears that too', async () => {
    const site = createPagingSite();
    site.mailer.fail(1_000);
    const stream = await updated(site, null);
    await site.pass(5);
    site.clock.advance(60 * MINUTE);
    await site.pass(3);
    expect(site.store.outbox.rejected).toHaveLength(1);
    const failed = site.room(stream).filter(({ text }) => text.includes('mail.send failed'));
    expect(failed).toHaveLength(2);
  });
});
