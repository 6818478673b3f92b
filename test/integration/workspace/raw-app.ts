import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Workspace } from '../../../src/workspace/create-workspace.ts';
import { clientFor, closing } from './open-workspace.ts';

/** An app that keeps what it is sent and acknowledges with `answer`. */
export interface RawApp {
  readonly payloads: Record<string, unknown>[];
  answer: Record<string, unknown>;
}

/** Connects it over Socket Mode, without Bolt, to see payloads as they are. */
export async function openApp(workspace: Workspace): Promise<RawApp> {
  const { url = '' } = await clientFor(workspace, workspace.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  const app: RawApp = { payloads: [], answer: {} };
  const hello = once(socket, 'message');
  socket.on('message', (data: Buffer) => {
    const line = JSON.parse(data.toString()) as {
      envelope_id?: string;
      payload?: Record<string, unknown>;
    };
    if (line.envelope_id === undefined || !line.payload) return;
    app.payloads.push(line.payload);
    socket.send(JSON.stringify({ envelope_id: line.envelope_id, payload: app.answer }));
  });
  closing({ close: async () => socket.terminate() });
  await hello;
  return app;
}
