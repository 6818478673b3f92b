import { describe, expect, it } from 'vitest';
import { incidentDesk } from '../../../src/app/desk/incident.ts';
import { createAddressBook } from '../../../src/workflows/paging/address-book.ts';
import { createWarRoom, echo } from '../../support/war-room.ts';

describe('/incident open room=here', () => {
  it('where Housecall cannot enter opens no incident, and whoever asked hears why', async () => {
    const war = createWarRoom();
    const desk = incidentDesk({
      ...war.deps,
      book: createAddressBook(war.chat),
      diagnostics: [echo],
      fixes: [],
      roles: async () => ({ team: 'T1', operators: ['UADA'], approvers: [] }),
    });
    const command = { kind: 'open', title: 'x', severity: null, hosts: null } as const;
    const asked = desk.incident(
      { ...command, here: true, private: false },
      { person: { team: 'T1', user: 'UADA' }, channel: 'D0ADA' },
    );
    await expect(asked).rejects.toThrow(/cannot enter this channel/);
    expect(await war.store.journal.open()).toEqual([]);
  });
});
