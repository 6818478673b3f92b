import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../../src/diagnostics/logs/template/fold.ts';
import { mergeVariants, type Pattern } from '../../../../src/diagnostics/logs/template/merge.ts';
import { patternsOf } from '../../../../src/diagnostics/logs/template/patterns.ts';
import { unwrap } from '../../../../src/diagnostics/logs/template/unwrap.ts';

describe('the pattern of a line', () => {
  it.each([
    [
      '[01-Jun-2017 02:11:25 UTC] PHP Warning:  Redis::connect(): failed on line 42',
      '[<time>] PHP Warning: Redis::connect(): failed on line <n>',
    ],
    ['2026-11-20T12:00:00.123Z worker[71]: done in 12.5ms', '<time> worker[<n>]: done in <n>ms'],
    ['2026/11/20 12:00:00 [error] 71#71: *9 upstream', '<time> [error] <n>#<n>: *<n> upstream'],
    ['26/11/21 12:02:27 INFO namenode.NameNode: up', '<time> INFO namenode.NameNode: up'],
    ['2026-11-20 12:00:00,123 +0100 x', '<time> x'],
    ['Nov  3 12:00:01 web cron[12]: run', '<time> web cron[<n>]: run'],
    ['Fri Nov 20 12:00:01 2026 x', '<time> x'],
    [
      '10.0.0.7 - - [20/Nov/2026:12:00:00 +0000] "GET /a?b=1 HTTP/1.1" 200 12',
      '<ip> - - [<time>] "GET <text>" <n> <n>',
    ],
    ['peer 10.1.2.3:6379 and fe80::1:2:3:4 and [2001:db8::1]', 'peer <ip> and <ip> and <ip>'],
    ['id 9b2d3e4f-0a1b-4c2d-8e3f-001122334455 ok', 'id <uuid> ok'],
    [
      'commit deadbeef01 and 0xFF and 12345678 and decade',
      'commit <hex> and <hex> and <n> and decade',
    ],
    ['mail to a.b+c@mail.example.org failed', 'mail to <mail> failed'],
    ['request x8Kd9Qz2 took long', 'request <id> took long'],
    ["user 'ann b' may not; don't", "user '<text>' may not; don't"],
    ['say "a \\" b" and "cut', 'say "<text>" and "<text>"'],
    [
      'time="2026" level=error msg="put failed 3"',
      'time="<text>" level=error msg="put failed <n>"',
    ],
    [
      '{"ts":"x","level":"warn","msg":"slow 12","user":"ann","n":5}',
      '{"ts":"<text>","level":"warn","msg":"slow <n>","user":"<text>","n":<n>}',
    ],
    ['\u001b[1;31mERROR\u001b[0m  x\ty\r\n', 'ERROR x y'],
    ['', ''],
  ])('%s', (line, template) => {
    expect(fold(line)).toBe(template);
  });

  it('is cut at a word when it is long, and never between one line and its like', () => {
    const text = 'word '.repeat(60);
    expect(fold(text)).toHaveLength(161);
    expect(fold(text)).toMatch(/word …$/);
    expect(fold('x'.repeat(500))).toBe(`${'x'.repeat(160)} …`);
    expect(fold('x'.repeat(160))).toBe('x'.repeat(160));
  });

  it('is the same for all numbers, and stays what it is when folded again in its constant words', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(fold(`job ${a} of queue`)).toBe(fold(`job ${b} of queue`));
      }),
    );
  });

  it('ends in time for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(fold(text).length).toBeLessThanOrEqual(162);
      }),
    );
    for (const text of [
      '"'.repeat(300),
      "'".repeat(300),
      '\\'.repeat(300),
      'a1'.repeat(150),
      ':'.repeat(300),
      '{"a":"'.repeat(50),
    ])
      expect(fold(text).length).toBeLessThanOrEqual(162);
  });
});

describe('a line out of its wrapping', () => {
  it.each([
    ['{"log":"a \\"b\\" \\u003cc\\u003e\\td\\n","stream":"stdout","time":"x"}', 'a "b" <c>\td'],
    ['{"log":"cut \\\\ off', 'cut \\ off'],
    ['{"log":"', ''],
    ['{"log":"cut in \\u00', 'cut in '],
    ['{"log":"no escape \\\\u00', 'no escape \\u00'],
    ['2026-11-20T12:00:00.1Z stderr F message', 'message'],
    ['2026-11-20T12:00:00+01:00 stdout P part', 'part'],
    ['1795266239.170215 web-1 cron[7]: run', 'cron[7]: run'],
    ['1795266239.170215 ends here', '1795266239.170215 ends here'],
    ['plain {"log":"x"}', 'plain {"log":"x"}'],
  ])('%s', (line, text) => {
    expect(unwrap(line)).toBe(text);
  });
});

function pattern(template: string, bytes: number, lines = 1): Pattern {
  return { template, bytes, lines, example: template, variants: 1 };
}

const users = (count: number, bytes = 10): Pattern[] =>
  Array.from({ length: count }, (_, n) =>
    pattern(`user ${'abcdefgh'[n % 8]}${'x'.repeat(n)} has logged in`, bytes, 2),
  );

describe('patterns that differ in a word', () => {
  it('become one when the word has eight values, and not with seven', () => {
    const big = pattern('something else came along here', 900);
    const [merged] = mergeVariants([...users(8, 100), big]).slice(1);
    expect(mergeVariants([...users(8, 100), big])).toHaveLength(2);
    expect([merged?.template, big.template]).toContain('user <*> has logged in');
    expect(mergeVariants([...users(7, 100), big])).toHaveLength(8);
  });

  it('carry the bytes, lines and number of all', () => {
    const rest = pattern('another thing altogether', 2000);
    const found = mergeVariants([...users(20, 10), rest]).find((one) => one.variants > 1);
    expect(found).toEqual({
      template: 'user <*> has logged in',
      bytes: 200,
      lines: 40,
      example: expect.stringMatching(/^user /),
      variants: 20,
    });
  });

  it('leave alone what makes a tenth by itself', () => {
    const own = pattern('user root has logged in', 500);
    const found = mergeVariants([...users(20, 10), own, pattern('some other thing here', 300)]);
    expect(found.map(({ template }) => template)).toEqual([
      'user root has logged in',
      'some other thing here',
      'user <*> has logged in',
    ]);
  });

  it('do not become one when nothing constant would be left', () => {
    const short = Array.from({ length: 30 }, (_, n) =>
      pattern(`got ${'abcdefghijklmnopqrstuvwxyzabcdef'.slice(n, n + 2)}`, 10),
    );
    expect(mergeVariants(short)).toHaveLength(new Set(short.map((one) => one.template)).size);
  });

  it('have at most one variable word in five', () => {
    const words = (n: number): string =>
      `${'abcdefghijklmnopqrstuvwxyz'[n % 26]}q${'abcdefghijklmnopqrstuvwxyz'[Math.floor(n / 26)]}`;
    const two = Array.from({ length: 200 }, (_, n) =>
      pattern(`copy ${words(n % 14)} over to ${words(Math.floor(n / 14) + 30)}`, 10),
    );
    for (const { template } of mergeVariants(two))
      expect(template.split('<*>').length - 1).toBeLessThan(2);
    const long = Array.from({ length: 196 }, (_, n) =>
      pattern(
        `now we copy this file ${words(n % 14)} over to that host ${words(Math.floor(n / 14) + 30)} once more`,
        10,
      ),
    );
    expect(mergeVariants(long).map(({ template }) => template)).toEqual([
      'now we copy this file <*> over to that host <*> once more',
    ]);
  });

  it('keep every byte and line, whatever they are and in whatever order', () => {
    const word = fc.constantFrom(
      'disk',
      'user',
      'queue',
      'is',
      'full',
      'gone',
      'ann',
      'bob',
      'cid',
      'dan',
      'eve',
      'fay',
      'gus',
      'hal',
    );
    const arbitrary = fc.uniqueArray(
      fc.record({
        words: fc.array(word, { minLength: 1, maxLength: 7 }),
        bytes: fc.integer({ min: 1, max: 1000 }),
        lines: fc.integer({ min: 1, max: 50 }),
      }),
      { selector: ({ words }) => words.join(' '), maxLength: 120 },
    );
    fc.assert(
      fc.property(arbitrary, (given) => {
        const patterns = given.map(({ words, bytes, lines }) =>
          pattern(words.join(' '), bytes, lines),
        );
        const merged = mergeVariants(patterns);
        const sum = (of: 'bytes' | 'lines' | 'variants', list: readonly Pattern[]): number =>
          list.reduce((all, one) => all + one[of], 0);
        for (const of of ['bytes', 'lines', 'variants'] as const)
          expect(sum(of, merged)).toBe(sum(of, patterns));
        expect(merged.map(({ bytes }) => bytes)).toEqual(
          merged.map(({ bytes }) => bytes).toSorted((a, b) => b - a),
        );
        expect(mergeVariants(patterns.toReversed())).toEqual(merged);
      }),
    );
  });
});

describe('the patterns of a log', () => {
  it('join what the host counted apart, with the example that stands for most', () => {
    const found = patternsOf([
      { bytes: 10, lines: 1, text: 'job 1 done' },
      { bytes: 30, lines: 3.5, text: 'job 2 done' },
      { bytes: 20, lines: 2, text: 'job 3 done' },
      { bytes: 25, lines: 1, text: 'started' },
    ]);
    expect(found).toEqual([
      { template: 'job <n> done', bytes: 60, lines: 6.5, example: 'job 2 done', variants: 1 },
      { template: 'started', bytes: 25, lines: 1, example: 'started', variants: 1 },
    ]);
  });
});
