import { afterEach, describe, expect, it } from 'vitest';
import type { Document } from '../../src/core/document/document.ts';
import { diagnostics } from '../../src/diagnostics/registry.ts';
import { fixes } from '../../src/fixes/registry.ts';
import { findingCodes, findingPage } from '../../src/workflows/catalog/describe-finding.ts';
import { startHttpClient } from '../support/start-http.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const CATALOG = { diagnostics, fixes };

async function start(page = (code: string): Document | null => findingPage(CATALOG, code)) {
  const client = await startHttpClient({ findings: { codes: findingCodes(CATALOG), page } });
  stops.push(() => client.edge.close(0));
  return client;
}

describe('the pages of the findings', () => {
  it('say of every code what it means, how it is known and what to do', async () => {
    const { get } = await start();
    const index = await (await get('/findings')).text();
    for (const code of findingCodes(CATALOG)) {
      expect(index).toContain(`href="/findings/${code}"`);
      const answer = await get(`/findings/${code}`);
      const html = await answer.text();
      expect(answer.headers.get('content-type')).toContain('text/html');
      const parts = ['What it means', 'How it is known', 'What to do'];
      const missing = parts.filter((part) => !html.includes(`<h2>${part}</h2>`));
      expect({ code, missing }).toEqual({ code, missing: [] });
    }
  });

  it('tell what the fix does', async () => {
    const { get } = await start();
    const html = await (await get('/findings/disk.deleted-open-file')).text();
    expect(html).toContain('<code>truncate-deleted-file</code>');
  });

  it('answer 404 for a code that there is not', async () => {
    const { get } = await start();
    expect((await get('/findings/disk.nothing')).status).toBe(404);
    expect((await get('/findings/..%2f..%2fetc%2fpasswd')).status).toBe(404);
  });

  it('run nothing in the browser, whatever a text says', async () => {
    const evil = '<script>alert(1)</script>"\'&';
    const { get } = await start(() => ({
      summary: evil,
      blocks: [
        { kind: 'heading', text: evil },
        {
          kind: 'paragraph',
          content: [
            evil,
            { text: evil, style: 'code' },
            { link: 'javascript:alert(1)', text: evil },
          ],
        },
        { kind: 'table', header: [evil], rows: [[evil]] },
        { kind: 'list', items: [[{ link: `https://x.example/"${evil}`, text: 'x' }]] },
      ],
    }));
    const answer = await get('/findings/x');
    const html = await answer.text();
    expect(html).not.toContain('<script');
    expect(html).not.toContain('javascript:');
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(6);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('are not there where nobody serves them', async () => {
    const client = await startHttpClient();
    stops.push(() => client.edge.close(0));
    expect((await client.get('/findings')).status).toBe(404);
  });
});
