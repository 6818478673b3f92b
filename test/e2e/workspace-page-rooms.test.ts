import { describe, expect, test } from 'vitest';
import { createWorkspace } from '../../src/workspace/create-workspace.ts';
import { afterwards, call, newTab, openPage, post, reason } from '../support/workspace-page.ts';

describe.skipIf(reason !== null)('rooms on the page of the workspace', () => {
  test('a thread opens beside the channel, takes replies, and has an address', async () => {
    const { workspace, page } = await openPage();
    const { ts } = workspace.control.say('grace', 'incidents', 'what do we know?');
    await page.getByTestId('message').hover();
    await page.getByTestId('reply').click();
    await page.getByTestId('thread-composer').fill('the disk is full');
    await page.keyboard.press('Enter');
    const thread = page.getByTestId('thread-messages');
    await thread.getByText('the disk is full').waitFor();
    expect(workspace.control.thread('incidents', ts)).toHaveLength(2);
    expect(await page.getByTestId('replies').textContent()).toContain('1 reply');
    expect(page.url()).toContain(`#/C0INCIDENT/${ts}`);
    await page.reload();
    await thread.getByText('the disk is full').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('thread-composer').waitFor({ state: 'hidden' });
    await page.goto(`${workspace.pageUrl}#/general`);
    await page.getByTestId('channel-head').getByText('general').waitFor();
  });

  test('new messages elsewhere are counted until one looks, for each person apart', async () => {
    const { workspace, page } = await openPage();
    workspace.control.say('grace', 'general', 'one');
    workspace.control.say('grace', 'general', 'two for @ada');
    const link = page.getByTestId('channel-general');
    await expect.poll(() => link.locator('.count').textContent()).toBe('1');
    expect(await link.getAttribute('class')).toContain('unread');
    await link.click();
    await page.getByTestId('messages').getByText('two for').waitFor();
    await page.getByTestId('channel-incidents').click();
    await expect.poll(() => link.locator('.count').count()).toBe(0);
    await page.getByTestId('act-as-linus').click();
    await expect.poll(() => link.locator('.count').textContent()).toBe('2');
  });

  test('edits, reactions, pins, files, bookmarks and deletions are seen live', async () => {
    const { workspace, page } = await openPage();
    const { ts } = await post(workspace, { text: 'first' });
    const message = page.getByTestId('messages').getByTestId('message').first();
    await message.getByText('first').waitFor();
    await call(workspace, 'chat.update', { channel: 'C0INCIDENT', ts, text: 'second' });
    await message.getByText('second').waitFor();
    expect(await message.getByTestId('edited').count()).toBe(1);
    await message.hover();
    await message.getByTestId('react-pushpin').click();
    await message.getByTestId('reaction-pushpin').waitFor();
    expect(workspace.control.messages('incidents')[0]?.reactions).toEqual([
      { name: 'pushpin', users: ['U0ADA00001'] },
    ]);
    await message.getByTestId('pin').click();
    await message.getByText('Pinned to this channel').waitFor();
    await call(workspace, 'bookmarks.add', {
      channel_id: 'C0INCIDENT',
      title: 'Runbook',
      type: 'link',
      link: 'https://wiki.example.org/',
    });
    await page.getByTestId('bookmarks').getByText('Runbook').waitFor();
    await call(workspace, 'chat.delete', { channel: 'C0INCIDENT', ts });
    await message.waitFor({ state: 'detached' });
  });

  test('a new war room appears, and an archived one can be read but not written to', async () => {
    const { workspace, page } = await openPage();
    const made = await call(workspace, 'conversations.create', { name: 'inc-20261120-7-disk' });
    const { id } = made['channel'] as { id: string };
    await call(workspace, 'conversations.invite', { channel: id, users: 'U0ADA00001' });
    await post(workspace, { channel: id, text: 'the panel' });
    await page.getByTestId('channel-inc-20261120-7-disk').click();
    await page.getByTestId('messages').getByText('the panel').waitFor();
    await call(workspace, 'conversations.archive', { channel: id });
    await page.getByTestId('foot-note').waitFor();
    expect(await page.getByTestId('composer').count()).toBe(0);
    expect(await page.getByTestId('messages').getByText('the panel').count()).toBe(1);
    await page.getByTestId('act-as-grace').click();
    await page.getByTestId('channel-general').click();
    await page.getByTestId('composer').waitFor();
  });

  test('somebody outside of a channel may look and join', async () => {
    const { workspace, page } = await openPage({}, '&as=linus#/incidents');
    workspace.control.leave('linus', 'incidents');
    await page.getByTestId('join').click();
    await page.getByTestId('composer').waitFor();
    expect(workspace.control.channel('incidents')?.members).toContain('U0LINUS001');
    expect(await page.getByTestId('acting-as').textContent()).toContain('Linus');
  });

  test('when the workspace goes away the page says so, and comes back by itself', async () => {
    const port = await freePort();
    const secrets = { pageToken: 'a-token-that-stays-the-same' };
    const first = await createWorkspace({ port, secrets });
    const page = await newTab();
    afterwards(() => page.close());
    await page.goto(first.pageUrl);
    await page.getByTestId('composer').waitFor();
    await first.close();
    await page.getByText('The workspace does not answer').waitFor();
    const second = await createWorkspace({ port, secrets });
    afterwards(() => second.close());
    await page.getByText('The workspace does not answer').waitFor({ state: 'hidden' });
    second.control.say('grace', 'incidents', 'still here');
    await page.getByTestId('messages').getByText('still here').waitFor();
    expect(await page.getByTestId('messages').getByTestId('message').count()).toBe(1);
  });
});

async function freePort(): Promise<number> {
  const workspace = await createWorkspace();
  await workspace.close();
  return Number(new URL(workspace.url).port);
}
