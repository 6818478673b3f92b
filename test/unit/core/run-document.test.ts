import { describe, expect, it } from 'vitest';
import type { Finding, HostReport } from '../../../src/core/finding.ts';
import type { Run } from '../../../src/core/incident/case.ts';
import { moreFindingsDocument } from '../../../src/core/run/more-findings-document.ts';
import { runVerdictDocument } from '../../../src/core/run/run-document.ts';
import { documentText } from '../../support/document-text.ts';

const report = (host: string, notes: readonly string[]): HostReport => ({
  host,
  status: 'ok',
  durationMs: 1,
  coverage: { privilege: notes.length === 0 ? 'root' : 'none', notes },
  findings: [],
});

function runOf(reports: readonly HostReport[]): Run {
  return {
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
    finished: { status: reports[0]?.status ?? 'ok', durationMs: 1000, reports },
  };
}

function textOf(run: Run): string {
  const known = { diagnostics: ['disk', 'logs', 'ports'], fixes: ['truncate-log'] };
  return documentText(runVerdictDocument(run.lane, run, known)).trimEnd();
}

function footerOf(reports: readonly HostReport[]): string {
  return textOf(runOf(reports)).split('\n').at(-1) ?? '';
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
    const text = textOf(runOf([bad, report('web-2', []), worse, report('web-4', [])]));
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

describe("the findings in a run's message", () => {
  const fix = { fix: 'truncate-log', params: { path: '/var/log/app.log' } };
  const logs = { diagnostic: 'logs', params: { path: '/var/log/app.log' } };
  const group = { diagnostic: 'disk', params: {}, scope: 'group' } as const;
  const finding = (title: string, more: Partial<Finding> = {}): Finding => ({
    code: 'disk.filesystem-full',
    status: 'critical',
    subject: '/',
    title,
    detail: '',
    data: {},
    evidence: [],
    fixes: [],
    next: [],
    ...more,
  });
  const found = (host: string, ...findings: Finding[]): HostReport => ({
    ...report(host, []),
    status: findings[0]?.status ?? 'ok',
    findings,
  });

  it('leave out what is fine when something is not; the thread has it', () => {
    const run = runOf([found('web-1', finding('full'), finding('as it was', { status: 'ok' }))]);
    expect(textOf(run)).not.toContain('as it was');
    expect(textOf(run)).toContain('1 more finding stands in the thread (ok).');
    expect(JSON.stringify(moreFindingsDocument(run))).toContain('as it was');
    expect(moreFindingsDocument(run)?.summary).toBe('1 more finding');
  });

  it('say how many of those in the thread are fine', () => {
    const full = Array.from({ length: 7 }, (_, n) => finding(`disk ${n} is full`));
    const run = runOf([found('web-1', ...full, finding('as it was', { status: 'ok' }))]);
    expect(textOf(run)).toContain('2 more findings stand in the thread (1 ok).');
    expect(textOf(runOf([found('web-1', ...full)]))).toContain('stands in the thread.');
  });

  it('tell what is fine where it is all there is, or where it offers a fix', () => {
    const fine = finding('as it was', { status: 'ok' });
    expect(textOf(runOf([found('web-1', fine)]))).toContain('as it was');
    const offers = { ...fine, fixes: [fix] };
    expect(textOf(runOf([found('web-1', finding('full'), offers)]))).toContain('as it was');
  });

  it('begin with the worst of all hosts, not with the first host', () => {
    const slow = finding('slow', { status: 'warning', fixes: [fix] });
    const text = textOf(
      runOf([found('web-1', finding('full'), slow), found('web-2', finding('broken'))]),
    );
    expect(text.indexOf('broken')).toBeLessThan(text.indexOf('slow'));
  });

  it('explain the same once, and name each host', () => {
    const detail = 'Nothing can be written.\nIt was full before.';
    const text = textOf(
      runOf([
        found('web-1', finding('disk 1 is full', { detail })),
        found('web-2', finding('disk 2 is full', { detail })),
        found('web-3', finding('disk 3 is full', { detail: `${detail}\nSince noon.` })),
      ]),
    );
    expect(text.match(/Nothing can be written/g)).toHaveLength(1);
    expect(text.match(/disk 1 is full/g)).toHaveLength(1);
    expect(text).toContain('web-1: Nothing can be written.');
    expect(text).toContain('web-2: disk 2 is full\nAs above.');
    expect(text).toContain('web-3: disk 3 is full\nSince noon.\nOtherwise as above.');
  });

  it('offer each click once', () => {
    const one = finding('full', { fixes: [fix], next: [logs, group] });
    const other = finding('growing', { fixes: [fix], next: [logs, group] });
    const text = textOf(runOf([found('web-1', one, other)]));
    expect(text.match(/\[[^\]]*\]/g)).toEqual([
      '[Review fix: truncate-log]',
      '[Look further: logs /var/log/app.log]',
      '[Look further: disk on the whole group]',
    ]);
  });

  it('offer a fix for each host, the look at their group once, and not when this is it', () => {
    const one = finding('full', { fixes: [fix], next: [group] });
    const run = runOf([found('web-1', one), found('web-2', one)]);
    expect(textOf(run).match(/Review fix: truncate-log/g)).toHaveLength(2);
    expect(textOf(run).match(/Review fix on 2 hosts: truncate-log/g)).toHaveLength(1);
    expect(textOf(run).indexOf('on 2 hosts')).toBeLessThan(textOf(run).indexOf('fix: truncate'));
    expect(textOf(run).match(/the whole group/g)).toHaveLength(1);
    const after = { run: 'run0', depth: 1, why: 'disk.filesystem-full on web-1' };
    expect(textOf({ ...run, after })).not.toContain('the whole group');
  });

  it('keep the end of a long path on its button', () => {
    const path = `/var/lib/docker/containers/${'a'.repeat(64)}/app-json.log`;
    const next = [{ diagnostic: 'logs', params: { path } }];
    const text = textOf(runOf([found('web-1', finding('full', { next }))]));
    expect(text).toMatch(/\[Look further: logs …a+\/app-json\.log\]/);
    expect(text.match(/\[(Look[^\]]*)\]/)?.[1]).toHaveLength(60);
  });
});
