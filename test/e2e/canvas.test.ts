import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeenChannel } from '../../src/workspace/control/look.ts';
import type { WorkspaceOptions } from '../../src/workspace/settings.ts';
import { ADA, createInstallation, type Installation } from '../support/installation.ts';
import { rooms, WAIT } from '../support/observe.ts';
import { OPSGENIE_TOKEN, opsgenieAlert, postAlert } from '../support/opsgenie-alert.ts';
import type { RoleProcess } from '../support/role-process.ts';

const CREATE = 'conversations.canvases.create';
const EDIT = 'canvases.edit';
const ADDRESS = { sources: { opsgenie: { token: OPSGENIE_TOKEN } } };
const ROUTES = [{ match: {}, severity: 'SEV2', invite: [ADA], groupBy: ['host'] }];

async function install(workspace: WorkspaceOptions): Promise<Installation> {
  return await createInstallation({
    rateLimits: 'off',
    workspace,
    hosts: ['host-1', 'host-2'],
    settings: { alerts: { ...ADDRESS, routes: ROUTES }, incidents: { canvas: true } },
  });
}

async function opened(site: Installation, web: RoleProcess, host: string): Promise<SeenChannel> {
  expect(await postAlert(web.address, opsgenieAlert({ id: host, host }))).toBe(202);
  return await vi.waitFor(() => {
    const room = rooms(site).find(({ name, members }) => {
      return name.includes(`on-${host}`) && members.includes(ADA);
    });
    if (room === undefined) throw new Error(`no room of ${host}`);
    return room;
  }, WAIT);
}

function sections(site: Installation, room: SeenChannel): string[] {
  const { canvas } = site.workspace.control.channel(room.id) ?? {};
  return (canvas?.sections ?? []).map(({ markdown }) => markdown);
}

async function untilItSays(site: Installation, room: SeenChannel, text: string): Promise<string[]> {
  return await vi.waitFor(() => {
    const shown = sections(site, room);
    expect(shown[0]).toContain(text);
    return shown;
  }, WAIT);
}

function lines(site: Installation, room: SeenChannel): string[] {
  return site.workspace.control
    .messages(room.id)
    .filter(({ text }) => text.includes('canvas'))
    .map(({ text }) => text);
}

describe('a room whose canvas is a handover page', () => {
  let site: Installation;
  let web: RoleProcess;

  beforeAll(async () => {
    site = await install({});
    web = await site.start('web');
  });
  afterAll(() => site?.close());
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));

  it('says what stands, is made once although Slack lost an answer, and keeps what people write', async () => {
    const { control } = site.workspace;
    control.addFault({ method: CREATE, kind: 'reset-after' });
    control.addFault({ method: EDIT, kind: 'rate-limit', retryAfterSeconds: 1 });
    const room = await opened(site, web, 'host-1');
    await untilItSays(site, room, 'SEV2 active: disk usage above 75 % on host-1');
    control.writeCanvas(ADA, room.id, 'The data centre calls back at four.');
    await control.slash(ADA, room.id, '/incident', 'severity SEV1');
    const shown = await untilItSays(site, room, 'SEV1 active');
    expect(shown.filter((text) => text.includes('Housecall handover'))).toHaveLength(1);
    expect(shown).toContain('The data centre calls back at four.');
    expect(lines(site, room)).toEqual([]);
  });

  it('is told of once when somebody deletes it, and never made again', async () => {
    const { control } = site.workspace;
    const room = await opened(site, web, 'host-2');
    await untilItSays(site, room, 'SEV2 active');
    control.deleteCanvas(ADA, room.id);
    for (const severity of ['SEV1', 'SEV3']) {
      await control.slash(ADA, room.id, '/incident', `severity ${severity}`);
      await vi.waitFor(() => expect(lines(site, room)).toHaveLength(1), WAIT);
    }
    expect(sections(site, room)).toEqual([]);
    expect(lines(site, room)[0]).toMatch(/^The handover canvas is off here: .*canvas_/);
  });
});

describe('a workspace where no canvas may be made', () => {
  let site: Installation | undefined;
  afterAll(() => site?.close());

  it('gets one line in the room, and the incident goes on', async () => {
    site = await install({ canvases: 'none' });
    const web = await site.start('web');
    const room = await opened(site, web, 'host-1');
    const { control, requestLog } = site.workspace;
    const told = await vi.waitFor(() => {
      const found = site === undefined ? [] : lines(site, room);
      expect(found).toHaveLength(1);
      return found;
    }, WAIT);
    expect(told[0]).toContain('team_tier_cannot_create_channel_canvases');
    await control.slash(ADA, room.id, '/incident', 'severity SEV1');
    await control.waitFor(() => control.channel(room.id)?.topic.startsWith('SEV1'), 60_000);
    expect(lines(site, room)).toHaveLength(1);
    expect(requestLog.filter(({ method }) => method === CREATE)).toHaveLength(1);
  });
});
