import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mdBlock, mdLine, mdQuote } from '../../../src/core/incident/archive/markdown.ts';

/** Text full of what means something in Markdown, HTML or to a terminal. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '```',
        '~~~',
        '`',
        '|',
        '\n',
        '\r\n',
        '\r',
        '\u2028',
        '# ',
        '- ',
        '1. ',
        '> ',
        '---',
      ),
      fc.constantFrom(
        '<script>',
        '<!--',
        '&lt;',
        '&#60;',
        '[a](b)',
        '![x](y)',
        '***',
        '__',
        '\\',
        '$x$',
      ),
      fc.constantFrom('    code', '\t', '===', '+ ', '\u001b[31m', '\u202e', '\u0000', 'word', ' '),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** What is left when every escape and our own entities are taken away. */
const bare = (text: string): string =>
  text.replaceAll(/\\[!-/:-@[-`{-~]|&(?:lt|gt|amp|nbsp);/g, '');

const STARTS_BLOCK = /^(?:[-+=\t ]|\d{1,9}[.)])/;

describe('untrusted text in Markdown', () => {
  it('is never markup on a line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = mdLine(text);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        expect(bare(line)).not.toMatch(/[\\`*_[\]<>&|~#$!]/);
        expect(line).not.toMatch(STARTS_BLOCK);
      }),
      { numRuns: 1000 },
    );
  });

  it('stays inside a quotation on every line, and is never markup there', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('', '> '), (text, prefix) => {
        for (const line of mdQuote(text, prefix).split('\n')) {
          const frame = `${prefix}>`;
          expect(line.startsWith(frame)).toBe(true);
          // A trailing backslash is our own hard break.
          const inside = line.slice(frame.length).replace(/^ /, '').replace(/\\$/, '');
          expect(bare(inside)).not.toMatch(/[`*_[\]<>&|~#$!]/);
          expect(inside).not.toMatch(STARTS_BLOCK);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('cannot end the frame it stands in', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = mdBlock(text).split('\n');
        const fence = /^`{3,}/.exec(lines[0] ?? '')?.[0] ?? '';
        const closing = new RegExp(`^ {0,3}\`{${fence.length},}[ \t]*$`);
        expect(lines.findIndex((line, i) => i > 0 && closing.test(line))).toBe(lines.length - 1);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps its lines, and blank ones between', () => {
    expect(mdQuote('one\ntwo\n\nthree')).toBe('> one\\\n> two\n>\n> three');
    expect(mdQuote('a\\\nb')).toBe('> a\\\\\\\n> b');
  });

  it('stays readable', () => {
    expect(mdLine('/var/lib/docker is 100 % full (pid 991), see https://x.org/a-b')).toBe(
      '/var/lib/docker is 100 % full (pid 991), see https://x.org/a-b',
    );
  });
});
