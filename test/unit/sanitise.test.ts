import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitise, sanitiseLine } from '../../src/core/sanitise.ts';

const ESC = '\u001b';

describe('sanitise', () => {
  it.each([
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['8-bit colours', '\u009b31mred', 'red'],
    [
      'a link that says another address',
      `${ESC}]8;;http://evil${ESC}\\bank${ESC}]8;;${ESC}\\`,
      'bank',
    ],
    ['a title that ends with a bell', `${ESC}]0;title\u0007text`, 'text'],
    ['a device control string', `${ESC}P1$r0m${ESC}\\text`, 'text'],
    ['charset switches', `${ESC}(0text`, 'text'],
    ['a bare escape at the end', `text${ESC}`, 'text'],
    ['NUL, backspace, bell', 'a\u0000b\u0008c\u0007', 'abc'],
    ['C1 controls', 'a\u0085b', 'ab'],
    ['bidi overrides', 'user\u202etxt.exe', 'usertxt.exe'],
    ['zero-width characters', 'r\u200bm\u2060 \ufeff-rf', 'rm -rf'],
    ['tag characters', 'hi\u{e0041}\u{e0042}', 'hi'],
    ['variation selectors that could carry bytes', 'a\u{e0100}\ufe0f', 'a'],
  ])('drops %s', (_, dirty, clean) => {
    expect(sanitise(dirty)).toBe(clean);
  });

  it('keeps tabs, newlines, accents, emoji and combining marks', () => {
    const text = 'a\tb\nÄé e\u0301 日本 🔴';
    expect(sanitise(text)).toBe(text);
  });

  it('shows both texts where a carriage return would have hidden one', () => {
    expect(sanitise('rm -rf /\rls       ')).toBe('rm -rf /\nls       ');
    expect(sanitise('one\r\ntwo')).toBe('one\ntwo');
  });

  it('loses no more than a line to an escape string that never ends', () => {
    expect(sanitise(`before${ESC}]0;swallowed\nafter`)).toBe('before\nafter');
  });

  it('replaces half a surrogate pair', () => {
    expect(sanitise('a\ud83d')).toBe('a\ufffd');
  });

  it('leaves nothing to do for a second time, whatever comes in', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          ESC,
          '\u009b',
          '[',
          ']',
          'm',
          '\\',
          '\u0007',
          '\r',
          '\n',
          '\ud83d',
          '\udd34',
        ),
        fc.constantFrom('\u200b', '\u202e', '\u{e0041}', '\udb40', '\udc41', 'x', '0', ';'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        const clean = sanitise(text);
        expect(sanitise(clean)).toBe(clean);
        expect(clean).not.toMatch(
          /[^\P{Cc}\t\n]|\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|\p{Surrogate}/u,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('puts names on one line', () => {
    expect(sanitiseLine('  a\nb\t c\u200b ')).toBe('a b c');
  });
});
