import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeadTail } from '../../../src/adapters/ssh/head-tail.ts';

function through(limit: number, chunks: readonly Buffer[]): ReturnType<typeof createHeadTail> {
  const kept = createHeadTail(limit);
  for (const chunk of chunks) kept.add(chunk);
  return kept;
}

describe('head and tail', () => {
  it('keeps everything up to the limit, however it was cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (parts) => {
        const whole = Buffer.concat(parts);
        const kept = through(
          whole.length,
          parts.map((part) => Buffer.from(part)),
        );
        expect(kept.truncated()).toBe(false);
        expect(kept.text()).toBe(whole.toString('utf8'));
      }),
    );
  });

  it('never keeps much more than its limit, and accounts for every byte', () => {
    const numbered = fc.record({
      limit: fc.integer({ min: 0, max: 500 }),
      size: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(numbered, ({ limit, size }) => {
        const text = Array.from({ length: 300 }, (_, i) => `line ${i}\n`).join('');
        const chunks: Buffer[] = [];
        for (let at = 0; at < text.length; at += size)
          chunks.push(Buffer.from(text.slice(at, at + size)));
        const kept = through(limit, chunks);
        const [before = '', dropped = '', after = ''] = kept
          .text()
          .split(/\n?\[… (\d+) bytes dropped …\]\n/);
        expect(before.length + after.length).toBeLessThanOrEqual(limit);
        expect(text.startsWith(before)).toBe(true);
        expect(text.endsWith(after)).toBe(true);
        const lineEnd = before === '' ? 0 : Number(text[before.length] === '\n');
        expect(before.length + lineEnd + Number(dropped) + after.length).toBeGreaterThanOrEqual(
          text.length - 1,
        );
        expect(kept.total()).toBe(text.length);
        expect(kept.truncated()).toBe(true);
      }),
    );
  });

  it('cuts at line ends, so that half a line cannot pass for one', () => {
    const kept = through(20, [Buffer.from('10000\n20000\n30000\n40000\n50000\n60000\n')]);
    const lines = kept
      .text()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('['));
    expect(lines.every((line) => /^[1-6]0000$/.test(line))).toBe(true);
  });

  it('replaces what is not UTF-8', () => {
    expect(through(10, [Buffer.from([0x61, 0xff, 0x62])]).text()).toBe('a\ufffdb');
  });

  it('joins a character that came in two chunks', () => {
    const euro = Buffer.from('€');
    expect(through(10, [euro.subarray(0, 1), euro.subarray(1)]).text()).toBe('€');
  });
});
