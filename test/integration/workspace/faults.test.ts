import { expect, test } from 'vitest';
import { errorOf, openWorkspace } from './open-workspace.ts';

const MESSAGE = { channel: 'C0INCIDENT', text: 'hello' };

test('a fault hits so many calls of its method and no others', async () => {
  const { workspace, client } = await openWorkspace({
    faults: [
      { method: 'chat.postMessage', kind: 'error', error: 'internal_error', count: 2, skip: 1 },
    ],
  });
  await client.chat.postMessage(MESSAGE);
  expect(await errorOf(client.chat.postMessage(MESSAGE))).toBe('internal_error');
  await client.auth.test();
  expect(await errorOf(client.chat.postMessage(MESSAGE))).toBe('internal_error');
  await client.chat.postMessage(MESSAGE);
  expect(workspace.control.messages('incidents')).toHaveLength(2);
});

test('a rate limit says how long to wait, and a 503 is a 503', async () => {
  const { workspace, client } = await openWorkspace();
  workspace.control.addFault({ method: /^chat\./, kind: 'rate-limit', retryAfterSeconds: 7 });
  await expect(client.chat.postMessage(MESSAGE)).rejects.toMatchObject({ retryAfter: 7 });
  workspace.control.addFault({ method: /^chat\./, kind: 'status', status: 503 });
  await expect(client.chat.postMessage(MESSAGE)).rejects.toMatchObject({ statusCode: 503 });
  expect(workspace.control.messages('incidents')).toEqual([]);
});

test('a reset before loses the message; a reset after has posted it', async () => {
  const { workspace, client } = await openWorkspace();
  workspace.control.addFault({ method: 'chat.postMessage', kind: 'reset-before' });
  await expect(client.chat.postMessage(MESSAGE)).rejects.toMatchObject({
    code: 'slack_webapi_request_error',
  });
  expect(workspace.control.messages('incidents')).toEqual([]);
  workspace.control.addFault({ method: 'chat.postMessage', kind: 'reset-after' });
  await expect(client.chat.postMessage(MESSAGE)).rejects.toMatchObject({
    code: 'slack_webapi_request_error',
  });
  expect(workspace.control.messages('incidents')).toHaveLength(1);
  expect(workspace.requestLog.map((entry) => entry.reset)).toEqual([true, true]);
});

test('a slow call is answered late', async () => {
  const { workspace, client } = await openWorkspace();
  workspace.control.addFault({ method: 'auth.test', kind: 'slow', ms: 120 });
  const started = performance.now();
  await client.auth.test();
  // Timers may fire a millisecond early.
  expect(performance.now() - started).toBeGreaterThan(115);
});

test('history can lag behind what was posted', async () => {
  const { workspace, client } = await openWorkspace();
  workspace.control.addFault({ method: 'chat.postMessage', kind: 'late-history', ms: 3_000 });
  await client.chat.postMessage(MESSAGE);
  const read = async (): Promise<number> =>
    (await client.conversations.history({ channel: 'C0INCIDENT' })).messages?.length ?? 0;
  expect(await read()).toBe(0);
  await expect.poll(read, { timeout: 20_000 }).toBe(1);
});
