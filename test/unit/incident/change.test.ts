import { describe, expect, it } from 'vitest';
import { changeIncident } from '../../../src/workflows/incident/change-incident.ts';
import { createWarRoom } from '../../support/war-room.ts';

const ID = '20261120-1';
const ADA = { team: 'T1', user: 'UADA' };

/** An incident about host-17, and what its room is told of a change. */
async function incident() {
  const war = createWarRoom();
  await war.opsgenie('Create');
  await war.settle();
  const hosts = async (change: 'add-hosts' | 'remove-hosts', ...names: string[]) => {
    await changeIncident(war.deps, { stream: ID, person: ADA, change: { change, hosts: names } });
    await war.settle();
    const { messages } = war.chat.room(`inc-${ID}-disk-usage-above-75-on-host-17`);
    return messages.at(-1)?.text;
  };
  return { hosts, now: async () => (await war.incident(ID)).incident?.hosts };
}

describe('the hosts that an incident is about', () => {
  it('are added once; the room hears of those that are new', async () => {
    const { hosts, now } = await incident();
    expect(await hosts('add-hosts', 'host-17', 'host-18', 'host-18')).toContain('added host-18');
    expect(await now()).toEqual(['host-17', 'host-18']);
  });

  it('are taken away; the room hears of those that were there', async () => {
    const { hosts, now } = await incident();
    await hosts('add-hosts', 'host-18');
    expect(await hosts('remove-hosts', 'host-18', 'web-1')).toContain('removed host-18');
    expect(await now()).toEqual(['host-17']);
  });

  it('are left alone where there is nothing to change, and that is said', async () => {
    const { hosts } = await incident();
    await expect(hosts('add-hosts', 'host-17')).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: `incident ${ID} is already about host-17`,
    });
    await expect(hosts('remove-hosts', 'web-1')).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: `incident ${ID} is not about web-1: it is about host-17`,
    });
    await hosts('remove-hosts', 'host-17');
    await expect(hosts('remove-hosts', 'web-1')).rejects.toMatchObject({
      message: `incident ${ID} is not about web-1: it has no hosts`,
    });
  });
});
