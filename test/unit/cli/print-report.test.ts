import { describe, expect, it } from 'vitest';
import { reportText } from '../../../src/app/cli/print-report.ts';
import type { Coverage, Finding, HostReport, RunReport } from '../../../src/core/finding.ts';

const full: Finding = {
  code: 'disk.filesystem-full',
  status: 'critical',
  subject: '/srv',
  title: 'the file system of the orders is full, and most of it is held by files that are deleted',
  detail: '',
  data: {},
  evidence: [],
  fixes: [],
  next: [],
};

const host = (name: string, coverage: Coverage): HostReport => ({
  host: name,
  status: 'critical',
  durationMs: 1,
  coverage,
  findings: [full],
});

function print(
  hosts: readonly HostReport[],
  options: { colours?: boolean; columns?: number } = {},
) {
  const report: RunReport = {
    diagnostic: 'disk',
    params: {},
    startedAt: '2026-11-20T12:00:00.000Z',
    durationMs: 1000,
    status: 'critical',
    hosts,
  };
  return reportText(report, {
    colours: false,
    columns: 60,
    evidence: false,
    known: [],
    ...options,
  });
}

const SEEN: Coverage = { privilege: 'root', notes: [] };
const BLIND: Coverage = { privilege: 'none', notes: ['3 of 98 processes readable'] };

describe('a report on the terminal', () => {
  it('tells equal findings once, and which of the hosts were seen in part', () => {
    const text = print([host('web-1', SEEN), host('web-2', BLIND), host('web-3', BLIND)]);
    expect(text).toContain('web-[1-3] (3 hosts): CRITICAL  seen with privilege root, none\n');
    expect(text).toContain('\n  coverage: 3 of 98 processes readable (web-[2-3])\n');
    expect(text.match(/coverage:/g)).toHaveLength(1);
  });

  it('names no host beside what holds for all of them', () => {
    expect(print([host('web-1', BLIND), host('web-2', BLIND)])).toMatch(/readable$/m);
  });

  it('keeps the lines of a long title within the width, its code last', () => {
    const lines = print([host('web-1', SEEN)]).split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines.slice(3)).toEqual([
      '  critical: the file system of the orders is full, and',
      '    most of it is held by files that are deleted',
      '    [disk.filesystem-full]',
      '',
    ]);
  });

  it('colours the status and the code, and nothing of the words between', () => {
    const escape = String.fromCharCode(27);
    const text = print([host('web-1', SEEN)], { colours: true, columns: 200 });
    const line = text.split('\n').find((one) => one.includes('orders')) ?? '';
    expect(line.split(escape)).toEqual([
      '  ',
      '[31mcritical:',
      `[39m ${full.title} `,
      '[2m[disk.filesystem-full]',
      '[22m',
    ]);
  });
});
