import type { EscalationPolicy } from '../../src/core/escalation/policy.ts';
import type { CaseState } from '../../src/core/incident/case.ts';
import type { IncidentChange } from '../../src/core/incident/change.ts';
import { changeIncident } from '../../src/workflows/incident/change-incident.ts';
import { deliverOne } from '../../src/workflows/outbox/deliver-outbox.ts';
import { createLastHeard } from '../../src/workflows/paging/last-heard.ts';
import { nudgeIncident } from '../../src/workflows/paging/nudge-incident.ts';
import { POLICY } from './escalation-policy.ts';
import type { FakeChat } from './fake-chat.ts';
import { createFakeMailer } from './fake-mailer.ts';
import { createWarRoom } from './war-room.ts';

export const ADA = 'UADA';
export const GRACE = 'UGRACE';
export const LINUS = 'ULINUS';
export const ON_CALL = 'SONCALL';

type Messages = ReturnType<FakeChat['room']>['messages'];

/** A war room with people to call, e-mail, and hands that move the time. */
export function createPagingSite(policy: Partial<EscalationPolicy> = {}) {
  const war = createWarRoom();
  const mailer = createFakeMailer();
  for (const id of [ADA, GRACE, LINUS]) {
    const name = id.slice(1).toLowerCase();
    war.chat.addPerson(id, { name, email: `${name}@example.org` });
  }
  war.chat.addGroup(ON_CALL, [GRACE, LINUS]);
  // The same deps deliver: one object.
  const deps = Object.assign(war.deps, {
    mailer,
    policy: { ...POLICY, ...policy },
    lastHeard: createLastHeard(war.store.roomLog),
  });

  /** One look of one process at every open incident; nothing is delivered yet. */
  const look = async (): Promise<void> => {
    for (const stream of await war.store.journal.open()) await nudgeIncident(deps, stream);
  };
  const messages = (name: string): Messages =>
    [...war.chat.rooms.values()].find((room) => room.name === name)?.messages ?? [];

  return {
    ...war,
    deps,
    mailer,
    look,
    /** Time passes minute by minute, as processes look; what they say is delivered. */
    async pass(minutes: number): Promise<void> {
      for (let n = 0; n < minutes; n += 1) {
        war.clock.advance(60_000);
        await look();
        // What is said comes before what waits for its being said.
        while (await deliverOne(deps)) {
          // until every lane is empty or waits
        }
        await war.settle();
      }
    },
    /** An alert that has opened its room. */
    async open(): Promise<string> {
      await war.opsgenie('Create');
      await war.settle();
      const [stream = ''] = await war.store.journal.open();
      return stream;
    },
    async change(stream: string, change: IncidentChange, user = ADA): Promise<CaseState> {
      const state = await changeIncident(deps, { stream, person: { team: 'T1', user }, change });
      await war.settle();
      return state;
    },
    /** What somebody was told in direct messages, as it stands now. */
    told: (user: string): Messages => messages(`dm-${user}`),
    room: (stream: string): Messages =>
      [...war.chat.rooms.values()].find(({ name }) => name.startsWith(`inc-${stream}-`))
        ?.messages ?? [],
  };
}
