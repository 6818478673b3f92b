import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeLog } from '../../../../src/core/log-name.ts';
import { displayName, isPlain } from '../../../../src/diagnostics/disk/display.ts';

/** As the probe escapes: every byte but printable ASCII, and the backslash. */
function escape(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) =>
      byte < 32 || byte > 126 || byte === 92
        ? `\\${byte.toString(8).padStart(3, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

describe('a name from a host', () => {
  it.each([
    ['/var/log/app.log', '/var/log/app.log'],
    ['caf\\303\\251', 'café'],
    ['a\\012b\\011c\\033[31m', 'a\\nb\\tc\\e[31m'],
    ['\\377\\303(', '\\xff\\xc3('],
    ['\\342\\200\\256gol', '\\u{202e}gol'],
    ['back\\134slash', 'back\\\\slash'],
    ['tick`', 'tick\\x60'],
    ['\\355\\240\\200', '\\xed\\xa0\\x80'],
  ])('%s is shown as %s', (escaped, shown) => {
    expect(displayName(escaped)).toBe(shown);
  });

  it('shows different names differently and nothing that moves a cursor', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const [one, two] = [displayName(escape(a)), displayName(escape(b))];
        expect(one === two).toBe(escape(a) === escape(b));
        expect(one).not.toMatch(/[\p{Cc}\p{Cf}`]/u);
      }),
    );
  });

  it('is handed on only as it is', () => {
    expect(isPlain(displayName('/var/log/caf\\303\\251'))).toBe(true);
    expect(isPlain(displayName('/var/log/a\\012b'))).toBe(false);
  });
});

describe('a log by its name', () => {
  it.each([
    '/var/log/docker.log-20170530',
    '/var/lib/docker/containers/f03b/f03b-json.log.1',
    '/var/log/messages',
    '/opt/tomcat/logs/catalina.out',
    '/home/app/nohup.out',
    '/srv/app/stderr',
    '/var/log/worker.log',
  ])('%s may be emptied', (path) => {
    expect(looksLikeLog(path)).toBe(true);
  });

  it.each([
    '/var/lib/mysql/ib_logfile0',
    '/var/lib/mysql/mysql-bin.000123',
    '/var/lib/postgresql/15/main/pg_wal/000000010000000000000001',
    '/var/lib/kafka/t-0/00000000000000000042.log',
    '/var/lib/kafka/t-0/00000000000000000042.log.deleted',
    '/data/rocksdb/000123.log',
    '/var/lib/mysql/#sql_1_0.ibd',
    '/srv/app/catalog.db',
    '/srv/app/dialogue.bin',
    '/tmp/upload-1',
  ])('%s is data and must not be', (path) => {
    expect(looksLikeLog(path)).toBe(false);
  });
});
