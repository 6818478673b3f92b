import { expect, it } from 'vitest';
import { endMailRows, updateRows } from '../../../src/core/escalation/update-document.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import { ADA, at, caseAt } from '../../support/case-at.ts';

const REACH = { mail: true, stakeholders: ['ops@example.org'], timeZone: 'UTC' };
const update: CaseEvent = { type: 'update.posted', text: 'we look at it' };
const resolved: CaseEvent = { type: 'incident.resolved', reason: '', via: 'slack' };

it.each([
  [true, []],
  [false, ['mail:20261120-1']],
])(
  'of a private incident (%s) nobody outside of its room hears, not of its end either',
  (isPrivate, mailed) => {
    const opened = { private: isPrivate };
    const told = caseAt([[1, update, ADA]], opened);
    const over = caseAt(
      [
        [1, update, ADA],
        [2, resolved, ADA],
      ],
      opened,
    );
    const rows = updateRows(told, { announceChannel: 'C0OPS', reach: REACH, now: at(1) });
    const beside = rows.map(({ lane }) => lane).filter((lane) => !lane.startsWith('room:'));
    expect(beside).toEqual(isPrivate ? [] : ['channel:C0OPS', ...mailed]);
    expect(endMailRows(told, over, REACH).map(({ lane }) => lane)).toEqual(mailed);
  },
);
