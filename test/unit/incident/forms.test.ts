import { beforeEach, describe, expect, it } from 'vitest';
import type { Caller, IncidentForm } from '../../../src/adapters/slack/desk.ts';
import { formDesk } from '../../../src/app/desk/forms.ts';
import { openIncident } from '../../../src/workflows/incident/open-incident.ts';
import { documentText } from '../../support/document-text.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ADA: Caller = { person: { team: 'T1', user: 'UADA' }, channel: 'C1' };
const LINUS: Caller = { person: { team: 'T1', user: 'ULINUS' }, channel: 'C1' };

describe('the dialogs of the panel', () => {
  let room: ReturnType<typeof createWarRoom>;
  let desk: ReturnType<typeof formDesk>;
  let id: string;
  let operators = ['UADA'];

  beforeEach(async () => {
    room = createWarRoom();
    operators = ['UADA'];
    desk = formDesk({
      ...room.deps,
      diagnostics: [],
      fixes: [],
      roles: async () => ({ team: 'T1', operators, approvers: [] }),
    });
    const state = await openIncident(room.deps, {
      actor: { kind: 'person', ...ADA.person },
      title: 'shop is down',
      severity: 'SEV3',
      state: 'active',
      hosts: [],
      invite: [],
      claims: [],
      diagnose: [],
    });
    id = state.stream;
  });

  const now = async () => (await room.incident(id)).incident;
  const send = (which: IncidentForm, inputs: Record<string, string>) =>
    desk.submit(which, { metadata: id, inputs }, ADA);

  it('say where an update goes, of a private incident nowhere else', async () => {
    const shown = async (stream: string): Promise<string> =>
      JSON.stringify((await desk.form('incident.update', stream, ADA)).blocks);
    expect(await shown(id)).toContain('the announcement channel');
    const { stream } = await openIncident(room.deps, {
      actor: { kind: 'person', ...ADA.person },
      title: 'keys were stolen',
      severity: 'SEV3',
      state: 'active',
      hosts: [],
      invite: [],
      private: true,
      claims: [],
      diagnose: [],
    });
    expect(await shown(stream)).toContain('is private: goes to the room alone');
    expect(await shown(stream)).not.toContain('the announcement channel');
  });

  it('say which incident, start with what is so now, and carry its id alone', async () => {
    const severity = await desk.form('incident.severity', id, ADA);
    expect(severity).toMatchObject({
      id: 'incident.severity',
      metadata: id,
      inputs: [{ id: 'severity', initial: 'SEV3' }],
    });
    expect(documentText({ summary: '', blocks: severity.blocks })).toContain('shop is down');
    const role = await desk.form('incident.role', id, ADA);
    expect(role.inputs).toMatchObject([
      { id: 'role', initial: 'commander' },
      { id: 'user', person: true, initial: 'UADA' },
    ]);
    expect((await desk.form('incident.update', id, ADA)).inputs.map((input) => input.id)).toEqual([
      'text',
      'eta',
    ]);
  });

  it('change the severity, give a role, and tell the stakeholders', async () => {
    await send('incident.severity', { severity: 'SEV1' });
    await send('incident.role', { role: 'commander', user: 'UGRACE' });
    await send('incident.update', { text: ' checkout is back ', eta: '' });
    expect(await now()).toMatchObject({
      severity: 'SEV1',
      roles: { commander: 'UGRACE' },
      updates: [{ text: 'checkout is back', by: { user: 'UADA' } }],
    });
    expect((await desk.form('incident.role', id, ADA)).inputs[0]?.initial).not.toBe('commander');
    const update = await desk.form('incident.update', id, ADA);
    expect(documentText({ summary: '', blocks: update.blocks })).toContain('checkout is back');
  });

  it.each([
    ['incident.severity', { severity: 'SEV9' }, 'severity'],
    ['incident.severity', { severity: 'SEV3' }, 'severity'],
    ['incident.role', { role: 'king', user: 'UADA' }, 'role'],
    ['incident.role', { role: 'scribe', user: '' }, 'user'],
    ['incident.update', { text: '   ', eta: '30m' }, 'text'],
    ['incident.update', { text: 'soon', eta: 'tomorrow' }, 'eta'],
    ['incident.update', { text: 'soon', eta: '25h' }, 'eta'],
  ] as const)('%s with %j is refused at the input %s', async (which, inputs, input) => {
    const before = await now();
    await expect(send(which, inputs)).rejects.toMatchObject({
      code: 'PARAMS_INVALID',
      context: { input },
    });
    expect(await now()).toEqual(before);
  });

  it('giving somebody the role they have is refused at the person', async () => {
    await send('incident.role', { role: 'scribe', user: 'UADA' });
    await expect(send('incident.role', { role: 'scribe', user: 'UADA' })).rejects.toMatchObject({
      message: 'They are scribe already',
      context: { input: 'user' },
    });
  });

  it('open for those with a role in Housecall, and who lost it meanwhile sends nothing', async () => {
    await expect(desk.form('incident.update', id, LINUS)).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    await desk.form('incident.update', id, ADA);
    operators = [];
    await expect(send('incident.update', { text: 'x' })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    });
    expect((await now())?.updates).toEqual([]);
  });

  it('know no incident but those there are', async () => {
    await expect(desk.form('incident.role', '20200101-1', ADA)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(
      desk.submit('incident.role', { metadata: '', inputs: {} }, ADA),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
