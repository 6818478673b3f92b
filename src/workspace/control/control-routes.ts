import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../context.ts';
import { BodyTooLarge, readBody } from '../http/body.ts';
import { replyJson, SAFE_HEADERS } from '../http/reply.ts';
import { entryOf, isRecord, type Json, parseJson } from '../json.ts';
import type { Change } from '../model.ts';
import type { RequestLog } from '../request-log.ts';
import { type Control, WorkspaceError } from './control.ts';
import { seenChannel, seenMessage, seenView } from './look.ts';
import { createVerbs } from './verbs.ts';

const CONTROL_BYTES = 1024 * 1024;

/** `POST /control/<verb>` with a JSON object; the caller has checked the token. */
export interface ControlRoutes {
  handle(request: IncomingMessage, response: ServerResponse, verb: string): Promise<void>;
  close(): void;
}

export function createControlRoutes(
  context: Context,
  control: Control,
  log: RequestLog,
): ControlRoutes {
  const streams = new Set<ServerResponse>();
  const verbs = createVerbs(control, log);
  return {
    handle: async (request, response, verb) => {
      if (verb === 'feed' && request.method === 'GET') {
        openFeed({ context, control }, response, streams);
        return;
      }
      const run = entryOf(verbs, verb);
      if (!run) return replyJson(response, 404, { ok: false, error: 'unknown_verb' });
      if (request.method !== 'POST')
        return replyJson(response, 405, { ok: false, error: 'post_only' });
      try {
        const body = parseJson((await readBody(request, CONTROL_BYTES)).toString() || '{}');
        if (!isRecord(body)) return replyJson(response, 400, { ok: false, error: 'invalid_json' });
        replyJson(response, 200, { ok: true, result: (await run(body)) ?? null });
      } catch (error) {
        if (error instanceof BodyTooLarge) throw error;
        const code = error instanceof WorkspaceError ? error.code : 'failed';
        const message = error instanceof Error ? error.message : String(error);
        replyJson(response, 400, { ok: false, error: code, message });
      }
    },
    close: () => {
      for (const stream of streams) stream.end();
    },
  };
}

interface FeedParts {
  readonly context: Context;
  readonly control: Control;
}

/** Server-sent events: first everything, then each change with what it is now. */
function openFeed(parts: FeedParts, response: ServerResponse, streams: Set<ServerResponse>): void {
  response.writeHead(200, { ...SAFE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  const send = (event: Json): void => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  send({ kind: 'snapshot', snapshot: parts.control.snapshot() });
  const unsubscribe = parts.control.subscribe((change) => send(described(parts, change)));
  const beat = setInterval(() => response.write(': still here\n\n'), 15_000);
  streams.add(response);
  response.on('close', () => {
    clearInterval(beat);
    unsubscribe();
    streams.delete(response);
  });
}

/** A change with the thing that changed. */
function described({ context, control }: FeedParts, change: Change): Json {
  const { state } = context;
  switch (change.kind) {
    case 'message': {
      const channel = state.channels.get(change.channel);
      const message = channel?.messages.find((one) => one.ts === change.ts);
      const root = channel?.messages.find((one) => one.ts === message?.threadTs);
      return {
        ...change,
        message: channel && message ? seenMessage(context, channel, message) : null,
        root: channel && root && root !== message ? seenMessage(context, channel, root) : null,
      };
    }
    case 'channel': {
      const channel = state.channels.get(change.channel);
      return { ...change, details: channel ? seenChannel(channel) : null };
    }
    case 'ephemeral':
      return { ...change, ephemeral: state.ephemerals.find((one) => one.ts === change.ts) ?? null };
    case 'views': {
      const views = [...state.views.values()].filter((view) => view.user === change.user);
      return { ...change, views: views.map((view) => seenView(context, view)) };
    }
    case 'connection': {
      const { connections, requestUrl } = control.snapshot();
      return { ...change, connections, requestUrl };
    }
    case 'message-removed':
    case 'ephemeral-removed':
    case 'request':
      return { ...change };
  }
}
