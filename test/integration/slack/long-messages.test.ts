import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Document } from '../../../src/core/document/document.ts';
import { PEOPLE, type SlackSite, startSlackSite } from '../../support/slack-site.ts';

/** So many lines of 40 characters, each recognisable. */
function output(lines: number, word = 'line'): Document {
  const text = Array.from({ length: lines }, (_, n) => `${word} ${n}`.padEnd(40, '.')).join('\n');
  return { summary: `${word}s`, blocks: [{ kind: 'preformatted', text }] };
}

describe('messages that do not fit one', () => {
  let site: SlackSite;
  let channel: string;

  beforeAll(async () => {
    site = await startSlackSite({ start: false });
  });
  afterAll(() => site.stop());
  beforeEach(async () => {
    site.workspace.control.clearFaults();
    channel = (
      await site.slack.chat.openRoom({ name: `room-${Math.random().toString(36).slice(2)}` })
    ).channel;
  });

  const all = () => site.workspace.control.messages(channel);
  const text = () => JSON.stringify(all().map(({ blocks }) => blocks));

  /** Numbers of the lines shown, in the order of the messages. */
  const lines = () => [...text().matchAll(/line (\d+)\./g)].map(([, n]) => Number(n));

  it('go on in the thread, and nothing is lost', async () => {
    const ref = await site.slack.chat.post({ channel, id: 'long', document: output(1_000) });
    const messages = all();
    expect(messages.length).toBeGreaterThan(3);
    expect(messages.slice(1).every(({ threadTs }) => threadTs === ref.ts)).toBe(true);
    expect(lines()).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(JSON.stringify(messages[0]?.blocks)).toMatch(/… \d+ more lines in the thread/);
  });

  it('go on in the same thread when they are replies themselves', async () => {
    const { chat } = site.slack;
    const root = await chat.post({ channel, id: 'root', document: output(1) });
    await chat.post({ channel, thread: root.ts, id: 'reply', document: output(500) });
    const replies = site.workspace.control.thread(channel, root.ts);
    expect(replies).toHaveLength(all().length);
  });

  it('are completed by find when the connection broke between two parts', async () => {
    const posting = { channel, id: 'broken', document: output(1_000) };
    site.workspace.control.addFault({ method: 'chat.postMessage', kind: 'reset-after', skip: 2 });
    await expect(site.slack.chat.post(posting)).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
    expect(all()).toHaveLength(3);
    expect(await site.slack.chat.find(posting)).toEqual({ channel, ts: all()[0]?.ts });
    const complete = all().length;
    expect(lines()).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    await site.slack.chat.find(posting);
    expect(all()).toHaveLength(complete);
  });

  it('grow into the thread by an update, are edited by the next, and shrink again', async () => {
    const { chat } = site.slack;
    const root = await chat.post({ channel, id: 'root', document: output(1) });
    const ref = await chat.post({ channel, thread: root.ts, id: 'run', document: output(1) });
    await chat.update(ref, output(1_000, 'before'));
    const grown = all().length;
    expect(grown).toBeGreaterThan(4);
    expect(all().every(({ ts, threadTs }) => ts === root.ts || threadTs === root.ts)).toBe(true);
    await chat.update(ref, output(1_000, 'after'));
    expect(all()).toHaveLength(grown);
    expect(text()).toContain('after 999');
    expect(text()).not.toContain('before');
    await chat.update(ref, output(1, 'short'));
    expect(text()).not.toContain('after');
    expect(all()).toHaveLength(grown);
  });

  it('are said plainly, buttons and all, when Slack refuses the blocks', async () => {
    site.workspace.control.addFault({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'invalid_blocks',
    });
    await site.slack.chat.post({
      channel,
      id: 'plain',
      document: {
        summary: 'approve this',
        blocks: [
          { kind: 'table', header: ['Host', 'Step'], rows: [['web-1', 'truncate']] },
          { kind: 'actions', actions: [{ action: 'fix.approve', label: 'Approve', value: 'v' }] },
        ],
      },
    });
    expect(all()).toHaveLength(1);
    expect(text()).toContain('web-1 | truncate');
    expect(text()).toContain('fix.approve');
  });

  it('are told whole by the history', async () => {
    await site.slack.chat.post({
      channel,
      id: 'told',
      document: {
        summary: 'disk is full',
        status: 'critical',
        blocks: [
          { kind: 'paragraph', content: ['asked by ', { user: PEOPLE.ada }] },
          { kind: 'list', items: [['one'], [{ link: 'https://example.org/', text: 'two' }]] },
          { kind: 'table', header: ['Host', 'Verdict'], rows: [['web-1', 'ok']] },
          { kind: 'preformatted', text: '<!channel> && x' },
        ],
      },
    });
    const [message] = await site.slack.chat.history(channel);
    expect(message?.text).toBe(
      [
        '🔴 critical  disk is full',
        'asked by @ada',
        '• one\n• two (https://example.org/)',
        'Host | Verdict\nweb-1 | ok',
        '<!channel> && x',
      ].join('\n'),
    );
  });
});

describe('a second copy', () => {
  it('is not made: a lost answer is found in a channel that the bot had only posted to', async () => {
    const site = await startSlackSite({ start: false });
    const { control } = site.workspace;
    const announce = control.createChannel(PEOPLE.ada, 'announce').id;
    const posting = { channel: announce, id: 'announced', document: output(1) };
    control.addFault({ method: 'chat.postMessage', kind: 'reset-after' });
    await expect(site.slack.chat.post(posting)).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
    expect(await site.slack.chat.find(posting)).not.toBeNull();
    await site.stop();
  });

  it('is not made: calls are never repeated by themselves', async () => {
    const site = await startSlackSite({ start: false });
    const { control, requestLog } = site.workspace;
    const { channel } = await site.slack.chat.openRoom({ name: 'quiet', private: true });
    const posting = { channel, id: 'once', document: output(1) };
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'reset-before' },
      { kind: 'reset-after' },
      { kind: 'error', error: 'internal_error' },
    ] as const) {
      control.addFault({ method: 'chat.postMessage', ...fault });
      await expect(site.slack.chat.post(posting)).rejects.toMatchObject({
        code: 'CHAT_UNAVAILABLE',
      });
    }
    expect(requestLog.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(4);
    expect(site.counted).toContain('housecall_slack_calls_total chat.postMessage unavailable');
    await site.stop();
  });

  it('is not delayed by a rate limit elsewhere: a post goes out while reading has to wait', async () => {
    const site = await startSlackSite({ start: false });
    const { channel } = await site.slack.chat.openRoom({ name: 'busy' });
    const rule = {
      method: 'conversations.history',
      kind: 'rate-limit',
      retryAfterSeconds: 1,
    } as const;
    site.workspace.control.addFault(rule);
    const reading = site.slack.chat.history(channel);
    await site.slack.chat.post({ channel, id: 'now', document: output(1) });
    const order: string[] = ['posted'];
    await reading.then(() => order.push('read'));
    expect(order).toEqual(['posted', 'read']);
    expect(site.counted).toContain('housecall_slack_rate_limited_total conversations.history');
    await site.stop();
  });
});
