import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { replyText, SAFE_HEADERS } from './http/reply.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The page (with the token) and its scripts and styles, which hold no secret. */
export function servePage(
  asked: { readonly pathname: string; readonly isPerson: boolean },
  response: ServerResponse,
): void {
  const { pathname, isPerson } = asked;
  const name =
    pathname === '/' ? 'index.html' : /^\/page\/([a-z-]+\.(?:css|js|svg))$/.exec(pathname)?.[1];
  if (name === undefined) return replyText(response, 404, 'There is nothing here.');
  if (name === 'index.html' && !isPerson)
    return replyText(
      response,
      403,
      'Open the address with the token, as the workspace printed it.',
    );
  try {
    const content = readFileSync(new URL(`./page/${name}`, import.meta.url));
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    response.writeHead(200, {
      ...SAFE_HEADERS,
      'content-type': type,
      'content-security-policy': POLICY,
    });
    response.end(content);
  } catch {
    replyText(response, 404, 'There is nothing here.');
  }
}
