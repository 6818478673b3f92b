import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArchiveSink } from '../../src/archives/contract.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array | null): string | null =>
  body === null ? null : new TextDecoder().decode(body);
const mediaType = 'application/json';

/** What every archive sink promises, run on the fake and on real ones. */
export function archiveSinkContract(
  make: () => Promise<{ sink: ArchiveSink; cleanUp: () => Promise<void> }>,
): void {
  let sink: ArchiveSink;
  let cleanUp: () => Promise<void>;
  beforeEach(async () => {
    ({ sink, cleanUp } = await make());
  });
  afterEach(async () => {
    await sink.close();
    await cleanUp();
  });

  it('gives back exactly the bytes it was given, with their hash and place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (body) => {
        const key = '2026/11/20261120-7/incident.json';
        const receipt = await sink.put({ key, mediaType, body });
        expect(receipt.sha256).toBe(createHash('sha256').update(body).digest('hex'));
        expect(receipt.location).toContain(key);
        expect(Buffer.from((await sink.get(key)) ?? bytes('none')).equals(body)).toBe(true);
      }),
      // What is empty takes the place of what was not.
      { numRuns: 20, examples: [[bytes('x')], [new Uint8Array()]] },
    );
  });

  it('has nothing under a key that was never put', async () => {
    expect(await sink.get('2026/11/20261120-8/incident.json')).toBeNull();
    await sink.put({ key: 'a/b', mediaType, body: bytes('x') });
    expect(await sink.get('a/b/c')).toBeNull();
  });

  it('may be given the same record again, and keeps the last one', async () => {
    const key = 'a/b.json';
    const first = await sink.put({ key, mediaType, body: bytes('one') });
    expect(await sink.put({ key, mediaType, body: bytes('one') })).toEqual(first);
    await sink.put({ key, mediaType, body: bytes('two') });
    expect(text(await sink.get(key))).toBe('two');
  });

  it('keeps whole one of several records written at once', async () => {
    const bodies = Array.from({ length: 8 }, (_, i) => String(i).repeat(50_000));
    await Promise.all(bodies.map((body) => sink.put({ key: 'a/b', mediaType, body: bytes(body) })));
    expect(bodies).toContain(text(await sink.get('a/b')));
  });

  it('says that it can be written to', async () => {
    await expect(sink.probe()).resolves.toBeUndefined();
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a/./b',
    'a//b',
    'a/',
    '.hidden',
    'a\\b',
    'a\0b',
    'a\nb',
    '~',
    `a/${'x'.repeat(300)}`,
  ])('refuses the key %j', async (key) => {
    const refused = { code: 'ARCHIVE_INVALID' };
    await expect(sink.put({ key, mediaType, body: bytes('x') })).rejects.toMatchObject(refused);
    await expect(sink.get(key)).rejects.toMatchObject(refused);
  });
}
