import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../src/workspace/create-workspace.ts';
import {
  button,
  call,
  connectApp,
  openPage,
  type Payload,
  plain,
  post,
  reason,
} from '../support/workspace-page.ts';

describe.skipIf(reason !== null)('actions on the page of the workspace', () => {
  test('a button sends its click, after a question when it asks one', async () => {
    const { workspace, page } = await openPage();
    const payloads = await connectApp(workspace, () => ({}));
    const clicks = (): unknown[] =>
      payloads
        .filter((payload) => payload['type'] === 'block_actions')
        .map((payload) => (payload['actions'] as Payload[])[0]?.['action_id']);
    const confirm = {
      title: plain('Sure?'),
      text: plain('It cannot be undone.'),
      confirm: plain('Do it'),
      deny: plain('No'),
    };
    const elements = [
      button('incident.ack', 'Acknowledge', { style: 'primary' }),
      button('incident.resolve', 'Resolve', { style: 'danger', confirm }),
    ];
    await post(workspace, { blocks: [{ type: 'actions', elements }] });
    await page.getByTestId('action-incident.ack').click();
    await expect.poll(clicks).toEqual(['incident.ack']);
    await page.getByTestId('action-incident.resolve').click();
    await page.getByTestId('confirm-no').click();
    await page.getByTestId('action-incident.resolve').click();
    expect(clicks()).toEqual(['incident.ack']);
    await page.getByTestId('confirm-yes').click();
    await expect.poll(clicks).toEqual(['incident.ack', 'incident.resolve']);
  });

  test('a modal is filled in, refused with a word at the input, kept, and sent', async () => {
    const { workspace, page } = await openPage();
    const payloads = await connectApp(workspace, (payload) => {
      if (payload['type'] === 'block_actions')
        void openModal(workspace, String(payload['trigger_id']));
      const isFirst = payloads.filter((one) => one['type'] === 'view_submission').length === 1;
      return payload['type'] === 'view_submission' && isFirst
        ? { response_action: 'errors', errors: { why: 'too short' } }
        : {};
    });
    await post(workspace, {
      blocks: [{ type: 'actions', elements: [button('fix.review', 'Review fix')] }],
    });
    await page.getByTestId('action-fix.review').click();
    const modal = page.getByTestId('modal');
    await modal.waitFor();
    expect(await modal.getByRole('heading').textContent()).toBe('Review fix');
    await page.getByTestId('modal-submit').click();
    await page.getByTestId('input-error').filter({ hasText: 'required' }).waitFor();
    await page.getByTestId('field-reason').fill('full');
    await page.getByTestId('field-level').selectOption('high');
    await modal.getByLabel('Keep a copy').check();
    await page.getByTestId('modal-submit').click();
    await page.getByTestId('input-error').filter({ hasText: 'too short' }).waitFor();
    expect(await page.getByTestId('field-reason').inputValue()).toBe('full');
    await page.getByTestId('modal-submit').click();
    await modal.waitFor({ state: 'detached' });
    expect(payloads.at(-1)).toMatchObject({
      view: {
        state: {
          values: {
            why: { reason: { value: 'full' } },
            how: { level: { selected_option: { value: 'high' } } },
            what: { boxes: { selected_options: [{ value: 'keep' }] } },
          },
        },
      },
    });
  });

  test('Escape closes a modal and tells the app', async () => {
    const { workspace, page } = await openPage();
    const payloads = await connectApp(workspace, (payload) => {
      if (payload['type'] === 'block_actions')
        void openModal(workspace, String(payload['trigger_id']));
      return {};
    });
    await post(workspace, {
      blocks: [{ type: 'actions', elements: [button('fix.review', 'Review fix')] }],
    });
    await page.getByTestId('action-fix.review').click();
    await page.getByTestId('modal').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('modal').waitFor({ state: 'detached' });
    await expect.poll(() => payloads.at(-1)?.['type']).toBe('view_closed');
  });

  test('the home page of the app is shown and can be clicked', async () => {
    const { workspace, page } = await openPage();
    const payloads = await connectApp(workspace, (payload) => {
      const event = payload['event'] as Payload | undefined;
      const blocks = [{ type: 'actions', elements: [button('go', 'Go')] }];
      if (event?.['type'] === 'app_home_opened')
        void call(workspace, 'views.publish', {
          user_id: event['user'],
          view: { type: 'home', blocks },
        });
      return {};
    });
    await page.getByTestId('app-home').click();
    await page.getByTestId('home').getByTestId('action-go').click();
    await expect.poll(() => payloads.at(-1)?.['type']).toBe('block_actions');
  });
});

async function openModal(workspace: Workspace, trigger: string): Promise<void> {
  const option = (value: string, text: string): Payload => ({ value, text: plain(text) });
  const options = [option('low', 'Low'), option('high', 'High')];
  await call(workspace, 'views.open', {
    trigger_id: trigger,
    view: {
      type: 'modal',
      title: plain('Review fix'),
      submit: plain('Request'),
      notify_on_close: true,
      blocks: [
        {
          type: 'input',
          block_id: 'why',
          label: plain('Why'),
          element: { type: 'plain_text_input', action_id: 'reason' },
        },
        {
          type: 'input',
          block_id: 'how',
          label: plain('How bad'),
          element: {
            type: 'static_select',
            action_id: 'level',
            options,
            initial_option: options[0],
          },
        },
        {
          type: 'input',
          block_id: 'what',
          optional: true,
          label: plain('Options'),
          element: {
            type: 'checkboxes',
            action_id: 'boxes',
            options: [option('keep', 'Keep a copy')],
          },
        },
      ],
    },
  });
}
