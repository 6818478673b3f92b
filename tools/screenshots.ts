import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { createLog } from '../src/adapters/telemetry/create-log.ts';
import { type DemoWorld, PEOPLE, startWorld } from '../src/app/demo/world.ts';
import { openChromium } from '../test/support/chromium.ts';

/** `npm run screenshots`: plays the demo in a headless browser and takes the pictures of the documents. */
const IMAGES = path.resolve(import.meta.dirname, '../docs/images');

async function main(): Promise<void> {
  mkdirSync(IMAGES, { recursive: true });
  const world = await startWorld({ log: createLog({ level: 'error' }), say });
  const browser = await openChromium({ viewport: { width: 1440, height: 960 } });
  try {
    const page = await browser.context.newPage();
    await page.goto(world.workspace.pageUrl);
    await actAs(page, 'ada');
    await story(world, page);
  } finally {
    await browser.close();
    await world.stop();
  }
}

async function story(world: DemoWorld, page: Page): Promise<void> {
  const shot = async (name: string): Promise<void> => {
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(IMAGES, `${name}.png`) });
    process.stdout.write(`docs/images/${name}.png\n`);
  };
  const { control } = world.workspace;
  await world.postAlert();
  const room = await control.waitFor(
    () => control.channels().find((channel) => channel.name.startsWith('inc-')),
    30_000,
    'the room',
  );
  await control.waitForMessage(room.id, (m) => hasAction(m, 'fix.review'), 60_000);
  await page.getByTestId(`channel-${room.name}`).click();
  await page.getByTestId('replies').first().click();
  await page.getByTestId('action-fix.review').first().waitFor();
  await page.getByTestId('thread-messages').evaluate((list) => {
    list.scrollTop = 0;
  });
  await shot('war-room');

  await page.getByTestId('action-fix.review').first().click();
  await page.getByTestId('modal-submit').waitFor({ timeout: 60_000 });
  await shot('review');
  await page.getByTestId('modal-submit').click();
  await page.getByTestId('modal-close').click();
  await page.getByTestId('action-fix.approve').waitFor({ timeout: 30_000 });

  await actAs(page, 'grace');
  await page.getByTestId(`channel-${room.name}`).click();
  await page.getByTestId('replies').first().click();
  await page.getByTestId('action-fix.approve').click();
  await page.getByTestId('confirm-yes').click();
  await control.waitForMessage(room.id, (m) => JSON.stringify(m.blocks).includes('After:'), 60_000);
  await page.getByTestId('thread-messages').getByText('After:').first().waitFor();
  await shot('fixed');

  await page.getByTestId('channel-general').click();
  await control.slash(
    PEOPLE.grace.id,
    '#general',
    '/diag',
    `disk host-17 mount=${world.fault.mount}`,
  );
  await control.waitForMessage('#general', (m) => m.edited !== undefined, 30_000);
  await shot('diag');
}

function hasAction(message: { blocks: readonly unknown[] }, action: string): boolean {
  return JSON.stringify(message.blocks).includes(`"${action}"`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function actAs(page: Page, name: string): Promise<void> {
  await page.getByTestId('acting-as').first().click();
  await page.getByTestId(`act-as-${name}`).click();
}

await main();
