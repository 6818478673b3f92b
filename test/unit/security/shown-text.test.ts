import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../../src/core/finding.ts';
import { harmOf } from '../../support/shown-text.ts';

function reportSaying(title: string): RunReport {
  const finding = {
    code: 'disk.filesystem-full',
    status: 'critical',
    subject: '/',
    title,
  } as const;
  const findings = [{ ...finding, detail: title, data: {}, evidence: [], fixes: [], next: [] }];
  const coverage = { privilege: 'root', notes: [title] } as const;
  const host = { host: 'web-1', status: 'critical', durationMs: 1, coverage, findings } as const;
  const startedAt = '2026-11-20T12:00:00Z';
  return {
    diagnostic: 'disk',
    params: {},
    startedAt,
    durationMs: 1,
    status: 'critical',
    hosts: [host],
  };
}

describe('what a report shows', () => {
  it.each(['\u001b[31mred', 'a\u202eb', 'a\u0007b', 'a\rb'])('is harmful with %j', (title) => {
    expect(harmOf(reportSaying(title))).not.toEqual([]);
  });

  it.each([
    'a plain title',
    '<!channel> <@U123> <https://x|y> *x* `code` &lt; $(pwned)',
    'a\\nb\\e[31m\\u{202e}',
  ])('is harmless with %j', (title) => {
    expect(harmOf(reportSaying(title))).toEqual([]);
  });
});
