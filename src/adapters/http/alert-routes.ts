import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AlertSource } from '../../alerts/contract.ts';
import { HousecallError } from '../../core/errors.ts';
import type { HttpOptions } from './http-options.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

type AlertOptions = NonNullable<HttpOptions['alerts']>;

interface Mounted {
  readonly source: AlertSource;
  readonly secrets: readonly string[];
  readonly bucket: TokenBucket;
}

/** Each is stored and no more, which takes milliseconds; what piled up in an outage must drain. */
const RATE = { perSecond: 50, burst: 500 };

/** `POST /alerts/<source>` for every source that has a secret. */
export function alertRoutes(options: HttpOptions, alerts: AlertOptions) {
  const mounted = mount(alerts);
  return async (app: FastifyInstance): Promise<void> => {
    app.post<{ Params: { source: string } }>('/alerts/:source', {
      // Before the body is read: nobody makes us read a megabyte for a source that is not there.
      onRequest: async (request, reply) => {
        if (!mounted.has(request.params.source)) return notFound(reply);
        const { 'content-type': type = '' } = request.headers;
        if (!/^application\/json[ \t]*(?:;.*)?$/i.test(type)) {
          return reply.code(415).send({ error: 'the content type must be application/json' });
        }
        return undefined;
      },
      // A sender does not repeat what was too large, so its alerts are lost: somebody must hear of it.
      errorHandler: (error, request, reply) => {
        if (error.statusCode === 413) {
          const { source } = request.params;
          options.count('housecall_alerts_received_total', { source, outcome: 'too-large' });
          options.log.error({ source, ip: request.ip }, 'alert webhook refused: body too large');
        }
        void reply.send(error);
      },
      handler: async (request, reply) => {
        const found = mounted.get(request.params.source);
        if (found === undefined) return notFound(reply);
        return receive(options, alerts, { found, request, reply });
      },
    });
  };
}

function mount(alerts: AlertOptions): ReadonlyMap<string, Mounted> {
  return new Map(
    alerts.sources.flatMap((source) => {
      const secrets = (alerts.secrets[source.id] ?? []).filter((secret) => secret !== '');
      const bucket = createTokenBucket(alerts.rate ?? RATE);
      return secrets.length === 0 ? [] : [[source.id, { source, secrets, bucket }] as const];
    }),
  );
}

async function receive(
  { log, count }: HttpOptions,
  alerts: AlertOptions,
  call: { found: Mounted; request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const { found, request, reply } = call;
  const { source, secrets, bucket } = found;
  const rawBody = utf8(request.body);
  if (rawBody === null) return reply.code(400).send({ error: 'the body is not UTF-8' });
  const headers = lowerCaseHeaders(request);
  // Only the real sender draws on the allowance: a stranger's flood must not use it up.
  const known = source.authentic({ headers, rawBody, now: new Date() }, secrets);
  const wait = known ? bucket.take() : 0;
  if (wait > 0) {
    count('housecall_alerts_received_total', { source: source.id, outcome: 'overload' });
    return busy(reply, wait, 'too many alerts at once');
  }
  try {
    const outcome = await alerts.receive({ source, secrets, headers, rawBody });
    if (outcome === 'refused') {
      log.warn(
        { source: source.id, ip: request.ip },
        'alert webhook refused: wrong or missing secret',
      );
      return reply.code(401).header('www-authenticate', source.challenge).send({
        error: 'wrong or missing secret',
      });
    }
    return reply.code(outcome === 'stored' ? 202 : 200).send({ status: outcome });
  } catch (error) {
    return failed(error, { source, log, reply });
  }
}

function failed(
  error: unknown,
  at: { source: AlertSource; log: HttpOptions['log']; reply: FastifyReply },
): FastifyReply {
  const { source, log, reply } = at;
  if (error instanceof HousecallError && error.code === 'DELIVERY_INVALID') {
    log.warn({ source: source.id, error: error.message }, 'alert webhook refused: not readable');
    return reply.code(400).send({ error: error.message });
  }
  // Whatever else went wrong, nothing was stored: the sender must try again, so never 4xx.
  log.error({ source: source.id, error }, 'alert webhook not stored');
  return busy(reply, 5, 'not stored, try again');
}

/** 503 and not 429: Alertmanager does not repeat what was answered 429. */
function busy(reply: FastifyReply, seconds: number, error: string): FastifyReply {
  return reply
    .code(503)
    .header('retry-after', String(Math.ceil(seconds)))
    .send({ error });
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'not found' });
}

function utf8(body: unknown): string | null {
  if (!(body instanceof Uint8Array)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

function lowerCaseHeaders(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
