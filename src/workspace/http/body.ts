import type { IncomingMessage } from 'node:http';
import { isRecord, type Json, parseJson } from '../json.ts';

/** The body is larger than this path takes. */
export class BodyTooLarge extends Error {}

export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += part.length;
    if (size > limitBytes) throw new BodyTooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** Arguments of a Web API call: the query, and a form, multipart or JSON body. */
export async function readArguments(request: IncomingMessage, limitBytes: number): Promise<Json> {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const args: Json = Object.fromEntries(query);
  const body = await readBody(request, limitBytes);
  if (body.length === 0) return args;
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) {
    const value = parseJson(body.toString());
    return isRecord(value) ? { ...args, ...value } : args;
  }
  if (type.startsWith('multipart/form-data'))
    return { ...args, ...(await readMultipart(body, type)) };
  return { ...args, ...Object.fromEntries(new URLSearchParams(body.toString())) };
}

/** Fields as text, files as buffers. A body that is no multipart gives nothing. */
export async function readMultipart(body: Buffer, type: string): Promise<Json> {
  const fields: Json = {};
  try {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': type },
    }).formData();
    for (const [key, value] of form)
      fields[key] = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer());
  } catch {
    return {};
  }
  return fields;
}
