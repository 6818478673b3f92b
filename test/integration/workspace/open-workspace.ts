import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { afterEach } from 'vitest';
import { createWorkspace, type Workspace } from '../../../src/workspace/create-workspace.ts';
import type { WorkspaceOptions } from '../../../src/workspace/settings.ts';

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

/** Closes it after the test, last opened first. */
export function closing<T extends { close(): Promise<unknown> }>(thing: T): T {
  open.push(thing);
  return thing;
}

/** A workspace with the real web client, without retries, for one test. */
export async function openWorkspace(
  options: WorkspaceOptions = {},
): Promise<{ workspace: Workspace; client: WebClient }> {
  const workspace = closing(await createWorkspace({ rateLimits: 'off', ...options }));
  return { workspace, client: clientFor(workspace, workspace.botToken) };
}

/** Refusals are what these tests are about: nobody needs to read them. */
const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export function clientFor(workspace: Workspace, token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  });
}

/** What a Slack client throws for `{ok: false}`: the body. */
export async function refusalOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'data' in error) return error.data as Record<string, unknown>;
    throw error;
  }
  throw new Error('the call was not refused');
}

/** Just Slack's error code. */
export async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return (await refusalOf(call))['error'];
}

/** A list in an answer whose type says nothing of it. */
export function listIn(answer: object, key: string): readonly Record<string, unknown>[] {
  const list: unknown = Object.entries(answer).find(([name]) => name === key)?.[1];
  return Array.isArray(list) ? list : [];
}
