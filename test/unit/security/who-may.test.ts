import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/adapters/slack/desk.ts';
import { diagDesk } from '../../../src/app/desk/diag.ts';
import { formDesk } from '../../../src/app/desk/forms.ts';
import { incidentDesk } from '../../../src/app/desk/incident.ts';
import { parseDiag } from '../../../src/core/slash/diag.ts';
import { INCIDENT_USAGE } from '../../../src/core/slash/incident.ts';
import { parseIncident } from '../../../src/core/slash/parse-incident.ts';
import { createAddressBook } from '../../../src/workflows/paging/address-book.ts';
import { createWarRoom, echo } from '../../support/war-room.ts';

const ID = '20261120-1';

/** An incident with its room, and everything that a person could ask for there. */
async function site() {
  const war = createWarRoom();
  const parts = {
    ...war.deps,
    book: createAddressBook(war.chat),
    diagnostics: [echo],
    fixes: [],
    roles: async () => ({ team: 'T1', operators: ['UADA'], approvers: ['UGRACE'] }),
  };
  await war.opsgenie('Create');
  await war.settle();
  const channel = (await war.incident(ID)).incident?.room?.channel ?? '';
  const desk = { ...incidentDesk(parts), ...diagDesk(parts), ...formDesk(parts) };
  return { war, desk, channel };
}

type Ask = (desk: Awaited<ReturnType<typeof site>>['desk'], caller: Caller) => Promise<unknown>;

const typed = Object.values(INCIDENT_USAGE).map((usage): [string, Ask] => {
  const text = usage
    .replace(/ \[.*$/, '')
    .replace('add|remove', 'add')
    .replace('@ada', '<@UADA>')
    .replace('<title>', 'title')
    .replace('<text>', 'text');
  return [`/incident ${text}`, (desk, caller) => desk.incident(parseIncident(text), caller)];
});

const looked = ['list', 'hosts', 'echo host-17'].map((text): [string, Ask] => [
  `/diag ${text}`,
  (desk, caller) => desk.diag(parseDiag(text, ['echo']), caller),
]);

const inputs = { severity: 'SEV1', role: 'commander', user: 'UADA', text: 'text', eta: '' };
const forms = (['incident.severity', 'incident.role', 'incident.update'] as const).flatMap(
  (which): [string, Ask][] => [
    [`the dialog ${which}`, (desk, caller) => desk.form(which, ID, caller)],
    [`sending ${which}`, (desk, caller) => desk.submit(which, { metadata: ID, inputs }, caller)],
  ],
);

const clicks: [string, Ask][] = [
  ['incident.ack', (desk, caller) => desk.acknowledge(ID, caller)],
  ['incident.resolve', (desk, caller) => desk.resolve(ID, caller)],
  ['incident.keep', (desk, caller) => desk.keepOpen(ID, caller)],
  ['incident.close', (desk, caller) => desk.close(ID, caller)],
  ['run.cancel', (desk, caller) => desk.cancelRun(`${ID} r1`, caller)],
  ['next.run', (desk, caller) => desk.nextRun('{}', caller)],
];

describe('whoever was paged', () => {
  it('may acknowledge by button and by command without a role, and nothing else', async () => {
    for (const answer of [
      (desk: Parameters<Ask>[0], caller: Caller) => desk.acknowledge(ID, caller),
      (desk: Parameters<Ask>[0], caller: Caller) => desk.incident(parseIncident('ack'), caller),
    ]) {
      const { war, desk, channel } = await site();
      war.chat.addPerson('UNEW', { name: 'Newcomer' });
      const ada = { person: { team: 'T1', user: 'UADA' }, channel };
      await desk.incident(parseIncident('page <@UNEW>'), ada);
      const caller = { person: { team: 'T1', user: 'UNEW' }, channel };
      await answer(desk, caller);
      expect((await war.incident(ID)).incident?.acknowledged?.by).toMatchObject({ user: 'UNEW' });
      await expect(desk.resolve(ID, caller)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    }
  });
});

describe('whoever is in a user group that was paged', () => {
  it('may acknowledge, also when Slack did not say then who is in it', async () => {
    const { war, desk, channel } = await site();
    war.chat.addPerson('UNEW', { name: 'Newcomer' });
    war.chat.addGroup('SNIGHT', ['UNEW']);
    war.chat.fail({ method: 'members', kind: 'unavailable', times: 1 });
    const ada = { person: { team: 'T1', user: 'UADA' }, channel };
    await desk.incident(parseIncident('page <!subteam^SNIGHT>'), ada);
    expect((await war.incident(ID)).incident?.pages[0]?.called).toEqual([]);
    const stranger = { person: { team: 'T1', user: 'UNOBODY' }, channel };
    await expect(desk.acknowledge(ID, stranger)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await desk.acknowledge(ID, { person: { team: 'T1', user: 'UNEW' }, channel });
    expect((await war.incident(ID)).incident?.acknowledged?.by).toMatchObject({ user: 'UNEW' });
  });
});

describe('without a role, in the room of an incident', () => {
  it.each([...typed, ...looked, ...forms, ...clicks])(
    '%s is refused and changes nothing',
    async (_, ask) => {
      const { war, desk, channel } = await site();
      const before = JSON.stringify(await war.store.journal.read(ID));
      for (const person of [
        { team: 'T1', user: 'UNOBODY' },
        // The id of an operator, in another organisation.
        { team: 'T2', user: 'UADA' },
      ]) {
        await expect(ask(desk, { person, channel })).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
      }
      expect(JSON.stringify(await war.store.journal.read(ID))).toBe(before);
      const unknown = desk.incident(parseIncident('ack 20260101-1'), {
        person: { team: 'T1', user: 'UNOBODY' },
        channel,
      });
      await expect(unknown).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
      expect(await war.store.journal.open()).toEqual([ID]);
      expect(war.store.jobs).toEqual([]);
    },
  );
});
