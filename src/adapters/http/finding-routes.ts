import type { FastifyInstance } from 'fastify';
import type { Document } from '../../core/document/document.ts';
import { documentHtml } from './document-html.ts';

/** What `/findings` serves: the same texts for everybody, nothing of any host. */
export interface FindingPages {
  readonly codes: readonly string[];
  readonly page: (code: string) => Document | null;
}

/** `/findings` and `/findings/<code>`: what a finding means. No scripts, no state, no login. */
export function findingRoutes({ codes, page }: FindingPages) {
  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onSend', async (_, reply) => {
      reply.header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      );
    });
    app.get('/findings', async (_, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .send(documentHtml('Findings', index(codes, page), null)),
    );
    app.get<{ Params: { code: string } }>('/findings/:code', async (request, reply) => {
      const { code } = request.params;
      const document = page(code);
      if (document === null) return reply.code(404).send({ error: 'there is no such finding' });
      return reply.type('text/html; charset=utf-8').send(documentHtml(code, document, '/findings'));
    });
  };
}

function index(codes: readonly string[], page: FindingPages['page']): Document {
  const items = codes.map((code) => [
    { link: `/findings/${code}`, text: code },
    page(code)?.summary.slice(code.length) ?? '',
  ]);
  return { summary: 'Findings', blocks: [{ kind: 'list', items }] };
}
