import type { IncomingMessage, ServerResponse } from 'node:http';
import { respond } from '../interactivity/respond.ts';
import type { Json } from '../json.ts';
import { isRecord, parseJson } from '../json.ts';
import type { RequestLog } from '../request-log.ts';
import { type Dispatcher, dispatch } from '../web-api/dispatch.ts';
import { readArguments, readBody, readMultipart } from './body.ts';
import { bearerOf } from './guard.ts';
import { replyJson, replyText } from './reply.ts';

const API_BYTES = 4 * 1024 * 1024;
const UPLOAD_BYTES = 64 * 1024 * 1024;

/** What the app calls: the Web API, upload addresses and response_urls. */
export interface AppRoutes {
  api(request: IncomingMessage, response: ServerResponse, method: string): Promise<void>;
  upload(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  responseUrl(request: IncomingMessage, response: ServerResponse, secret: string): Promise<void>;
}

export function createAppRoutes(api: Dispatcher, log: RequestLog): AppRoutes {
  const { context } = api;
  const record = (entry: Parameters<RequestLog['add']>[0]): void => {
    context.publish({ kind: 'request', id: log.add(entry).id });
  };
  return {
    api: async (request, response, method) => {
      const started = context.now();
      const { token: inBody, ...args } = await readArguments(request, API_BYTES);
      const token = bearerOf(request) || (typeof inBody === 'string' ? inBody : '');
      const answer = await dispatch(api, { method, args, token });
      const { status, body, reset } = answer;
      const error = typeof body['error'] === 'string' ? { error: body['error'] } : {};
      const ms = context.now() - started;
      record({
        method,
        args: readable(args),
        status,
        ok: body['ok'] === true,
        ...error,
        reset,
        ms,
      });
      if (reset) request.socket.destroy();
      else replyJson(response, status, body, answer.headers);
    },
    upload: async (request, response, path) => {
      const [id = '', secret = ''] = path.split('/');
      const file = context.state.files.get(id);
      const body = await readBody(request, UPLOAD_BYTES);
      const type = request.headers['content-type'] ?? '';
      const fields = type.startsWith('multipart/') ? await readMultipart(body, type) : { body };
      const content = Object.values(fields).find((value) => Buffer.isBuffer(value)) ?? body;
      const isKnown = file !== undefined && file.uploadSecret === secret && !file.content;
      const status = !isKnown ? 404 : content.length === file.length ? 200 : 400;
      if (status === 200 && file) file.content = content;
      record({
        method: 'upload',
        args: { file: id },
        status,
        ok: status === 200,
        reset: false,
        ms: 0,
      });
      replyText(response, status, status === 200 ? `OK - ${content.length}` : 'upload failed');
    },
    responseUrl: async (request, response, secret) => {
      const text = (await readBody(request, API_BYTES)).toString();
      const target = context.responseUrls.take(secret);
      const value = parseJson(text);
      const args = isRecord(value) ? value : {};
      const error = 'error' in target ? target.error : respond(context, target, args).error;
      const status = error === null ? 200 : 'error' in target ? 404 : 400;
      const failure = error === null ? {} : { error };
      record({
        method: 'response_url',
        args,
        status,
        ok: error === null,
        ...failure,
        reset: false,
        ms: 0,
      });
      if (error === null) replyText(response, 200, 'ok');
      else replyJson(response, status, { ok: false, error });
    },
  };
}

/** Arguments as the caller meant them: JSON texts parsed, bytes as their length. */
function readable(args: Json): Json {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => {
      if (Buffer.isBuffer(value)) return [key, `${value.length} bytes`];
      if (typeof value !== 'string' || !/^[[{]/.test(value)) return [key, value];
      return [key, parseJson(value) ?? value];
    }),
  );
}
