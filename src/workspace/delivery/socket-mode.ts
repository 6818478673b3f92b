import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Ack } from '../context.ts';
import { type Json, parseJson, recordOf } from '../json.ts';

/** Slack's most for one app. */
export const MAX_SOCKETS = 10;
const TICKET_LIFE_MS = 30_000;

export interface Envelope {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: Json;
  readonly retryAttempt?: number;
  readonly retryReason?: string;
}

/** The server's side of Socket Mode. */
export interface SocketMode {
  /** The address for a new socket; good once, for 30 seconds. */
  urlFor(ticket: string, baseUrl: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Gives an envelope to one socket and waits for its ack. */
  ask(envelope: Envelope, timeoutMs: number): Promise<Ack>;
  /** Sockets that take envelopes. */
  count(): number;
  /** Asks the oldest sockets (default all) to reconnect; they get no envelope any more. */
  refresh(count?: number): number;
  /** Cuts the oldest sockets (default all) without a word. */
  kill(count?: number): number;
  close(): Promise<void>;
}

interface Link {
  readonly socket: WebSocket;
  readonly waiting: Map<string, (answer: Json | null) => void>;
  isRetired: boolean;
}

export function createSocketMode(appId: string, onChange: () => void): SocketMode {
  const server = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 });
  const tickets = new Map<string, number>();
  const links: Link[] = [];
  let turn = 0;

  const accept = (socket: WebSocket): void => {
    if (links.length >= MAX_SOCKETS) {
      send(socket, {
        type: 'disconnect',
        reason: 'too_many_websockets',
        debug_info: { host: 'workspace' },
      });
      socket.close(1008);
      return;
    }
    const link: Link = { socket, waiting: new Map(), isRetired: false };
    links.push(link);
    const ping = setInterval(() => socket.ping(), 10_000);
    socket.on('message', (data) => {
      const answer = recordOf(parseJson(Buffer.isBuffer(data) ? data.toString() : ''));
      link.waiting.get(String(answer['envelope_id']))?.(answer);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(ping);
      links.splice(links.indexOf(link), 1);
      for (const resolve of link.waiting.values()) resolve(null);
      onChange();
    });
    send(socket, {
      type: 'hello',
      num_connections: links.length,
      debug_info: { host: 'workspace', build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: appId },
    });
    onChange();
  };

  return {
    urlFor: (ticket, baseUrl) => {
      tickets.set(ticket, Date.now() + TICKET_LIFE_MS);
      return `${baseUrl.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade: (request, socket, head) => {
      const ticket =
        new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      const until = tickets.get(ticket) ?? 0;
      tickets.delete(ticket);
      if (until < Date.now()) socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      else server.handleUpgrade(request, socket, head, accept);
    },
    ask: (envelope, timeoutMs) => {
      const open = links.filter((link) => !link.isRetired && link.socket.readyState === 1);
      turn += 1;
      const link = open[turn % Math.max(1, open.length)];
      if (!link) return Promise.resolve({ ok: false, error: 'dispatch_failed', ms: 0 });
      return askLink(link, envelope, timeoutMs);
    },
    count: () => links.filter((link) => !link.isRetired).length,
    refresh: (count = links.length) => {
      const old = links.filter((link) => !link.isRetired).slice(0, count);
      for (const link of old) {
        link.isRetired = true;
        send(link.socket, {
          type: 'disconnect',
          reason: 'refresh_requested',
          debug_info: { host: 'workspace' },
        });
      }
      onChange();
      return old.length;
    },
    kill: (count = links.length) => {
      const old = links.slice(0, count);
      for (const link of old) link.socket.terminate();
      return old.length;
    },
    close: async () => {
      const open = links.slice();
      for (const link of open) link.socket.close(1001);
      // A client that does not answer the close frame is cut.
      for (let wait = 0; wait < 10 && links.length > 0; wait += 1) await sleep(20);
      for (const link of open) link.socket.terminate();
      server.close();
    },
  };
}

function askLink(link: Link, envelope: Envelope, timeoutMs: number): Promise<Ack> {
  const id = randomUUID();
  const started = Date.now();
  return new Promise((resolve) => {
    const finish = (answer: Json | null): void => {
      clearTimeout(timer);
      link.waiting.delete(id);
      const ms = Date.now() - started;
      if (answer === null) resolve({ ok: false, error: 'operation_timeout', ms });
      else resolve({ ok: true, payload: recordOf(answer['payload']), ms });
    };
    const timer = setTimeout(() => finish(null), timeoutMs);
    link.waiting.set(id, finish);
    const isEvent = envelope.type === 'events_api';
    send(link.socket, {
      envelope_id: id,
      type: envelope.type,
      accepts_response_payload: !isEvent,
      payload: envelope.payload,
      ...(isEvent
        ? { retry_attempt: envelope.retryAttempt ?? 0, retry_reason: envelope.retryReason ?? '' }
        : {}),
    });
  });
}

function send(socket: WebSocket, message: Json): void {
  socket.send(JSON.stringify(message));
}
