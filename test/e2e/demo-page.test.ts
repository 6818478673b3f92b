import { statfsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type DemoWorld, startWorld } from '../../src/app/demo/world.ts';
import { createSilentLog } from '../support/silent-log.ts';
import { afterwards, newTab, reason as noPage } from '../support/workspace-page.ts';

const MIB = 1024 * 1024;

/** Without root there is no file system of its own, and so nothing whose space could come back. */
const reason =
  noPage ?? (process.getuid?.() === 0 ? null : 'root is needed to mount a small file system');
if (reason !== null) console.warn(`the demo is not played in a browser: ${reason}`);

describe.skipIf(reason !== null)('a stranger in the demo', () => {
  test('asks about a disk, reads why it is full, requests the fix, has it approved, and has the space back', async (context) => {
    const world = await startWorld({ log: createSilentLog(), say: () => {} });
    afterwards(() => world.stop());
    // A container without loop devices: makeFault falls back to a plain folder.
    if (!world.fault.ownFileSystem) {
      console.warn('the demo is not played in a browser: no loop device could be mounted');
      context.skip('no loop device could be mounted');
    }
    const { mount } = world.fault;
    expect(freeMib(mount)).toBeLessThan(5);

    const page = await open(world);
    await actAs(page, 'ada');
    await page.getByTestId('channel-general').click();
    await page.getByTestId('composer').fill(`/diag disk host-17 mount=${mount}`);
    await page.getByTestId('composer').press('Enter');
    const answer = page.getByTestId('message').filter({ hasText: '100 % full' }).first();
    await answer.waitFor({ timeout: 30_000 });
    await expect.poll(() => answer.textContent()).toContain('held by a deleted file');
    await expect.poll(() => answer.textContent()).toContain(`orders-api (pid ${world.fault.pid})`);

    await answer.getByTestId('action-fix.review').click();
    await page.getByTestId('modal-submit').waitFor({ timeout: 30_000 });
    expect(await page.getByTestId('modal').textContent()).toContain(`: > /proc/${world.fault.pid}`);
    await page.getByTestId('modal-submit').click();
    await page.getByTestId('modal-close').click();

    await actAs(page, 'grace');
    await page.getByTestId('replies').first().click();
    await page.getByTestId('action-fix.approve').click();
    expect(freeMib(mount)).toBeLessThan(5);
    await page.getByTestId('confirm-yes').click();
    const thread = page.getByTestId('thread-messages');
    await thread.getByText('Fixed: truncate-deleted-file on host-17').first().waitFor({
      timeout: 30_000,
    });
    const told = await thread.textContent();
    expect(told).toMatch(/Before: ?8\d(\.\d)? MB on disk/);
    expect(told).toMatch(/After: ?\d+(\.\d)? (k?B) on disk/);
    expect(freeMib(mount)).toBeGreaterThan(60);
  });
});

async function open(world: DemoWorld): Promise<Page> {
  const page = await newTab();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  afterwards(async () => {
    await page.close();
    expect(errors).toEqual([]);
  });
  await page.goto(world.workspace.pageUrl);
  return page;
}

async function actAs(page: Page, name: string): Promise<void> {
  await page.getByTestId('acting-as').first().click();
  await page.getByTestId(`act-as-${name}`).click();
}

/** What a process without privilege may still write there. */
function freeMib(mount: string): number {
  const { bavail, bsize } = statfsSync(mount);
  return (bavail * bsize) / MIB;
}
