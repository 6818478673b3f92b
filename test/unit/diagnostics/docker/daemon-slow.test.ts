import { describe, expect, it } from 'vitest';
import type { Answer, Daemon, Reading } from '../../../../src/diagnostics/docker/reading.ts';
import { codesOf, judged, only, readingOf } from './docker-reading.ts';

const up = readingOf('healthy');
const daemon: Daemon = up.daemon ?? { pid: 1, state: 'S', ageSeconds: 1000, threads: new Map() };
const answer = (what: string, status: number | null, elapsedSeconds = 0.01): Answer => ({
  what,
  tool: 'curl',
  limitSeconds: 4,
  status,
  elapsedSeconds,
  info: {},
  ids: [],
});
const old: Daemon = { ...daemon, ageSeconds: 5000 };
const slow = (changes: Partial<Reading>) => only({ ...up, daemon: old, ...changes }, 'daemon-slow');

describe('docker.daemon-slow', () => {
  it.each([28, 124, 137, 143])('is hanging when the ping ends with %s', (status) => {
    const { data, title, status: level } = slow({ answers: [answer('ping', status, 4)] });
    expect(data).toEqual({ reason: 'hanging', pid: daemon.pid, seconds: 4 });
    expect(title).toContain('does not answer within 4 s');
    expect(level).toBe('critical');
  });

  it('is locked when only the ping is answered', () => {
    const { data, title } = slow({ answers: [answer('ping', 0), answer('containers', 28, 8)] });
    expect(data['reason']).toBe('locked');
    expect(title).toContain('the question for containers');
  });

  it('is blocked when threads wait for a disk, and then no restart is offered', () => {
    const unit = new Map([['LoadState', 'loaded']]);
    const threads = new Map([['D', 3]]);
    const answers = [answer('ping', 28, 4)];
    const blocked = slow({ unit, answers, daemon: { ...old, threads } });
    expect(blocked.data['reason']).toBe('blocked');
    expect(blocked.title).toContain('3 of its threads');
    expect(blocked.fixes).toEqual([]);
    expect(slow({ unit, answers }).fixes).toEqual([
      { fix: 'restart-unit', params: { unit: 'docker.service' } },
    ]);
    expect(slow({ answers }).fixes).toEqual([]);
  });

  it.each(['T', 't'])('is stopped in state %s', (state) => {
    expect(slow({ daemon: { ...old, state } }).data['reason']).toBe('stopped');
  });

  it('is starting while it is young, not listening later', () => {
    const answers = [answer('ping', 7)];
    const young = { ...daemon, ageSeconds: 119 };
    expect(slow({ answers, daemon: young })).toMatchObject({
      status: 'warning',
      data: { reason: 'starting' },
    });
    const late = slow({ answers, daemon: { ...daemon, ageSeconds: 120 } });
    expect(late).toMatchObject({ status: 'critical', data: { reason: 'not-listening' } });
    const gone = { ...up.socket, file: 'missing' as const, listening: 0 };
    expect(slow({ answers: [], socket: gone }).detail).toContain('The socket file is gone');
    expect(slow({ answers: [], socket: { ...gone, path: null } }).title).toContain('at its socket');
  });

  it('answers with an error', () => {
    expect(slow({ answers: [answer('ping', 0), answer('info', 22)] }).data['reason']).toBe('error');
  });

  it('is slow from 3 s on', () => {
    const { data, title, status } = slow({
      answers: [answer('ping', 0, 0.1), answer('info', 0, 3)],
    });
    expect([data['reason'], status]).toEqual(['slow', 'warning']);
    expect(title).toContain('took 3.0 s to answer the question for info');
    const quick = judged({ ...up, answers: [answer('info', 0, 2.99)] });
    expect(codesOf(quick)).not.toContain('daemon-slow');
  });

  it('says whether a restart stops the containers', () => {
    const live = { ...answer('info', 0), info: { LiveRestoreEnabled: true } };
    const late = answer('containers', 28, 8);
    expect(slow({ answers: [live, late] }).detail).toContain('leaves the containers running');
    expect(slow({ answers: [late] }).detail).toContain('stops its containers');
  });

  it('is silent about one that could not be asked, and the coverage tells', () => {
    const closed = { ...up.socket, writable: false };
    const findings = judged({ ...up, answers: [], socket: closed });
    expect(codesOf(findings)).not.toContain('daemon-slow');
    const toolless = { ...up, answers: [{ ...answer('ping', null), tool: 'none' }] };
    expect(only(toolless, 'coverage').title).toContain('neither curl nor docker');
    expect(
      only(
        { ...up, answers: [], socket: { ...up.socket, path: null, listening: null } },
        'coverage',
      ).title,
    ).toContain('no local socket');
  });
});
