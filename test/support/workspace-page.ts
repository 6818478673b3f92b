import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { WebSocket } from 'ws';
import { createWorkspace, type Workspace } from '../../src/workspace/create-workspace.ts';
import type { WorkspaceOptions } from '../../src/workspace/settings.ts';
import { type Browser, noChromium, openChromium } from './chromium.ts';

/** Why the page cannot be tested here, or null. */
export const reason = noChromium();
if (reason !== null) console.warn(`the page of the workspace is not tested: ${reason}`);

export type Payload = Record<string, unknown>;

let browser: Browser;
const open: (() => Promise<unknown>)[] = [];

/** Closes it after the test, last opened first. */
export function afterwards(close: () => Promise<unknown>): void {
  open.push(close);
}

/** A new, empty tab. */
export async function newTab(): Promise<Page> {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(10_000);
  return page;
}

beforeAll(async () => {
  if (reason === null) browser = await openChromium({});
});

afterAll(async () => {
  await browser?.close();
});

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A workspace and its page in the browser, which must stay free of errors. */
export async function openPage(
  options: WorkspaceOptions = {},
  query = '',
): Promise<{ workspace: Workspace; page: Page }> {
  const workspace = await createWorkspace({ rateLimits: 'off', ...options });
  open.push(() => workspace.close());
  const page = await newTab();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  open.push(async () => {
    await page.close();
    expect(errors).toEqual([]);
  });
  await page.goto(workspace.pageUrl + query);
  await page.getByTestId('team').waitFor();
  return { workspace, page };
}

/** A connected app that keeps payloads and answers with what `answer` gives; null: not at all. */
export async function connectApp(
  workspace: Workspace,
  answer: (payload: Payload) => Payload | null,
): Promise<Payload[]> {
  const opened = await call(workspace, 'apps.connections.open', {}, workspace.appToken);
  const socket = new WebSocket(String(opened['url']));
  const payloads: Payload[] = [];
  socket.on('message', (data: Buffer) => {
    const line = JSON.parse(data.toString()) as { envelope_id?: string; payload?: Payload };
    if (line.envelope_id === undefined || !line.payload) return;
    payloads.push(line.payload);
    const payload = answer(line.payload);
    if (payload) socket.send(JSON.stringify({ envelope_id: line.envelope_id, payload }));
  });
  await workspace.control.waitFor(() => workspace.control.sockets.count() > 0);
  open.push(async () => socket.terminate());
  return payloads;
}

export async function call(
  workspace: Workspace,
  method: string,
  args: Payload,
  token = workspace.botToken,
): Promise<Payload> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(workspace.apiUrl + method, {
    method: 'POST',
    headers,
    body: JSON.stringify(args),
  });
  const answer = (await response.json()) as Payload;
  expect(answer).toMatchObject({ ok: true });
  return answer;
}

export const plain = (text: string): Payload => ({ type: 'plain_text', text });
export const button = (actionId: string, text: string, extra: Payload = {}): Payload => ({
  type: 'button',
  action_id: actionId,
  value: `${actionId}-value`,
  text: plain(text),
  ...extra,
});
export const post = (workspace: Workspace, args: Payload): Promise<Payload> =>
  call(workspace, 'chat.postMessage', { channel: 'C0INCIDENT', text: 'fallback', ...args });
