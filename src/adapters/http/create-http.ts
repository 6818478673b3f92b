import { createServer, type RequestListener, type Server } from 'node:http';
import { fastify } from 'fastify';
import { HousecallError } from '../../core/errors.ts';
import { alertRoutes } from './alert-routes.ts';
import { findingRoutes } from './finding-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { BODY_LIMIT, type HttpOptions } from './http-options.ts';

export interface HttpEdge {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** Stops listening, lets running requests end (at most `graceMs`), then cuts. Safe to call twice. */
  close(graceMs?: number): Promise<void>;
}

/** So many connections at once; more are dropped, which senders repeat. */
const MAX_CONNECTIONS = 512;

/**
 * The one HTTP server: alert webhooks, Slack's events, health and metrics. Clients are told what is
 * wrong with their request and nothing about us: no versions, no stack traces.
 * @throws HousecallError CONFIG_INVALID when the address cannot be bound.
 */
export async function createHttp(options: HttpOptions): Promise<HttpEdge> {
  const { log } = options;
  let server: Server | undefined;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    // The limit of the request line is enough; a shorter one would answer 414 by itself.
    routerOptions: { maxParamLength: 16_384 },
    // Addresses that cannot be decoded: fastify's own answer would quote them and name itself.
    frameworkErrors: (_error, _request, reply) => {
      reply.hijack();
      reply.raw.writeHead(400, { 'content-type': 'application/json' });
      reply.raw.end('{"error":"bad request"}');
    },
    serverFactory: (handler) => {
      server = hardened(withSlack(options.slack, handler), options.timeouts ?? TIMEOUTS);
      return server;
    },
  });
  // Bytes, whatever they claim to be: signatures are over these.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not found' }));
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    const words = CLIENT_ERRORS.get(status);
    if (words !== undefined) return reply.code(status).send({ error: words });
    if (status >= 400 && status < 500) return reply.code(400).send({ error: 'bad request' });
    log.error(
      { method: request.method, route: request.routeOptions.url ?? '', error },
      'http: failed',
    );
    return reply.code(500).send({ error: 'internal error' });
  });
  app.addHook('onSend', async (_, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  await app.register(healthRoutes(options));
  if (options.findings !== undefined) await app.register(findingRoutes(options.findings));
  if (options.alerts !== undefined) await app.register(alertRoutes(options, options.alerts));
  const address = await app
    .listen({ host: options.host, port: options.port })
    .catch((error: unknown) => {
      throw new HousecallError(
        'CONFIG_INVALID',
        `http: cannot listen on ${options.host}:${options.port}: ${reasonOf(error)}`,
        { cause: error, context: { key: 'http.port' } },
      );
    });
  let closed: Promise<void> | undefined;
  return {
    address,
    close(graceMs = 5_000) {
      closed ??= closeSoon(app.close(), server, graceMs);
      return closed;
    },
  };
}

const CLIENT_ERRORS: ReadonlyMap<number, string> = new Map([
  [404, 'not found'],
  [413, `the body is larger than ${BODY_LIMIT / 1024 / 1024} MiB`],
  [414, 'the address is too long'],
  [415, 'the content type must be application/json'],
]);

const TIMEOUTS = { headersMs: 10_000, requestMs: 30_000 };

/** A sender that drips its request is cut, however little it has still to say. */
function hardened(
  listener: RequestListener,
  { headersMs, requestMs }: NonNullable<HttpOptions['timeouts']>,
): Server {
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      // Node looks only this often; its default of 30 s would make 10 s mean 40.
      connectionsCheckingInterval: Math.min(2_000, headersMs),
      keepAliveTimeout: 5_000,
    },
    listener,
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.maxHeadersCount = 100;
  return server;
}

/** Bolt reads the raw request itself, so it must not pass through a body parser first. */
function withSlack(slack: RequestListener | undefined, next: RequestListener): RequestListener {
  if (slack === undefined) return next;
  return (request, response) => {
    const [path] = (request.url ?? '').split('?');
    if (path === '/slack/events') slack(request, response);
    else next(request, response);
  };
}

async function closeSoon(
  closing: PromiseLike<unknown>,
  server: Server | undefined,
  graceMs: number,
): Promise<void> {
  server?.closeIdleConnections();
  const timer = setTimeout(() => server?.closeAllConnections(), graceMs);
  try {
    await closing;
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE') return 'the port is in use';
  if (code === 'EACCES') return 'not permitted (ports below 1024 need privileges)';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address';
  return String(error);
}
