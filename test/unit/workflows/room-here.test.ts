import { describe, expect, it } from 'vitest';
import { incidentDesk } from '../../../src/app/desk/incident.ts';
import { changeIncident } from '../../../src/workflows/incident/change-incident.ts';
import { openIncident } from '../../../src/workflows/incident/open-incident.ts';
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

  it('leaves the topic of that channel alone, whatever changes', async () => {
    const war = createWarRoom();
    const person = { team: 'T1', user: 'UADA' };
    const adopt = war.chat.addChannel('payments');
    await war.chat.setTopic(adopt, 'All about payments');
    const { stream } = await openIncident(war.deps, {
      actor: { kind: 'person', ...person },
      title: 'payments are slow',
      severity: 'SEV2',
      state: 'active',
      hosts: [],
      invite: [],
      adopt,
      claims: [],
      diagnose: [],
    });
    const change = { change: 'severity', severity: 'SEV1' } as const;
    // Before it is its room, and after.
    await changeIncident(war.deps, { stream, person, change });
    await war.settle();
    await changeIncident(war.deps, { stream, person, change: { change: 'resolve', reason: '' } });
    await war.settle();
    expect((await war.incident(stream)).incident?.room?.channel).toBe(adopt);
    expect(war.chat.rooms.get(adopt)?.topic).toBe('All about payments');
  });
});
