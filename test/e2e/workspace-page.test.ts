import { describe, expect, test } from 'vitest';
import {
  button,
  call,
  connectApp,
  openPage,
  plain,
  post,
  reason,
} from '../support/workspace-page.ts';

describe.skipIf(reason !== null)('the page of the workspace', () => {
  test('a person types a message and sees it, and what others say, at once', async () => {
    const { workspace, page } = await openPage();
    await page.getByTestId('composer').fill('I have *it*, @grace');
    await page.keyboard.press('Enter');
    const messages = page.getByTestId('messages').getByTestId('message');
    await messages.filter({ hasText: 'I have it, @Grace Hopper' }).waitFor();
    expect(await messages.locator('strong', { hasText: 'it' }).last().textContent()).toBe('it');
    expect(workspace.control.messages('incidents')[0]).toMatchObject({
      user: 'U0ADA00001',
      text: 'I have *it*, <@U0GRACE001>',
    });
    workspace.control.say('grace', 'incidents', 'ready');
    await messages.filter({ hasText: 'ready' }).waitFor();
    expect(await page.getByTestId('composer').inputValue()).toBe('');
  });

  test('hostile text stays text, wherever it comes from', async () => {
    const { workspace, page } = await openPage();
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    const url = 'javascript:document.title=1';
    await post(workspace, {
      text: evil,
      blocks: [
        { type: 'header', text: plain(evil) },
        { type: 'section', text: { type: 'mrkdwn', text: `${evil} <${url}|click>` } },
        {
          type: 'rich_text',
          elements: [
            { type: 'rich_text_preformatted', elements: [{ type: 'text', text: evil }] },
            { type: 'rich_text_section', elements: [{ type: 'link', url, text: 'press' }] },
          ],
        },
        { type: 'table', rows: [[{ type: 'raw_text', text: evil }]] },
        { type: 'actions', elements: [button('a', evil.slice(0, 75))] },
      ],
    });
    await call(workspace, 'conversations.setTopic', { channel: 'C0INCIDENT', topic: evil });
    workspace.control.say('ada', 'incidents', `${evil} \`\`\`${evil}\`\`\``);
    await page.getByTestId('message').nth(1).waitFor();
    await expect.poll(() => page.getByTestId('topic').textContent()).toContain('onerror');
    expect(await page.locator('main img, main script, main a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).toBe('incidents – Housecall');
    expect(await page.getByTestId('message').first().locator('pre').textContent()).toBe(evil);
  });

  test('a slash command is completed with the keyboard and its answer is for this person only', async () => {
    const { workspace, page } = await openPage();
    const payloads = await connectApp(workspace, () => ({ text: 'looking at `host-17`' }));
    const composer = page.getByTestId('composer');
    await composer.pressSequentially('/');
    await expect.poll(() => page.getByTestId('suggestion').count()).toBe(2);
    expect(await page.getByTestId('suggestion').first().textContent()).toContain(
      '<diagnostic> <targets>',
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    expect(await composer.inputValue()).toBe('/diag ');
    await composer.pressSequentially('disk host-17');
    await page.keyboard.press('Enter');
    const answer = page.getByTestId('ephemeral');
    await answer.waitFor();
    expect(await answer.textContent()).toContain('Only visible to you');
    expect(payloads[0]).toMatchObject({
      command: '/diag',
      text: 'disk host-17',
      user_id: 'U0ADA00001',
    });
    await page.getByTestId('act-as-grace').click();
    await answer.waitFor({ state: 'detached' });
  });

  test('a command that fails says why and stays in the box', async () => {
    const { workspace, page } = await openPage({ ackTimeoutMs: 80 });
    const composer = page.getByTestId('composer');
    const toast = page.getByTestId('toast').last();
    const run = async (command: string): Promise<void> => {
      await composer.fill(command);
      await page.getByTestId('composer-send').click();
    };
    await run('/diag disk host-17');
    await toast.filter({ hasText: 'the app did not respond' }).waitFor();
    await expect.poll(() => composer.inputValue()).toBe('/diag disk host-17');
    await connectApp(workspace, () => null);
    await run('/diag disk host-17');
    await toast.filter({ hasText: 'operation_timeout' }).waitFor();
    await run('/nope');
    await toast.filter({ hasText: '/nope is not a valid command' }).waitFor();
  });

  test('a long table shows a page of rows, a container folds, and a table has its numbers on the right', async () => {
    const { workspace, page } = await openPage();
    const rows = [
      row('host', 'used'),
      ...Array.from({ length: 12 }, (_, index) => row(`web-${index + 1}`, `${index} %`)),
    ];
    const child = {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'raw output' }] },
      ],
    };
    await post(workspace, {
      blocks: [
        { type: 'data_table', caption: 'Disks', rows },
        {
          type: 'container',
          title: plain('Evidence'),
          default_collapsed: true,
          child_blocks: [child],
        },
      ],
    });
    const lines = page.locator('tbody tr');
    await expect.poll(() => lines.count()).toBe(5);
    expect(await lines.first().locator('td').last().getAttribute('class')).toBe('align-right');
    await page.getByRole('button', { name: 'Show 7 more rows' }).click();
    expect(await lines.count()).toBe(12);
    expect(await page.getByText('raw output').isVisible()).toBe(false);
    await page.getByText('Evidence').click();
    await page.getByText('raw output').waitFor();
  });

  test('everything that can be pressed has a name, and the keyboard reaches the channels', async () => {
    const { workspace, page } = await openPage();
    await post(workspace, { blocks: [{ type: 'actions', elements: [button('a', 'Go')] }] });
    await page.getByTestId('action-a').waitFor();
    const nameless = await page
      .locator('button, a, input, textarea, select')
      .evaluateAll((elements) =>
        elements
          .filter(
            (one) =>
              !(one.getAttribute('aria-label') ?? one.textContent ?? '').trim() &&
              !one.hasAttribute('aria-labelledby'),
          )
          .map((one) => one.outerHTML),
      );
    expect(nameless).toEqual([]);
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByTestId('channel-head').getByText('general').waitFor();
    await page.locator('body').click({ position: { x: 600, y: 20 } });
    await page.keyboard.press('/');
    await expect.poll(() => page.locator(':focus').getAttribute('id')).toBe('composer');
  });
});

function row(...cells: string[]): unknown {
  return cells.map((text) => ({ type: 'raw_text', text }));
}
