import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChartRenderer } from '../../src/adapters/charts/create-chart-renderer.ts';
import { transcriptHtml } from '../../src/core/incident/archive/transcript-html.ts';
import { emptyCase, reduceCase } from '../../src/core/incident/case.ts';
import { drawCharts } from '../../src/workflows/room/draw-charts.ts';
import { archiveStory } from '../support/archive-story.ts';
import { type Browser, noChromium, openChromium } from '../support/chromium.ts';
import { silentLog } from '../support/redis.ts';

const missing = noChromium();
if (missing !== null) process.stderr.write(`skipped: the transcript in a browser, ${missing}\n`);

const EXTRA = 5_000;

/** The transcript of a long incident, opened from disk as somebody would who got the archive. */
describe.skipIf(missing !== null)('transcript.html in a browser', () => {
  let directory: string;
  let address: string;
  let browser: Browser;
  let page: Page;
  let noise: string[];

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'housecall-page-'));
    const input = archiveStory(EXTRA);
    const state = input.records.reduce(reduceCase, emptyCase(''));
    const charts = await drawCharts({ charts: createChartRenderer(), log: silentLog }, state);
    const file = path.join(directory, 'transcript.html');
    await writeFile(file, transcriptHtml(input, charts));
    address = pathToFileURL(file).href;
    browser = await openChromium({});
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await page?.close();
    page = await browser.context.newPage();
    noise = [];
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(String(error)));
    page.on('dialog', (dialog) => {
      noise.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== address) noise.push(`request ${request.url()}`);
    });
    await page.goto(address);
  });

  const visible = (selector: string): Promise<number> =>
    page.locator(selector).filter({ visible: true }).count();

  it('opens with the answer, asks nobody and complains about nothing', async () => {
    expect(await page.title()).toBe('Incident 20261120-7: disk usage above 75 % on host-17');
    const text = await page.locator('.answer').innerText();
    expect(text).toContain('/var/lib/docker is 93 % full');
    expect(text).toContain('approved by Bob <script>');
    expect(await page.locator('.plot svg').count()).toBe(3);
    expect(noise).toEqual([]);
  });

  it('shows what a stranger wrote as text', async () => {
    const message = page.locator('article.message', { hasText: 'it is the log' });
    expect(await message.locator('.text').first().textContent()).toContain(
      'it is the log </script><script>alert(1)</script><img src=x onerror=alert(2)>',
    );
    expect(await page.locator('img').count()).toBe(0);
    expect(noise).toEqual([]);
  });

  it('searches messages and findings, also in folded threads', async () => {
    const all = await page.locator('.item').count();
    await page.fill('#search', 'nothing was deployed');
    await expect.poll(() => page.locator('#count').textContent()).toBe(`1 of ${all}`);
    expect(await visible('article.message')).toBe(1);
    await page.fill('#search', 'PORTS billing-api');
    await expect.poll(() => visible('article.finding')).toBe(2);
    expect(await visible('article.message')).toBe(0);
    await page.fill('#search', 'nobody said this');
    await expect.poll(() => page.locator('#count').textContent()).toBe(`0 of ${all}`);
    await page.fill('#search', '');
    await expect.poll(() => page.locator('#count').textContent()).toBe('');
    expect(await page.locator('.item[hidden]').count()).toBe(0);
    expect(noise).toEqual([]);
  });

  it('leads from the timeline to the message, also in a folded thread', async () => {
    await page.locator('.timeline a', { hasText: 'it is the log' }).click();
    await expect.poll(() => page.locator('article.message:target').innerText()).toContain('Ada');
    const reply = page.locator('.thread article').first();
    expect(await reply.isVisible()).toBe(false);
    const id = await reply.getAttribute('id');
    await page.evaluate(`location.hash = '#${id}'`);
    await expect.poll(() => reply.isVisible()).toBe(true);
  });

  it('unfolds and folds everything', async () => {
    const open = (): Promise<number> => page.locator('details[open]').count();
    const folds = await page.locator('details').count();
    await page.locator('#fold').click();
    await expect.poll(open).toBe(folds);
    await page.locator('#fold').click();
    await expect.poll(open).toBe(0);
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(390);
  });

  it('is dark where the machine is, and light on paper', async () => {
    const background = (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe('rgb(21, 24, 28)');
    const ink = await page.evaluate(`getComputedStyle(document.querySelector('.plot text')).fill`);
    expect(ink).toBe('rgb(231, 233, 236)');
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect(await page.locator('.bar').isVisible()).toBe(false);
    expect(await page.pdf()).toBeInstanceOf(Buffer);
  });

  it('is whole without its script', async () => {
    const bare = await browser.context.newPage();
    const session = await browser.context.newCDPSession(bare);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    await bare.goto(address);
    expect(await bare.locator('article.message').count()).toBe(EXTRA + 8);
    expect(await bare.locator('.tools').isVisible()).toBe(false);
    await bare.locator('.thread summary').first().click();
    expect(await bare.locator('.thread article').first().isVisible()).toBe(true);
    await bare.close();
  });
});
