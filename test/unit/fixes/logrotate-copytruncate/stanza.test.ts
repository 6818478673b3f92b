import { describe, expect, it } from 'vitest';
import { hasCopytruncate, planEdit } from '../../../../src/fixes/logrotate-copytruncate/edit.ts';
import { parseStanzas } from '../../../../src/fixes/logrotate-copytruncate/stanza.ts';

const A = '/var/log/a.log';
const headers = (text: string): unknown => parseStanzas(text)?.map(({ header }) => header) ?? null;

describe('the stanzas of a configuration', () => {
  it.each([
    ['', []],
    ['weekly\n# /var/log/x {\ncompress\n\n', []],
    [`${A} {\n}\n`, [A]],
    [`  ${A}   /b\t/c{\n}`, [`${A} /b /c`]],
    [`${A}\n/b\n\n# and\n  # more {\n/c\n{\nweekly\n}\n/d {\n}\n`, [`${A} /b /c`, '/d']],
    [`"/a b" '/c' ~/d {\n}\n`, [`"/a b" '/c' ~/d`]],
    [`'/c d' {\n}\n~/x {\n}\n`, [`'/c d'`, '~/x']],
    [`${A} { weekly }\n/b {\n}\n`, [A, '/b']],
    [`${A} {\nmissingok }\n/b {\n}\n`, [A, '/b']],
    [`${A} {\n# }\nweekly\n}\n`, [A]],
    [`${A} {\npostrotate\necho } {\n/b {\nendscript\n}\n/c {\n}\n`, [A, '/c']],
    [`postrotate\n/b {\nendscript\n${A} {\n}\n`, [A]],
    [`prerotate\n/b {\n`, []],
  ])('of %j', (text, found) => {
    expect(headers(text)).toEqual(found);
  });

  it.each([
    `${A} {\nweekly\n`,
    `${A}\n`,
    '}\n',
    `${A} {\n}\n}\n`,
    `${A} {\npostrotate\n}\n`,
    '{\n}\n',
  ])('cannot be followed in %j', (text) => {
    expect(parseStanzas(text)).toBeNull();
    expect(planEdit(text, A)).toMatch(/cannot be followed/);
  });

  it('have lines, directives and scripts', () => {
    const text = `weekly\n${A} { # hi\n  rotate 3 # x\n  create\n  firstaction\n    one\n    two\n  endscript\n  nocopytruncate\n}\n`;
    expect(parseStanzas(text)).toEqual([
      {
        header: A,
        opens: 2,
        closes: 10,
        oneLine: false,
        directives: [
          { line: 3, name: 'rotate', alone: false },
          { line: 4, name: 'create', alone: true },
          { line: 9, name: 'nocopytruncate', alone: true },
        ],
        scripts: [{ name: 'firstaction', text: '    one\n    two' }],
      },
    ]);
    expect(parseStanzas(`${A} { daily\n}\n`)?.[0]?.directives).toEqual([
      { line: 1, name: 'daily', alone: true },
    ]);
  });
});

describe('the change to a configuration', () => {
  it('is one line behind the opening, indented like the others', () => {
    const text = `${A} {\n    weekly\n}\n`;
    const bytes = text.length + '    copytruncate\n'.length;
    expect(planEdit(text, A)).toMatchObject({
      after: 1,
      drop: [],
      text: '    copytruncate',
      bytes,
      oldBytes: text.length,
    });
    expect(planEdit(`${A} {\n}\n`, A)).toMatchObject({ text: '\tcopytruncate' });
    expect(planEdit(`${A} { daily\n}\n`, A)).toMatchObject({ text: '\tcopytruncate' });
    expect(planEdit(`${A} {\nweekly\n}\n`, A)).toMatchObject({ text: 'copytruncate' });
  });

  it('counts bytes, not characters, and the newline that was missing at the end', () => {
    const text = `/var/log/é.log {\n}`;
    expect(planEdit(text, '/var/log/é.log')).toMatchObject({
      oldBytes: 19,
      bytes: 19 + 1 + '\tcopytruncate\n'.length,
    });
  });

  it('takes out every nocopytruncate', () => {
    const text = `${A} {\nnocopytruncate\nweekly\nnocopytruncate # so\n}\n`;
    expect(planEdit(text, A)).toMatchObject({
      drop: [2, 4],
      bytes: `${A} {\ncopytruncate\nweekly\n}\n`.length,
    });
  });

  it.each([
    [`${A} {\n}\n`, '/b', /no stanza "\/b"/],
    [`${A} {\n}\n${A} {\n}\n`, A, /2 stanzas/],
    [`${A} {\ncopytruncate\n}\n`, A, /has copytruncate already/],
    [`${A} {\nnocopytruncate\ncopytruncate\n}\n`, A, /has copytruncate already/],
    [`${A} { weekly }\n`, A, /one line/],
    [`${A} {\nnocopytruncate }\n`, A, /nocopytruncate stands on line 2 together/],
    [`${A} {\r\n}\r\n`, A, /carriage returns/],
    [`${A} {\n\0}\n`, A, /NUL bytes/],
  ])('is refused for %j', (text, header, reason) => {
    expect(planEdit(text, header)).toMatch(reason);
  });

  it.each([
    'kill -HUP `cat /run/x.pid`',
    'pkill -USR1 nginx',
    'killall -q -HUP x',
    'systemctl reload x',
    'service x restart',
    'invoke-rc.d x rotate',
    '/usr/lib/rsyslog/rsyslog-rotate',
    '/etc/init.d/x force-something',
    'x --reopen',
  ])('is refused where a script tells the writer: %s', (line) => {
    for (const name of ['postrotate', 'lastaction']) {
      const text = `${A} {\n${name}\n${line}\nendscript\n}\n`;
      expect(planEdit(text, A)).toMatch(new RegExp(`has a ${name} script .* not at fault`));
    }
    expect(planEdit(`${A} {\nprerotate\n${line}\nendscript\n}\n`, A)).toBeTypeOf('object');
  });

  it('is planned where a script does something else', () => {
    expect(planEdit(`${A} {\npostrotate\nmail ops\nendscript\n}\n`, A)).toBeTypeOf('object');
  });

  it.each([
    [`${A} {\ncopytruncate\n}\n`, true],
    [`${A} {\n copytruncate # x\n}\n`, true],
    [`${A} {\ncopytruncate\nnocopytruncate\n}\n`, false],
    [`${A} {\ncopytruncated\n}\n`, false],
    [`${A} {\n# copytruncate\n}\n`, false],
    [`/b {\ncopytruncate\n}\n`, null],
    [`${A} {\n}\n${A} {\n}\n`, null],
    [`${A} {\n`, null],
  ])('is there in %j: %s', (text, has) => {
    expect(hasCopytruncate(text, A)).toBe(has);
  });
});
