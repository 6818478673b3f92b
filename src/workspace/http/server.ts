import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Context } from '../context.ts';
import type { ControlRoutes } from '../control/control-routes.ts';
import type { SocketMode } from '../delivery/socket-mode.ts';
import { servePage } from '../page.ts';
import type { AppRoutes } from './app-routes.ts';
import { BodyTooLarge } from './body.ts';
import { bearerOf, isSameSecret, refusedBy } from './guard.ts';
import { replyText, SAFE_HEADERS } from './reply.ts';

export interface ServerParts {
  readonly context: Context;
  readonly app: AppRoutes;
  readonly control: ControlRoutes;
  readonly sockets: SocketMode;
  readonly pageToken: string;
  readonly botToken: string;
}

/** The one server: Web API, Socket Mode, control and page. Bound to 127.0.0.1, whatever is asked. */
export async function listen(parts: ServerParts, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    handle(parts, request, response, portOf(server)).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      if (error instanceof BodyTooLarge) {
        response.setHeader('connection', 'close');
        return replyText(response, 413, 'The body is too large.');
      }
      replyText(response, 500, `The workspace has a bug: ${String(error)}`);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    // A client that goes away in the middle of the handshake is nobody's crash.
    socket.on('error', () => socket.destroy());
    const isSocket = (request.url ?? '').startsWith('/link/');
    if (isSocket && refusedBy(request, portOf(server)) === null)
      parts.sockets.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

async function handle(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
): Promise<void> {
  const refused = refusedBy(request, port);
  if (refused !== null)
    return replyText(response, refused, 'This server answers its own machine only.');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, area = '', ...rest] = pathname.split('/');
  const path = rest.join('/');
  const isPost = request.method === 'POST';
  if (area === 'api' && (isPost || request.method === 'GET'))
    return parts.app.api(request, response, path);
  if (area === 'upload' && isPost) return parts.app.upload(request, response, path);
  if (area === 'response' && isPost) return parts.app.responseUrl(request, response, path);
  const given = bearerOf(request) || (searchParams.get('token') ?? '');
  const isPerson = isSameSecret(given, parts.pageToken);
  if (area === 'files' && request.method === 'GET') {
    if (isPerson) return serveFile(parts, response, path);
    const isBot = isSameSecret(bearerOf(request), parts.botToken);
    if (isBot && parts.context.scopes.includes('files:read'))
      return serveFile(parts, response, path);
    // As Slack does to whoever may not read it: to the login page.
    response.writeHead(302, {
      ...SAFE_HEADERS,
      location: `/?redir=${encodeURIComponent(pathname)}`,
    });
    response.end();
    return;
  }
  if (area === 'control') {
    // A query ends up in logs and histories: here the token comes in a header.
    if (!isSameSecret(bearerOf(request), parts.pageToken))
      return replyText(response, 403, 'The token of the page is needed.');
    return parts.control.handle(request, response, path);
  }
  if (request.method === 'GET') return servePage({ pathname, isPerson }, response);
  return replyText(response, 404, 'There is nothing here.');
}

function serveFile(parts: ServerParts, response: ServerResponse, id: string): void {
  const file = parts.context.state.files.get(id);
  if (!file?.completed || !file.content) return replyText(response, 404, 'No such file.');
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'content-type': isPng(file.content) ? 'image/png' : 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  });
  response.end(file.content);
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** The one kind of file that the page shows. */
function isPng(content: Buffer): boolean {
  return content.subarray(0, PNG.length).equals(PNG);
}
