import { expect, it } from 'vitest';
import { emptyCase, foldEvents } from '../../../src/core/incident/case.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import type { LeasedRow } from '../../../src/ports/outbox.ts';
import { failureRows } from '../../../src/workflows/outbox/failure-rows.ts';
import { HOUSECALL, OPENED } from '../../support/case-at.ts';

const row: LeasedRow = {
  id: 'r1',
  lane: 'mail:20261120-1',
  stream: '20261120-1',
  since: '2026-11-20T12:00:00.000Z',
  uncertain: false,
  attempts: 0,
  superseded: false,
  operation: { op: 'mail.send', to: [], subject: 's', document: { summary: 's', blocks: [] } },
};
const reason = 'e-mail "SEV2: payroll was stolen" by mail.example.org:465: 550 no';

it.each([true, false])(
  'a room that Slack refuses is told in public, of a private incident (%s) without its name',
  (isPrivate) => {
    const opened = { ...OPENED, private: isPrivate } as CaseEvent;
    const state = foldEvents(emptyCase(row.stream), [opened], { at: row.since, actor: HOUSECALL });
    const name = 'inc-20261120-1-payroll-was-stolen';
    const operation = { op: 'room.open', name } as const;
    const refused = {
      row: { ...row, lane: 'room:20261120-1', operation } as const,
      reason: `slack conversations.create (${name}): restricted_action`,
    };
    const told = JSON.stringify(failureRows('C0OPS', state, refused));
    expect(told).toContain('restricted_action');
    expect(told.includes('payroll')).toBe(!isPrivate);
  },
);

it.each([true, false])(
  'an e-mail that failed before there is a room is told in public, of a private incident (%s) without its subject',
  (isPrivate) => {
    const opened = { ...OPENED, private: isPrivate } as CaseEvent;
    const said = { at: row.since, actor: HOUSECALL };
    const state = foldEvents(emptyCase(row.stream), [opened], said);
    const told = JSON.stringify(failureRows('C0OPS', state, { row, reason }));
    expect(told).toContain('mail.send failed');
    expect(told.includes('payroll')).toBe(!isPrivate);
  },
);
