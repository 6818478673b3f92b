import { describe, expect, it } from 'vitest';
import type { HostReport } from '../../../src/core/finding.ts';
import type { Run } from '../../../src/core/incident/case.ts';
import { runVerdictDocument } from '../../../src/core/run/run-document.ts';
import { documentText } from '../../support/document-text.ts';

const report = (host: string, notes: readonly string[]): HostReport => ({
  host,
  status: 'ok',
  durationMs: 1,
  coverage: { privilege: notes.length === 0 ? 'root' : 'none', notes },
  findings: [],
});

function textOf(reports: readonly HostReport[]): string {
  const run: Run = {
    id: 'run1',
    diagnostic: 'disk',
    params: {},
    hosts: reports.map(({ host }) => host),
    lane: 'room:20261120-7',
    thread: null,
    reason: 'command',
    startedAt: '2026-11-20T12:00:00.000Z',
    startedBy: { kind: 'housecall' },
    cancelled: false,
    finished: { status: 'ok', durationMs: 1000, reports },
  };
  return documentText(runVerdictDocument(run.lane, run, { diagnostics: [], fixes: [] })).trimEnd();
}

function footerOf(reports: readonly HostReport[]): string {
  return textOf(reports).split('\n').at(-1) ?? '';
}

describe('the tally of a run on several hosts', () => {
  it('counts hosts by status, also those that stand alone with a fix of their own', () => {
    const [bad, worse] = ['web-1', 'web-3'].map((host) => ({
      ...report(host, []),
      status: 'critical' as const,
      findings: [
        {
          code: 'ports.ephemeral-exhausted',
          status: 'critical' as const,
          subject: host,
          title: `${host} has no port left`,
          detail: '',
          data: {},
          evidence: [],
          fixes: [{ fix: 'reuse-time-wait', params: { container: host } }],
          next: [],
        },
      ],
    }));
    if (bad === undefined || worse === undefined) throw new Error('two reports');
    const text = textOf([bad, report('web-2', []), worse, report('web-4', [])]);
    expect(text).toContain('2 critical: web-[1,3]');
    expect(text).toContain('2 ok: web-[2,4]');
  });
});

describe("the footer of a run's message", () => {
  it('says with which privilege, and how much could be seen', () => {
    const footer = footerOf([report('web-1', ['68 of 69 processes readable'])]);
    expect(footer).toMatch(/^disk · 1 s · seen with privilege none · asked by Housecall · /);
    expect(footer).toMatch(/ · coverage: 68 of 69 processes readable$/);
  });

  it('names the host beside each note where there are several', () => {
    const footer = footerOf([report('web-1', []), report('web-2', ['3 of 98 processes readable'])]);
    expect(footer).toMatch(
      /privilege root, none .* · coverage: web-2: 3 of 98 processes readable$/,
    );
  });

  it('says nothing about coverage when everything was seen', () => {
    expect(footerOf([report('web-1', [])])).not.toContain('coverage');
  });
});
