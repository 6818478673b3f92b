import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches } from '../../../../src/diagnostics/logs/rotation/glob.ts';
import {
  isAtFault,
  isNumbered,
  nameBefore,
  reopenLine,
  stanzaFor,
} from '../../../../src/diagnostics/logs/rotation/rotated.ts';
import { type Stanza, stanzasOf } from '../../../../src/diagnostics/logs/rotation/stanzas.ts';

const file = (text: string, path = '/etc/logrotate.d/app') => ({ path, lines: text.split('\n') });
const read = (text: string): readonly Stanza[] => stanzasOf([file(text)]);

describe('a pattern of logrotate', () => {
  it.each([
    ['/var/log/app.log', '/var/log/app.log', true],
    ['/var/log/*.log', '/var/log/app.log', true],
    ['/var/log/*.log', '/var/log/sub/app.log', false],
    ['/var/log/*/*.log', '/var/log/sub/app.log', true],
    ['/var/log/*', '/var/log/.hidden', false],
    ['/var/log/?og', '/var/log/log', true],
    ['/var/log/app[0-9].log', '/var/log/app7.log', true],
    ['/var/log/app[!0-9].log', '/var/log/app7.log', false],
    ['/var/log/app[^0-9].log', '/var/log/appx.log', true],
    ['/var/log/a[]]b', '/var/log/a]b', true],
    ['/var/log/a.log', '/var/log/axlog', false],
    ['/var/log/a\\*b', '/var/log/a*b', true],
    ['/var/log/a\\*b', '/var/log/axb', false],
    ['/var/log/[z-a]', '/var/log/b', false],
    ['/var/log/[x', '/var/log/[x', true],
  ])('%s on %s: %s', (pattern, path, fits) => {
    expect(globMatches(pattern, path)).toBe(fits);
  });

  it('never throws, and fits itself when it has nothing special', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(typeof globMatches(a, b)).toBe('boolean');
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^(\/[a-z.+$^(){}|-]{1,8}){1,4}$/), (path) => {
        expect(globMatches(path, path)).toBe(true);
      }),
    );
  });
});

describe('the stanzas of logrotate', () => {
  it('have their patterns, with white space folded, and what they do', () => {
    const [stanza, ...more] = read(`# comment
/var/log/a.log   "/var/log/b c.log"
'/var/log/d'\t/var/log/e {
  daily
  # copytruncate
  olddir /var/log/old/
  postrotate
    # kill -HUP 1
    /usr/bin/true }
  endscript
  prerotate
    kill -HUP 1
  endscript
}`);
    expect(more).toEqual([]);
    expect(stanza).toEqual({
      config: '/etc/logrotate.d/app',
      text: `/var/log/a.log "/var/log/b c.log" '/var/log/d' /var/log/e`,
      patterns: ['/var/log/a.log', '/var/log/b c.log', '/var/log/d', '/var/log/e'],
      copies: false,
      olddir: '/var/log/old',
      script: '# kill -HUP 1\n/usr/bin/true }',
    });
  });

  it('take over what stands outside, from there on, and may take it back', () => {
    const stanzas = read(
      `/a {\n}\ncopytruncate\nolddir=old\n/b {\n}\n/c {\n nocopytruncate\n noolddir\n}\n/d {\n}\nnocopytruncate\n/e { copy }\n/f {\n}`,
    );
    expect(stanzas.map(({ copies }) => copies)).toEqual([false, true, false, true, true, false]);
    expect(stanzas.map(({ olddir }) => olddir)).toEqual([null, 'old', null, 'old', 'old', 'old']);
  });

  it('are read where they are included, each once', () => {
    const main = file(
      '/a {\n}\ncopytruncate\ninclude /etc/logrotate.d\nnocopytruncate\n/z {\n}',
      '/etc/logrotate.conf',
    );
    const stanzas = stanzasOf([
      main,
      file('/b {\n}'),
      file('/c {\n}', '/etc/other/c'),
      file('/d {\n}', '/etc/logrotate.d/sub/d'),
    ]);
    expect(stanzas.map(({ text, copies }) => [text, copies])).toEqual([
      ['/a', false],
      ['/b', true],
      ['/z', false],
      ['/c', false],
      ['/d', false],
    ]);
    const one = stanzasOf([
      file('include /etc/x.conf', '/etc/logrotate.conf'),
      file('/x {\n}', '/etc/x.conf'),
    ]);
    expect(one.map(({ config }) => config)).toEqual(['/etc/x.conf']);
  });

  it('are not confused by scripts outside, quotes with braces, or a file that ends early', () => {
    expect(
      read('firstaction\n/x {\nendscript\n"/var/log/{a}.log" {\n}').map(({ text }) => text),
    ).toEqual(['"/var/log/{a}.log"']);
    expect(read('/var/log/a.log {\n daily')).toEqual([]);
    expect(read('/var/log/a.log {\n postrotate\n }')).toEqual([]);
  });

  it('never throw, whatever the file holds', () => {
    const line = fc.constantFrom(
      '/a',
      '{',
      '}',
      'postrotate',
      'endscript',
      'include /x',
      '"',
      'daily',
      '/b {',
      'x }',
      '#',
      '',
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(Array.isArray(stanzasOf([{ path: '/x', lines }]))).toBe(true);
      }),
    );
  });
});

describe('a rotated name', () => {
  it.each([
    ['/l/app.log.1', '/l/app.log'],
    ['/l/app.log-20261120', '/l/app.log'],
    ['/l/app.log-20261120-1', '/l/app.log'],
    ['/l/app.log-2026112013', '/l/app.log'],
    ['/l/app.log.2026-11-20', '/l/app.log'],
    ['/l/app.log-2026-11-20', '/l/app.log'],
    ['/l/app-20261120.log', '/l/app.log'],
    ['/l/app.1.log', '/l/app.log'],
    ['/l/app.log', null],
    ['/l/app2.log', null],
    ['/l/app.log.1234', null],
  ])('%s was %s', (path, before) => {
    expect(nameBefore(path)).toBe(before);
  });

  it('is a number or a date', () => {
    expect(['/a.log.1', '/a.1.log', '/a.log-20261120'].map(isNumbered)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('finds the stanza that renames it, also into another directory', () => {
    const stanzas = read(
      '/l/app.log {\n}\n/m/*.log {\n olddir /old\n}\n/n/*.log {\n olddir away\n}',
    );
    const found = (path: string) => stanzaFor(path, stanzas)?.text;
    expect(found('/l/app.log.1')).toBe('/l/app.log');
    expect(found('/l/app.log')).toBeUndefined();
    expect(found('/old/x.log.1')).toBe('/m/*.log');
    expect(found('/m/x.log.1')).toBeUndefined();
    expect(found('/n/away/x.log-20261120')).toBe('/n/*.log');
    expect(found('/q/x.log.1')).toBeUndefined();
  });
});

describe('a stanza at fault', () => {
  const script = (text: string) => read(`/a {\n postrotate\n${text}\n endscript\n}`)[0];

  it.each([
    'kill -HUP `cat /run/x.pid`',
    'systemctl reload nginx',
    'invoke-rc.d rsyslog rotate',
    '/usr/lib/rsyslog/rsyslog-rotate',
    'service x restart',
    'nginx -s reopen',
    'killall -USR1 app',
  ])('is not one that says %s', (line) => {
    const stanza = script(`  true\n  ${line}`);
    expect(stanza && [isAtFault(stanza), reopenLine(stanza)]).toEqual([false, line]);
  });

  it.each([
    '',
    'true',
    '# kill -HUP 1',
    'chown nginx /a',
    'docker ps',
    'gzip /a.1',
    'logger rotated',
  ])('is one whose script is "%s"', (line) => {
    const stanza = script(line);
    // "rotated" is a word of its own, which makes nobody open anything.
    expect(stanza && isAtFault(stanza)).toBe(true);
  });

  it('is not one that copies', () => {
    expect(read('/a {\n copytruncate\n}').map(isAtFault)).toEqual([false]);
    expect(read('/a {\n}').map(isAtFault)).toEqual([true]);
  });
});
