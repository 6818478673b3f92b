import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Workspace } from '../../../src/workspace/create-workspace.ts';
import { clientFor, closing, openWorkspace } from './open-workspace.ts';

interface Line {
  readonly type: string;
  readonly reason?: string;
  readonly envelope_id?: string;
  readonly retry_attempt?: number;
  readonly payload?: { readonly event_id?: string };
}

interface RawSocket {
  readonly socket: WebSocket;
  readonly lines: Line[];
}

/** A socket that answers nothing by itself. */
async function connect(
  workspace: Workspace,
  onLine?: (line: Line, socket: WebSocket) => void,
): Promise<RawSocket> {
  const { url = '' } = await clientFor(workspace, workspace.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  const lines: Line[] = [];
  socket.on('message', (data: Buffer) => {
    const line = JSON.parse(data.toString()) as Line;
    lines.push(line);
    onLine?.(line, socket);
  });
  closing({ close: async () => socket.terminate() });
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  return { socket, lines };
}

function acking(line: Line, socket: WebSocket): void {
  if (line.envelope_id !== undefined)
    socket.send(JSON.stringify({ envelope_id: line.envelope_id }));
}

test('each envelope goes to exactly one of the sockets', async () => {
  const { workspace } = await openWorkspace();
  const all = [await connect(workspace, acking), await connect(workspace, acking)];
  for (let round = 0; round < 6; round += 1)
    await workspace.control.slash('ada', 'incidents', '/diag');
  const got = all.map(({ lines }) => lines.filter((line) => line.type === 'slash_commands').length);
  expect(got.reduce((sum, count) => sum + count)).toBe(6);
  expect(Math.min(...got)).toBeGreaterThan(0);
});

test('the eleventh socket is sent away', async () => {
  const { workspace } = await openWorkspace();
  for (let count = 0; count < 10; count += 1) await connect(workspace);
  const { socket, lines } = await connect(workspace);
  expect(lines).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
  if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
  expect(workspace.control.sockets.count()).toBe(10);
});

test('a ticket is good for one socket', async () => {
  const { workspace } = await openWorkspace();
  const { url = '' } = await clientFor(workspace, workspace.appToken).apps.connections.open({});
  const first = new WebSocket(url);
  await once(first, 'open');
  const [error] = (await once(new WebSocket(url), 'error')) as [Error];
  expect(error.message).toContain('401');
  first.terminate();
});

test('a command nobody acknowledges ends in operation_timeout, without a retry', async () => {
  const { workspace } = await openWorkspace({ ackTimeoutMs: 60 });
  const { lines } = await connect(workspace);
  expect(await workspace.control.slash('ada', 'incidents', '/diag')).toMatchObject({
    ok: false,
    error: 'operation_timeout',
  });
  expect(lines.filter((line) => line.type === 'slash_commands')).toHaveLength(1);
});

test('without any socket a command fails at once', async () => {
  const { workspace } = await openWorkspace();
  const outcome = await workspace.control.slash('ada', 'incidents', '/diag');
  expect(outcome).toMatchObject({ ok: false, error: 'dispatch_failed' });
});

test('an event nobody acknowledges is sent again three times, with the same event id', async () => {
  const { workspace } = await openWorkspace({ ackTimeoutMs: 40, eventRetryDelaysMs: [0, 10, 10] });
  const { lines } = await connect(workspace);
  workspace.control.say('ada', 'incidents', 'hello');
  await workspace.control.idle();
  const events = lines.filter((line) => line.type === 'events_api');
  expect(events.map((line) => line.retry_attempt)).toEqual([0, 1, 2, 3]);
  expect(new Set(events.map((line) => line.payload?.event_id)).size).toBe(1);
});

test('a socket asked to refresh gets no envelope any more', async () => {
  const { workspace } = await openWorkspace();
  const old = await connect(workspace, acking);
  expect(workspace.control.sockets.refresh()).toBe(1);
  const fresh = await connect(workspace, acking);
  for (let round = 0; round < 3; round += 1)
    await workspace.control.slash('ada', 'incidents', '/diag');
  expect(fresh.lines.filter((line) => line.type === 'slash_commands')).toHaveLength(3);
  expect(old.lines).toMatchObject([
    { type: 'hello' },
    { type: 'disconnect', reason: 'refresh_requested' },
  ]);
});

test('a socket that is cut takes the command in flight with it', async () => {
  const { workspace } = await openWorkspace();
  await connect(workspace);
  const running = workspace.control.slash('ada', 'incidents', '/diag');
  expect(workspace.control.sockets.kill()).toBe(1);
  expect(await running).toMatchObject({ ok: false, error: 'operation_timeout' });
  await expect.poll(() => workspace.control.sockets.count()).toBe(0);
});

test('a message from the socket that is no ack harms nobody', async () => {
  const { workspace } = await openWorkspace();
  const { socket } = await connect(workspace, acking);
  socket.send('{not json');
  socket.send(JSON.stringify({ envelope_id: 'unknown' }));
  expect(await workspace.control.slash('ada', 'incidents', '/diag')).toMatchObject({ ok: true });
});
