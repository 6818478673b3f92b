import { describe, expect, it } from 'vitest';
import type { HostReport, Status } from '../../../src/core/finding.ts';
import { type CaseState, emptyCase, foldEvents } from '../../../src/core/incident/case.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import { panelDocument } from '../../../src/core/incident/panel-document.ts';
import { evidenceDocuments } from '../../../src/core/run/evidence-document.ts';
import { moreFindingsDocument } from '../../../src/core/run/more-findings-document.ts';
import { runVerdictDocument } from '../../../src/core/run/run-document.ts';
import { documentText } from '../../support/document-text.ts';

const SAID = { at: '2026-11-20T12:00:00.000Z', actor: { kind: 'housecall' } } as const;
const KNOWN = { diagnostics: ['disk'], fixes: [] };

function report(host: string, status: Status = 'critical'): HostReport {
  const finding = {
    code: 'disk.filesystem-full',
    status,
    subject: '/',
    title: `\`/\` of ${host} is ${host.length} % and ${host.replace(/\D/g, '')} bytes full`,
    detail: '',
    data: {},
    evidence: [{ argv: ['df', host], exitCode: 0, output: host, truncated: false }],
    fixes: [],
    next: [],
  } as const;
  const coverage = { privilege: 'root', notes: [] } as const;
  return { host, status, durationMs: 1, coverage, findings: status === 'ok' ? [] : [finding] };
}

function ran(state: CaseState, run: string, reports: readonly HostReport[]): CaseState {
  const hosts = reports.map(({ host }) => host);
  const status = reports[0]?.status ?? 'ok';
  const events: CaseEvent[] = [
    {
      type: 'run.started',
      run,
      diagnostic: 'disk',
      params: {},
      hosts,
      lane: 'room:1',
      reason: 'command',
    },
    { type: 'run.finished', run, status, durationMs: 1, reports },
  ];
  return foldEvents(state, events, SAID);
}

const HOSTS = Array.from({ length: 200 }, (_, n) => `web-${n + 1}`);

describe('a run over 200 hosts that all have something else', () => {
  const run = ran(
    emptyCase('1'),
    'r',
    HOSTS.map((host) => report(host)),
  ).runs.get('r');
  if (run === undefined) throw new Error('no run');

  it('tells every finding: the first in its message, the others in the thread', () => {
    const more = moreFindingsDocument(run);
    const told = documentText(runVerdictDocument('1', run, KNOWN)) + JSON.stringify(more);
    for (const host of HOSTS) expect(told).toContain(`of ${host} is`);
    expect(more?.summary).toBe('194 more findings');
  });

  it('shows the output of the first ten, and says of whom there is more', () => {
    const documents = evidenceDocuments(run.finished?.reports ?? []);
    expect(documents).toHaveLength(11);
    expect(documents.at(-1)?.summary).toContain('190 more hosts');
    expect(documents.at(-1)?.summary).toContain('web-[11-200]');
  });
});

describe('a run whose message tells all its findings', () => {
  it('has no list of further ones in its thread', () => {
    const run = ran(emptyCase('1'), 'r', [report('web-1')]).runs.get('r');
    expect(run === undefined ? undefined : moreFindingsDocument(run)).toBeNull();
  });
});

describe('the panel', () => {
  const opened: CaseEvent = {
    type: 'incident.opened',
    id: '1',
    title: 'x',
    severity: 'SEV2',
    state: 'active',
    hosts: [],
    invite: [],
  };

  it('keeps a critical finding however many healthy looks follow it', () => {
    const first = ran(foldEvents(emptyCase('1'), [opened], SAID), 'bad', [report('web-1')]);
    const state = HOSTS.slice(1, 20).reduce(
      (before, host) => ran(before, host, [report(host, 'ok')]),
      first,
    );
    expect(documentText(panelDocument(state))).toContain('of web-1 is');
  });

  it('tells the same answer once: that of the look at all hosts', () => {
    const one = report('web-1');
    let state = ran(foldEvents(emptyCase('1'), [opened], SAID), 'one', [one]);
    state = ran(state, 'all', [one, report('web-2')]);
    const text = documentText(panelDocument(state));
    expect(text.match(/of web-1 is/g)).toHaveLength(1);
    expect(text).toContain('and 1 more host');
    const later = documentText(panelDocument(ran(state, 'other', [report('web-3')])));
    expect(later).toContain('of web-3 is');
  });
});
