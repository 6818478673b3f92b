import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactPrivateKeys } from '../../../src/core/redaction/private-key.ts';
import { redact } from '../../../src/core/redaction/redact.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const PRIVATE = ['PRIV', 'ATE'].join('');
const begin = (kind: string): string => `-----BEGIN ${kind}${PRIVATE} KEY-----`;
const end = (kind: string): string => `-----END ${kind}${PRIVATE} KEY-----`;

/** 26 lines of base64 and a short last one, as openssl prints 2048 bits. */
const BODY = [
  ...Array.from({ length: 25 }, (_, i) =>
    Buffer.from(
      Array.from({ length: 48 }, (_unused, j) => (i * 89 + j * 151 + ((i * j) % 7) * 31) % 256),
    ).toString('base64'),
  ),
  'k9Qz3A==',
];
const key = (kind = 'RSA '): string[] => [begin(kind), ...BODY, end(kind)];
const two = (i: number): string => String(i % 60).padStart(2, '0');

type Wrap = (line: string, i: number) => string;
const WRAPPERS: Readonly<Record<string, Wrap>> = {
  'docker json': (line, i) =>
    JSON.stringify({
      log: `${line}\n`,
      stream: 'stdout',
      time: `2026-11-21T11:59:${two(i)}.${'123456789'.slice(0, 1 + (i % 9))}Z`,
    }),
  'docker json within json': (line) =>
    JSON.stringify({ log: `${JSON.stringify({ level: 'info', msg: line })}\n`, stream: 'stderr' }),
  'docker json, slashes escaped': (line) =>
    JSON.stringify({ log: `${line}\n` })
      .replaceAll('/', '\\/')
      .replaceAll('=', '\\u003d'),
  'json, an id in front': (line, i) =>
    JSON.stringify({ id: (i * 2_654_435_761).toString(16), MESSAGE: line }),
  syslog: (line, i) => `Nov 21 11:59:${two(i)} web-1 app[${i * 37 + 5}]: ${line}`,
  'journald, iso': (line, i) => `2026-11-21T11:59:${two(i)}+0000 web-1 app[123]: ${line}`,
  'containerd (CRI)': (line, i) => `2026-11-21T11:59:${two(i)}.${i}00Z stdout F ${line}`,
  compose: (line) => `web_1  | ${line}`,
  'kernel-like stamps': (line, i) => `[ ${i}.${i}04711] ${line}`,
  'grep -n': (line, i) => `${i}: ${line}`,
  diff: (line) => `+${line}`,
  indented: (line) => `        ${line}`,
  'quoted mail': (line) => `> ${line}`,
  bracketed: (line) => `[app] (web) ${line}`,
  plain: (line) => line,
};
const wrapped = (wrap: Wrap, lines: readonly string[]): string => lines.map(wrap).join('\n');

/** Pieces of the lines of a key, of eight characters at either end, that can still be seen. */
function leaks(seen: string, lines: readonly string[] = BODY): readonly string[] {
  if (!seen.includes('[redacted:private-key]')) return ['no marker'];
  return [
    'PRIVATE KEY',
    ...lines
      .flatMap((line) => [line, line.replaceAll('/', '\\/')])
      .flatMap((form) => [form.slice(0, 8), form.slice(-8)]),
  ].filter((piece) => seen.includes(piece));
}

describe.each(Object.entries(WRAPPERS))('a private key, line by line in %s', (_, wrap) => {
  it.each(['RSA ', 'OPENSSH ', 'EC ', 'ENCRYPTED ', ''])('is not seen: "%s"', (kind) => {
    const seen = redact(wrapped(wrap, ['starting up', ...key(kind), 'went on after it']));
    expect(leaks(seen)).toEqual([]);
    expect(seen).toContain('starting up');
    expect(seen).toContain('went on after it');
    expect(redact(seen)).toBe(seen);
  });

  it('is not seen when it is cut off behind', () => {
    for (const length of [1, 2, 12, BODY.length])
      expect(
        leaks(redact(wrapped(wrap, [begin(''), ...BODY.slice(0, length)])), BODY.slice(0, length)),
      ).toEqual([]);
  });

  it('is not seen when it is cut off in front', () => {
    for (const from of [1, 12, BODY.length - 1]) {
      const seen = redact(wrapped(wrap, [...BODY.slice(from), end('')]));
      expect(leaks(seen, BODY.slice(from))).toEqual([]);
    }
  });

  it('is not seen when other lines stand between, which stay', () => {
    const lines = key().flatMap((line, i) =>
      i % 4 === 2 ? [line, `GET health?${i} took ${i} ms`] : [line],
    );
    const seen = redact(wrapped(wrap, lines));
    expect(leaks(seen)).toEqual([]);
    expect(seen.match(/GET health\?\d+ took \d+ ms/g)).toHaveLength(7);
  });

  it('is not seen twice over', () => {
    const seen = redact(wrapped(wrap, [...key('EC '), 'between', ...key()]));
    expect(leaks(seen)).toEqual([]);
    expect(seen).toContain('between');
  });
});

describe('a private key', () => {
  it('with headers of its own and an empty line is not seen', () => {
    const lines = [
      begin('RSA '),
      'Proc-Type: 4,ENCRYPTED',
      'DEK-Info: AES-128-CBC,0A1B',
      '',
      ...BODY,
      end('RSA '),
    ];
    for (const wrap of Object.values(WRAPPERS))
      expect(leaks(redact(wrapped(wrap, lines)))).toEqual([]);
  });

  it.each([1, 2, 3])('is not seen on one line, its line breaks escaped %d times', (times) => {
    let text = key().join('\n');
    for (let i = 0; i < times; i++) text = JSON.stringify({ key: text, n: 1 });
    expect(leaks(redact(text))).toEqual([]);
    expect(leaks(redact(text.slice(text.indexOf(BODY[3] ?? ''))), BODY.slice(3))).toEqual([]);
    expect(leaks(redact(text.slice(0, text.indexOf(BODY[9] ?? ''))), BODY.slice(0, 9))).toEqual([]);
  });

  it('is not seen when docker cuts a long line of it in two', () => {
    const text = key().join('\\n');
    const docker = [text.slice(0, 700), text.slice(700), 'ok']
      .map((log) => JSON.stringify({ log, stream: 'stdout' }))
      .join('\n');
    const seen = redact(docker);
    expect(leaks(seen)).toEqual([]);
    expect(seen).toContain('"ok"');
  });

  it('that is only talked of hides no words, paths and hashes', () => {
    const hash = '3f4e5d6c7b8a99887766554433221100ffeeddccbbaa99887766554433221100';
    const text = [
      `12:00:01 cannot load key: expected "${begin('RSA ')}"`,
      `12:00:02 reading /var/lib/docker/overlay2/${hash}/diff`,
      `12:00:03 digest sha256:${hash}`,
      '12:00:04 connection refused',
    ];
    const seen = redact(text.join('\n'));
    for (const line of text.slice(1)) expect(seen).toContain(line);
  });

  it('ends somewhere: far behind a beginning without an end all stays', () => {
    const id = 'QWxhZGRpbjpvcGVuIHNlc2FtZQQWxhZGRpbjpvcGVu';
    const between = Array.from({ length: 20 }, (_, i) => `request ${i} is done`);
    const seen = redact([`x ${begin('')} y`, ...between, `etag ${id}`].join('\n'));
    expect(seen).toContain(id);
  });
});

describe('whatever stands around a private key', () => {
  const word = fc.string({ maxLength: 12 });
  const anything = fc.oneof(
    word,
    fc.constantFrom('\n', '\\n', '\\\\n', '"', "'", '{"log":"', ' ', '-----', '=', '+/', '\t', '|'),
    fc.constantFrom(
      begin(''),
      end(''),
      begin('EC '),
      end('EC '),
      'PRIVATE KEY-----',
      '-----BEGIN ',
    ),
    fc.constantFrom(...BODY.slice(-3), '[redacted:private-key]', 'password='),
  );

  it('its lines are gone, in any wrapper with any noise in between', () => {
    const noise = fc.array(fc.stringMatching(/^[a-z ]{0,20}$/), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(WRAPPERS)),
        noise,
        fc.array(fc.nat({ max: BODY.length }), { maxLength: 5 }),
        fc.integer({ min: 1, max: BODY.length }),
        (wrap, words, places, length) => {
          const body = [...BODY.slice(0, length - 1), BODY.at(-1) ?? ''];
          const lines = [begin(''), ...body, end('')].flatMap((line, i) =>
            places.includes(i) ? [line, ...words] : [line],
          );
          expect(leaks(redact(wrapped(wrap, lines)), body)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('the second time changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 14 }), (pieces) => {
        const once = redact(pieces.join(''));
        expect(redact(once)).toBe(once);
        expect(once).not.toMatch(/-----(?:BEGIN|END) (?:EC )?PRIVATE KEY-----/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['beginnings in one line', begin('')],
    ['beginnings on lines', `${begin('')}\n`],
    ['ends on lines', `${end('')}\n`],
    ['both', `${begin('')}\n${end('')}\n`],
    ['backslashes behind a beginning', `${begin('')}\n${'\\'.repeat(40)}\n`],
    ['half beginnings', '-----BEGIN '],
    ['base64', `${begin('')}\n${'aB3/'.repeat(40)}`],
    ['equals signs', '='.repeat(60)],
  ])(
    'the time it takes is linear: %s',
    (_, piece) => {
      const text = (n: number): string =>
        `${begin('')}\n${piece.repeat(Math.ceil(n / piece.length))}\n${begin('')}`;
      const cost = (n: number): number => {
        const input = text(n);
        return Math.min(
          ...[1, 2, 3].map(() => {
            const from = performance.now();
            redactPrivateKeys(input);
            return performance.now() - from;
          }),
        );
      };
      cost(20_000);
      // 64 times as long: the square would cost 4,096 times as much. The floor takes out noise.
      expect(cost(1_600_000) / Math.max(1, cost(25_000))).toBeLessThan(2000);
    },
    60_000,
  );
});
