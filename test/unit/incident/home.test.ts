import { describe, expect, it } from 'vitest';
import type { CaseState } from '../../../src/core/incident/case.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import {
  homeDocument,
  strangerHome,
  type WaitingApproval,
} from '../../../src/core/incident/home-document.ts';
import { listIncidents, worstFirst } from '../../../src/core/incident/list-document.ts';
import { documentText } from '../../support/document-text.ts';
import { after, alertEvent, opened, person, told } from '../../support/told-case.ts';

const ADA = person('UADA');
const READER = { user: 'UADA', now: new Date(after(65)) };
const ACK = { type: 'incident.acknowledged', via: 'slack' } as const;

function incident(
  id: string,
  more: Parameters<typeof opened>[0] = {},
  ...events: readonly CaseEvent[]
): CaseState {
  const room = { type: 'room.opened', channel: `C${id.slice(-1)}ROOM`, name: `inc-${id}` } as const;
  return told(
    [0, person('UGRACE'), opened({ id, title: `title of ${id}`, ...more })],
    [0, ADA, room],
    ...events.map((event) => [5, ADA, event] as const),
  );
}

const home = (
  states: readonly CaseState[],
  approvals: readonly WaitingApproval[] = [],
  frozen: string | null = null,
) => homeDocument({ states, approvals, frozen }, READER);
const text = (...given: Parameters<typeof home>): string => documentText(home(...given));

describe('open incidents', () => {
  it('come worst first: what hurts, severity, unheard, then the oldest', () => {
    const resolved: CaseEvent = { type: 'incident.resolved', reason: '', via: 'slack' };
    const ids = worstFirst([
      incident('a-1', { severity: 'SEV1' }, resolved),
      incident('a-2', { severity: 'SEV3' }),
      incident('a-3', { severity: 'SEV1' }, ACK),
      incident('a-4', { severity: 'SEV1' }),
      told([0, ADA, { type: 'fixes.frozen', reason: '' }]),
      incident('a-5', {}, { type: 'incident.closed' }),
    ]).map((state) => state.incident?.id);
    expect(ids).toEqual(['a-4', 'a-3', 'a-2', 'a-1']);
  });

  it('say age, room, hosts and who is on it', () => {
    const shown = documentText(
      listIncidents(
        [
          incident('a-1', { hosts: ['web-1', 'web-2'] }),
          incident('a-2', { severity: 'SEV3' }, ACK),
        ],
        READER,
      ),
    );
    expect(shown).toContain('2 open incidents, 1 that nobody has acknowledged');
    expect(shown).toContain(
      'SEV2 active title of a-1 · #C1ROOM · web-[1-2] · for 1 h 5 min · nobody has acknowledged',
    );
    expect(shown).toContain('acknowledged by @UADA');
  });

  it('say that one is a storm, and of how many alerts', () => {
    const alerts = Array.from({ length: 214 }, (_, n) => alertEvent(`a${n}`));
    const shown = documentText(
      listIncidents([incident('a-1', { storm: true }, ...alerts)], READER),
    );
    expect(shown).toContain('storm of 214 alerts');
  });

  it('keep the title and hosts of a private one to those who are in it', () => {
    const secret = incident('a-1', { private: true, hosts: ['vault-1'] });
    for (const shown of [text([secret]), documentText(listIncidents([secret], READER))]) {
      expect(shown).toContain('SEV2 active (private) · #C1ROOM');
      expect(shown).not.toContain('title of');
      expect(shown).not.toContain('vault-1');
    }
    const invited = incident('a-1', { private: true, invite: ['UADA'] });
    expect(text([invited])).toContain('title of a-1');
  });

  it('are forty at most, and the rest is counted', () => {
    const many = Array.from({ length: 60 }, (_, n) => incident(`a-${n}`));
    expect(documentText(listIncidents(many, READER))).toContain('… and 20 more');
    expect(text(many)).toContain('… and 40 more: /incident list');
  });
});

describe('the App Home', () => {
  it('says how to begin when nothing is open', () => {
    expect(home([]).summary).toBe('Nothing is open, nothing waits');
    expect(text([])).toContain('/diag disk host-17');
    expect(text([])).toContain('/incident open');
  });

  it('shows what waits for one’s approval first, and where', () => {
    const approval: WaitingApproval = {
      what: 'truncate-deleted-file on host-17',
      askedBy: person('UGRACE'),
      expiresAt: after(80),
      channel: 'C1ROOM',
      link: 'https://chat.example/archives/C1ROOM/p1',
    };
    expect(home([incident('a-1')], [approval]).summary).toBe(
      '1 approval waits for you · 1 open incident, which nobody has acknowledged',
    );
    expect(text([incident('a-1')], [approval])).toContain(
      'truncate-deleted-file on host-17, asked for by @UGRACE, until 04:20 UTC, in #C1ROOM',
    );
    expect(
      text(
        [],
        Array.from({ length: 12 }, () => approval),
      ),
    ).toContain('… and 2 more');
  });

  it('puts one’s own incidents before the others, with one’s roles', () => {
    const shown = text([
      incident('a-1', { severity: 'SEV1' }),
      incident('a-2', {}, ACK),
      incident('a-3', {}, { type: 'role.assigned', role: 'commander', user: 'UADA' }),
    ]);
    const at = (needle: string) => shown.indexOf(needle);
    expect(at('Yours')).toBeLessThan(at('title of a-3'));
    expect(at('title of a-2')).toBeLessThan(at('Other open incidents'));
    expect(at('Other open incidents')).toBeLessThan(at('title of a-1'));
    expect(shown).toContain('you are commander');
  });

  it('has a button to acknowledge below each incident that nobody is on, and no other', () => {
    const { blocks } = home([incident('a-1'), incident('a-2', {}, ACK)]);
    expect(blocks.filter(({ kind }) => kind === 'actions')).toEqual([
      {
        kind: 'actions',
        actions: [expect.objectContaining({ action: 'incident.ack', value: 'a-1' })],
      },
    ]);
  });

  it('says that all fixes are frozen', () => {
    expect(text([], [], 'since 03:00: a bad day')).toContain('All fixes are frozen (since 03:00');
  });

  it('tells somebody without a role what this is, and names no incident', () => {
    const shown = documentText(strangerHome());
    expect(shown).toContain('neither an operator nor an approver');
    expect(shown).not.toContain('/incident');
  });
});
