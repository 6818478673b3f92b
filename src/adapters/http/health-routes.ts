import type { FastifyInstance } from 'fastify';
import type { Dependency, HttpOptions } from './http-options.ts';

/** A dependency that has not answered by then is not there. */
const CHECK_MS = 3_000;

/** `/healthz`: the process is alive. `/readyz`: it can do its work. `/metrics`. */
export function healthRoutes({ dependencies, metrics, log }: HttpOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/healthz', async () => ({ status: 'ok' }));
    app.get('/readyz', async (_, reply) => {
      const checked = await Promise.all(dependencies.map(checkOne));
      const reasons = Object.fromEntries(checked.filter(([, reason]) => reason !== null));
      if (Object.keys(reasons).length === 0) return { status: 'ready' };
      log.warn({ reasons }, 'not ready');
      return reply.code(503).send({ error: 'not ready', reasons });
    });
    app.get('/metrics', async (_, reply) => {
      const text = await metrics();
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
    });
  };
}

async function checkOne(dependency: Dependency): Promise<readonly [string, string | null]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, CHECK_MS, `no answer in ${CHECK_MS / 1000} s`);
  });
  // Why it failed goes to the log only: addresses and words of a library are not for strangers.
  const answer = dependency.check().catch(() => 'check failed');
  const reason = await Promise.race([answer, late]);
  clearTimeout(timer);
  return [dependency.name, reason];
}
