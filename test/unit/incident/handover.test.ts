import { describe, expect, it } from 'vitest';
import { type CaseState, emptyCase, reduceCase } from '../../../src/core/incident/case.ts';
import { handoverDocument, handoverMarkers } from '../../../src/core/incident/handover-document.ts';
import { documentText } from '../../support/document-text.ts';
import { sampleRecords } from '../../support/sample-case.ts';
import { alertEvent, opened, person, ran, told } from '../../support/told-case.ts';

const ADA = person('UADA');
const text = (state: CaseState): string => documentText(handoverDocument(state));
/** The sample story up to this event. */
const until = (type: string): CaseState => {
  const records = sampleRecords();
  const last = records.findIndex(({ event }) => event.type === type);
  return records.slice(0, last + 1).reduce(reduceCase, emptyCase('20261120-7'));
};

describe('the handover page of a room', () => {
  it('begins with how bad it is and where it stands', () => {
    expect(text(until('run.finished')).split('\n')[1]).toBe(
      'SEV2 active: disk usage above 75 % on host-17 · Housecall on incident 20261120-7',
    );
  });

  it('says who is on it, or that nobody is', () => {
    expect(text(until('run.finished'))).toContain('Nobody has acknowledged yet');
    expect(text(until('incident.acknowledged'))).toContain('Acknowledged by @UADA');
  });

  it('says what is broken, where and with its numbers, worst first', () => {
    expect(text(until('run.finished'))).toContain(
      'critical: host-17: /var/lib/docker is 100 % full (disk.deleted-open-file, seen 12:03 UTC)',
    );
    const state = told(
      [0, ADA, opened()],
      ...ran('r1', 'disk', { a: 'warning' }),
      ...ran('r2', 'logs', { b: 'critical' }),
    );
    expect(text(state)).toMatch(/critical: b[^]*warning: a/);
  });

  it('does not call broken what a fix has verified to be gone', () => {
    expect(text(until('fix.finished'))).toContain('nothing that the last looks found');
  });

  it('says that nobody has looked, rather than that nothing is wrong', () => {
    expect(text(told([0, ADA, opened()]))).toContain('nobody has looked yet');
  });

  it('says what was changed, who asked and who approved', () => {
    expect(text(until('fix.finished'))).toContain(
      'verified 12:12 UTC: truncate /proc/991/fd/4 on host-17, asked for by @UADA, approved by @UBOB',
    );
    expect(text(until('fix.requested'))).toContain('approved by nobody yet');
    expect(text(until('run.finished'))).toContain('nothing by Housecall');
  });

  it('says what is left to do: approvals that wait, fixes on offer, alerts that fire', () => {
    expect(text(until('run.finished'))).toContain('decide on truncate-deleted-file for host-17');
    expect(text(until('run.finished'))).toContain('still firing at opsgenie: disk usage');
    expect(text(until('fix.requested'))).toContain('approve or deny truncate-deleted-file');
  });

  it('says what stakeholders were told last, and when they hear more', () => {
    const update = { type: 'update.posted', text: 'working on it', nextAt: '2026-11-20T04:00:00Z' };
    const state = told([0, ADA, opened()], [5, ADA, { ...update, type: 'update.posted' }]);
    expect(text(state)).toContain('working on it · next by 04:00 UTC');
  });

  it('links the alert and the runbook', () => {
    const state = told(
      [0, ADA, opened({ runbook: 'https://wiki.example.org/disk' })],
      [1, ADA, alertEvent('a1', { url: 'https://alerts.example.org/1' })],
    );
    const { blocks } = handoverDocument(state);
    expect(JSON.stringify(blocks)).toContain('"link":"https://wiki.example.org/disk"');
    expect(JSON.stringify(blocks)).toContain('"link":"https://alerts.example.org/1"');
  });

  it('begins and ends with the words by which it is found again', () => {
    const [first, last] = handoverMarkers('20261120-7');
    const lines = text(until('run.finished')).split('\n');
    expect(lines[1]).toContain(first);
    expect(lines.at(-1)).toContain(last);
  });

  it('stays short in a storm, and counts what it leaves out', () => {
    const alerts = Array.from(
      { length: 500 },
      (_, n) => [1, ADA, alertEvent(`a${n}`, { title: 'x'.repeat(900) })] as const,
    );
    const page = text(told([0, ADA, opened({ storm: true })], ...alerts));
    expect(page).toContain('and 492 more');
    expect(page.length).toBeLessThan(10_000);
  });
});
