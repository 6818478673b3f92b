import { describe, expect, it } from 'vitest';
import { diagnostics } from '../../../src/diagnostics/registry.ts';
import { fixes } from '../../../src/fixes/registry.ts';
import { findingCodes } from '../../../src/workflows/catalog/describe-finding.ts';
import { help } from '../../../src/workflows/catalog/help.ts';
import { documentText } from '../../support/document-text.ts';

const CATALOG = { diagnostics, fixes };

describe('/diag help', () => {
  it('lists the diagnostics without a word', () => {
    expect(help(CATALOG, null).summary).toContain('disk');
  });

  it('tells the parameters of a diagnostic', () => {
    expect(documentText(help(CATALOG, 'disk'))).toContain('criticalPercent');
  });

  it('tells of a finding what it means and what to do', () => {
    const text = documentText(help(CATALOG, 'disk.deleted-open-file'));
    for (const words of ['What it means', 'truncate-deleted-file', 'allocated blocks, bytes']) {
      expect(text).toContain(words);
    }
  });

  it('tells of every stage at which a host cannot be reached', () => {
    const text = documentText(help(CATALOG, 'host.unreachable'));
    for (const stage of [
      'name',
      'route',
      'refused',
      'timeout',
      'banner',
      'host-key',
      'auth',
      'sudo',
    ])
      expect(text).toContain(stage);
  });

  it('names the nearest code of one that there is not', () => {
    expect(() => help(CATALOG, 'disk.filing')).toThrow('did you mean "disk.filling"');
  });

  it('names the codes of the same diagnostic when none is near, and no other', () => {
    const ask = (): unknown => help(CATALOG, 'disk.zzz');
    expect(ask).toThrow(/known: .*disk\.filling/);
    expect(ask).not.toThrow(/logs\./);
    expect(() => help(CATALOG, 'dsk.full')).toThrow(/known: .*logs\./);
  });

  it('repeats a long word only in part', () => {
    for (const word of ['x'.repeat(3_000), `${'x'.repeat(3_000)}.y`]) {
      expect(() => help(CATALOG, word)).not.toThrow(word);
    }
  });

  it('knows every code once', () => {
    const codes = findingCodes(CATALOG);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(help(CATALOG, code).summary).toContain(code);
  });
});
