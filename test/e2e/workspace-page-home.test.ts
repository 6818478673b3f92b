import { describe, expect, test } from 'vitest';
import {
  button,
  call,
  connectApp,
  openPage,
  type Payload,
  plain,
  reason,
} from '../support/workspace-page.ts';

const section = (text: string): Payload => ({ type: 'section', text: plain(text) });

describe.skipIf(reason !== null)('what concerns one person alone', () => {
  test('a page in a direct message is read and answered there, by that person only', async () => {
    const { workspace, page } = await openPage();
    const payloads = await connectApp(workspace, () => ({}));
    const blocks = [
      section('Nobody has acknowledged'),
      { type: 'actions', elements: [button('incident.ack', 'Acknowledge')] },
    ];
    const text = 'SEV1: shop is down';
    await call(workspace, 'chat.postMessage', { channel: 'U0GRACE001', text, blocks });
    expect(await page.getByTestId('direct-bot').count()).toBe(0);
    await page.getByTestId('act-as-grace').click();
    await page.getByTestId('direct-bot').click();
    await page.getByTestId('message').getByTestId('action-incident.ack').click();
    await expect.poll(() => payloads.at(-1)?.['type']).toBe('block_actions');
    expect(payloads.at(-1)).toMatchObject({
      user: { id: 'U0GRACE001' },
      channel: { name: 'directmessage' },
    });
  });

  test('each person sees their own home page, which follows what is published', async () => {
    const { workspace, page } = await openPage();
    const publish = (user: string, text: string): Promise<Payload> =>
      call(workspace, 'views.publish', {
        user_id: user,
        view: { type: 'home', blocks: [section(text)] },
      });
    await publish('U0ADA00001', '1 approval waits for you');
    await page.getByTestId('app-home').click();
    const home = page.getByTestId('home');
    await home.getByText('1 approval waits for you').waitFor();
    await publish('U0ADA00001', 'Nothing waits');
    await home.getByText('Nothing waits').waitFor();
    await page.getByTestId('act-as-grace').click();
    await home.getByText('Nothing here yet').waitFor();
    await publish('U0GRACE001', 'For Grace');
    await home.getByText('For Grace').waitFor();
    expect(await home.getByText('Nothing waits').count()).toBe(0);
  });

  test('in a narrow window the channels come when asked for, and nothing is wider than it', async () => {
    const { page } = await openPage();
    await page.setViewportSize({ width: 390, height: 844 });
    const sidebar = page.locator('#sidebar');
    await sidebar.waitFor({ state: 'hidden' });
    await page.getByTestId('menu').click();
    await page.getByTestId('channel-general').click();
    await sidebar.waitFor({ state: 'hidden' });
    await page.getByTestId('channel-head').getByText('general').waitFor();
    const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(widest).toBe(390);
    await page.getByTestId('menu').click();
    await page.getByTestId('app-home').click();
    await sidebar.waitFor({ state: 'hidden' });
    await page.getByTestId('home').waitFor();
  });

  test('in a modal a person is chosen from those there are, and an option from a short list', async () => {
    const { workspace, page } = await openPage();
    const payloads = await connectApp(workspace, (payload) => {
      if (payload['type'] === 'slash_commands' || payload['command'] !== undefined) {
        void call(workspace, 'views.open', {
          trigger_id: payload['trigger_id'],
          view: {
            type: 'modal',
            title: plain('Roles'),
            submit: plain('Assign'),
            blocks: [
              {
                type: 'input',
                block_id: 'role',
                label: plain('Role'),
                element: {
                  type: 'static_select',
                  action_id: 'role',
                  options: ['commander', 'scribe'].map((value) => ({ value, text: plain(value) })),
                },
              },
              {
                type: 'input',
                block_id: 'user',
                label: plain('Who'),
                element: {
                  type: 'users_select',
                  action_id: 'user',
                  initial_user: 'U0ADA00001',
                },
              },
            ],
          },
        });
      }
      return {};
    });
    await page.getByTestId('composer').fill('/incident role');
    await page.getByTestId('composer').press('Enter');
    await page.getByTestId('modal').waitFor();
    expect(await page.getByTestId('field-user').inputValue()).toBe('U0ADA00001');
    await page.getByTestId('field-user').selectOption({ label: 'Grace Hopper' });
    await page.getByTestId('modal-submit').click();
    await page.getByTestId('modal').getByText('Please complete this required field.').waitFor();
    expect(await page.getByTestId('field-user').inputValue()).toBe('U0GRACE001');
    await page.getByTestId('field-role').selectOption('scribe');
    await page.getByTestId('modal-submit').click();
    await page.getByTestId('modal').waitFor({ state: 'detached' });
    expect(payloads.at(-1)).toMatchObject({
      type: 'view_submission',
      view: {
        state: {
          values: {
            role: { role: { selected_option: { value: 'scribe' } } },
            user: { user: { selected_user: 'U0GRACE001' } },
          },
        },
      },
    });
  });
});
