import { describe, expect, it } from 'vitest';
import { homeDesk } from '../../../src/app/desk/home.ts';
import type { CaseEvent } from '../../../src/core/incident/event.ts';
import type { Person } from '../../../src/core/person.ts';
import type { Outbox } from '../../../src/ports/outbox.ts';
import { approveFix } from '../../../src/workflows/fix/approve-fix.ts';
import { denyFix } from '../../../src/workflows/fix/deny-fix.ts';
import { requestFix } from '../../../src/workflows/fix/request-fix.ts';
import { readCase, transact } from '../../../src/workflows/record/transact.ts';
import { documentText } from '../../support/document-text.ts';
import { createFakeChat } from '../../support/fake-chat.ts';
import { createFixLab, type FixLab, person, STREAM, WHO } from '../../support/fix-lab.ts';

/** The lab's incident is in the list of open ones only when it was opened by the workflow. */
async function lab(): Promise<FixLab> {
  const made = await createFixLab();
  const actor = { kind: 'person', ...WHO.declarer } as const;
  await transact(made.deps, { stream: STREAM, actor }, () => ({
    events: [{ type: 'room.opened', channel: 'C1ROOM', name: 'inc-20261120-7' }],
    open: true,
  }));
  return made;
}

const chat = createFakeChat();
const homeOf = (deps: FixLab['deps'], who: Person, outbox: Pick<Outbox, 'ref'> = nothingPosted) =>
  homeDesk({ ...deps, outbox, chat }).home({ person: who });
const nothingPosted = { ref: async () => null };

const shown = async ({ deps }: FixLab, who: Person): Promise<string> =>
  documentText(await homeOf(deps, who));

describe('the App Home and fixes', () => {
  it('shows a fix to who may approve it, and not to who asked or looked', async () => {
    const made = await lab();
    await made.requested();
    const waits = await shown(made, WHO.approver);
    expect(waits).toContain('1 approval waits for you');
    expect(waits).toContain('on host-17, asked for by @UREQUEST');
    expect(waits).toContain('#C1ROOM');
    const channel = chat.addChannel('inc');
    const ts = chat.say(channel, 'UBOT', 'Approval needed');
    const home = await homeOf(made.deps, WHO.approver, { ref: async () => ({ channel, ts }) });
    expect(JSON.stringify(home)).toContain(`https://chat.example/archives/${channel}/p`);
    chat.fail({ method: 'permalink', kind: 'unavailable' });
    const plain = await homeOf(made.deps, WHO.approver, { ref: async () => ({ channel, ts }) });
    expect(JSON.stringify(plain)).not.toContain('https://');
    expect(documentText(plain)).toContain('1 approval waits for you');
    for (const who of [WHO.requester, WHO.runner, WHO.declarer]) {
      expect(await shown(made, who)).toContain('1 open incident, which nobody');
      expect(await shown(made, who)).not.toContain('approval');
    }
  });

  it('shows it no more when it was approved', async () => {
    const made = await lab();
    const value = await made.requested();
    await approveFix(made.deps, { value, person: WHO.approver });
    expect(await shown(made, WHO.approver)).not.toContain('approval');
  });

  it('shows it no more when its host has left the inventory, and everything else still', async () => {
    const made = await lab();
    await made.requested();
    made.deps.inventory = new Map();
    expect(await shown(made, WHO.approver)).toContain('1 open incident');
    expect(await shown(made, WHO.approver)).not.toContain('approval');
  });

  it('names no host of a private incident to an approver who is not in it', async () => {
    const made = await lab();
    await made.requested();
    const { journal } = made.deps;
    made.deps.journal = {
      ...journal,
      read: async (stream) =>
        (await journal.read(stream)).map((record) =>
          record.event.type === 'incident.opened'
            ? { ...record, event: { ...record.event, private: true } }
            : record,
        ),
    };
    const home = await shown(made, WHO.approver);
    expect(home).toContain('sample (private), asked for by @UREQUEST');
    expect(home).not.toContain('host-17');
  });

  it('tells somebody without a role nothing of what happens', async () => {
    const made = await lab();
    await made.requested();
    for (const who of [WHO.stranger, person('UAPPROVE', 'T2')]) {
      expect(await shown(made, who)).toContain('neither an operator nor an approver');
      expect(await shown(made, who)).not.toContain('Disk full');
    }
  });

  it('finds a fix that was asked for outside of an incident, until somebody decides', async () => {
    const made = await lab();
    const value = await made.requested();
    const stream = 'run-r1';
    const events = (await made.store.journal.read(STREAM)).filter(
      ({ event }) => event.type.startsWith('run.') || event.type.startsWith('fix.'),
    );
    await denyFix(made.deps, { value, person: WHO.approver });
    const run = events.map(({ event }) => elsewhere(event));
    const actor = { kind: 'person', ...WHO.runner } as const;
    await transact(made.deps, { stream, actor }, () => ({ events: run.slice(0, -1) }));
    expect(await made.store.journal.open()).toEqual([STREAM]);
    const digest = (await readCase(made.store.journal, stream)).fixes.get(value.fix)?.digest ?? '';
    const asked = { stream, fix: value.fix, digest };
    await requestFix(made.deps, { value: asked, person: WHO.requester });
    expect(await made.store.journal.open()).toEqual([STREAM, stream]);
    expect(await shown(made, WHO.approver)).toContain(', in #C0GENERAL');
    await denyFix(made.deps, { value: asked, person: WHO.approver });
    expect(await made.store.journal.open()).toEqual([STREAM]);
  });
});

function elsewhere(event: CaseEvent): CaseEvent {
  return event.type === 'run.started' ? { ...event, lane: 'channel:C0GENERAL' } : event;
}
