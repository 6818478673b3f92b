import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { createLog } from '../src/adapters/telemetry/create-log.ts';
import { isPanel, waitForHome, waitForPage } from '../src/app/demo/play-people.ts';
import { textOf } from '../src/app/demo/read-message.ts';
import { type DemoWorld, PEOPLE, startWorld } from '../src/app/demo/world.ts';
import { openChromium } from '../test/support/chromium.ts';

/** `npm run screenshots`: plays the demo in a headless browser and takes the pictures of the documents. */
const IMAGES = path.resolve(import.meta.dirname, '../docs/images');
const DESKTOP = { width: 1440, height: 900 };
/** Where most people read it first. */
const PHONE = { width: 390, height: 844 };
const MINUTE_MS = 5_000;
const SECONDS = 1_000;

interface Scene {
  readonly world: DemoWorld;
  readonly page: Page;
  readonly room: { readonly id: string; readonly name: string };
}

async function main(): Promise<void> {
  mkdirSync(IMAGES, { recursive: true });
  const log = createLog({ level: 'error' });
  const world = await startWorld({ log, say, minuteMs: MINUTE_MS });
  const browser = await openChromium({ colorScheme: 'light', viewport: DESKTOP });
  try {
    const page = await browser.context.newPage();
    await page.goto(world.workspace.pageUrl);
    await actAs(page, 'ada');
    await world.postAlert();
    const { control } = world.workspace;
    const room = await control.waitFor(
      () => control.channels().find((channel) => channel.name.startsWith('inc-')),
      30 * SECONDS,
      'the room',
    );
    const scene = { world, page, room };
    await paged(scene);
    await told(scene);
    await repaired(scene);
    await asked(scene);
    await closed(scene);
  } finally {
    await browser.close();
    await world.stop();
  }
}

/** Nobody acknowledges: the page in a direct message, at a desk and in a pocket. */
async function paged({ world, page, room }: Scene): Promise<void> {
  const { control } = world.workspace;
  await control.waitForMessage(room.id, (m) => hasAction(m, 'fix.review'), 60 * SECONDS);
  const { channel, page: call } = await waitForPage(control, PEOPLE.ada.id);
  await page.getByTestId('direct-bot').click();
  await page.getByTestId('action-incident.ack').waitFor();
  await shot(page, 'escalation');
  await page.setViewportSize(PHONE);
  await shot(page, 'escalation-phone');
  await page.setViewportSize(DESKTOP);
  await control.click(PEOPLE.ada.id, channel, call.ts, 'incident.ack');
}

/** The room: its panel, the finding in its thread, a dialog of a button. */
async function told({ world, page, room }: Scene): Promise<void> {
  const { control } = world.workspace;
  await page.getByTestId(`channel-${room.name}`).click();
  await page.getByTestId('action-incident.role').click();
  await page.getByTestId('modal-submit').click();
  await page.getByTestId('modal').waitFor({ state: 'detached' });
  await page.getByTestId('action-incident.update').click();
  await page
    .getByTestId('field-text')
    .fill('Orders take up to a minute. The disk of host-17 is full; a fix waits for approval.');
  await page.getByTestId('field-eta').fill('30m');
  await shot(page, 'update');
  await page.getByTestId('modal-submit').click();
  await page.getByTestId('modal').waitFor({ state: 'detached' });
  await control.waitForMessage(
    room.id,
    (m) => isPanel(textOf(m)) && textOf(m).includes('Told stakeholders') && isSettled(textOf(m)),
    60 * SECONDS,
  );
  await page.getByTestId('messages').evaluate((list) => {
    list.scrollTop = 0;
  });
  await shot(page, 'panel');
  await page.setViewportSize(PHONE);
  await shot(page, 'panel-phone');
  await page.setViewportSize(DESKTOP);
  await page.getByTestId('replies').first().click();
  await page.getByTestId('action-fix.review').first().waitFor();
  const finding = page.getByTestId('thread-messages').getByTestId('message').nth(1);
  await finding.evaluate((message) => message.scrollIntoView({ block: 'start' }));
  await shot(page, 'war-room');
}

/** One person asks, another approves. */
async function repaired({ world, page, room }: Scene): Promise<void> {
  const { control } = world.workspace;
  await page.getByTestId('action-fix.review').first().click();
  await page.getByTestId('modal-submit').waitFor({ timeout: 60 * SECONDS });
  await shot(page, 'review');
  await page.getByTestId('modal-submit').click();
  await page.getByTestId('modal-close').click();
  await page.getByTestId('action-fix.approve').waitFor({ timeout: 30 * SECONDS });

  await actAs(page, 'grace');
  await waitForHome(control, PEOPLE.grace.id, 'waits for you');
  await page.getByTestId('app-home').click();
  await page.getByTestId('home').getByText('waits for you').first().waitFor();
  await shot(page, 'home');

  await page.getByTestId(`channel-${room.name}`).click();
  await page.getByTestId('replies').first().click();
  await page.getByTestId('action-fix.approve').click();
  await page.getByTestId('confirm-yes').click();
  await control.waitForMessage(room.id, (m) => textOf(m).includes('After:'), 60 * SECONDS);
  await page.getByTestId('thread-messages').getByText('After:').first().waitFor();
  await shot(page, 'fixed');
}

/** A question in a channel, outside of an incident. */
async function asked({ world, page }: Scene): Promise<void> {
  const { control } = world.workspace;
  await page.getByTestId('channel-general').click();
  const command = `disk host-17 mount=${world.fault.mount}`;
  await control.slash(PEOPLE.grace.id, '#general', '/diag', command);
  await control.waitForMessage('#general', (m) => m.edited !== undefined, 30 * SECONDS);
  await shot(page, 'diag');
}

/** What is left of it: the transcript, as a browser shows the file. */
async function closed({ world, page, room }: Scene): Promise<void> {
  const { control } = world.workspace;
  const { id } = PEOPLE.ada;
  await control.slash(id, room.id, '/incident', 'resolve the log was emptied and is reopened');
  await control.waitForMessage(
    room.id,
    (m) => textOf(m).includes('Resolved by') && isSettled(textOf(m)),
    60 * SECONDS,
  );
  await control.slash(id, room.id, '/incident', 'close');
  const line = await control.waitForMessage(
    '#incidents',
    (m) => textOf(m).includes('audit chain head'),
    60 * SECONDS,
  );
  const [, directory = ''] = /archive (\S+) · /.exec(textOf(line)) ?? [];
  await page.goto(pathToFileURL(path.join(directory, 'transcript.html')).href);
  await shot(page, 'transcript');
}

async function shot(page: Page, name: string): Promise<void> {
  // No tools of a message below the mouse; toasts, spinners and scrolling have their end.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400);
  await page.screenshot({ path: path.join(IMAGES, `${name}.png`), animations: 'disabled' });
  say(`docs/images/${name}.png`);
}

function hasAction(message: { blocks: readonly unknown[] }, action: string): boolean {
  return JSON.stringify(message.blocks).includes(`"${action}"`);
}

function isSettled(text: string): boolean {
  return !text.includes('looking…');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function actAs(page: Page, name: string): Promise<void> {
  await page.getByTestId('acting-as').first().click();
  await page.getByTestId(`act-as-${name}`).click();
}

await main();
