import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Incident } from '../../src/core/incident/case.ts';
import { emptyCase, reduceCase } from '../../src/core/incident/case.ts';
import type { SeenMessage } from '../../src/workspace/control/look.ts';
import { ADA, createInstallation, GRACE, type Installation } from '../support/installation.ts';
import { expectOnceInOrder, rooms, streamOf, untilAllSaid, WAIT } from '../support/observe.ts';
import { OPSGENIE_TOKEN, opsgenieAlert, postAlert } from '../support/opsgenie-alert.ts';
import type { RoleProcess } from '../support/role-process.ts';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts';

/** A minute of the configuration lasts this long. */
const TIMES = { minuteMs: 400, nudgeMs: 100 };

describe('an incident that nobody acknowledges', () => {
  let smtp: TestSmtpServer;
  let site: Installation;
  let web: RoleProcess;
  let alerts = 0;

  beforeAll(async () => {
    smtp = await startSmtpServer();
    site = await createInstallation({
      hosts: ['host-1', 'host-2', 'host-3', 'host-4', 'host-5', 'host-6'],
      rateLimits: 'off',
      settings: {
        alerts: {
          sources: { opsgenie: { token: OPSGENIE_TOKEN } },
          routes: [{ match: {}, severity: 'SEV2', invite: [ADA], groupBy: ['host'] }],
        },
        escalation: {
          ackMinutes: 2,
          steps: [{ page: [ADA] }, { page: [GRACE], afterMinutes: 3 }],
          repeat: 50,
          acknowledgedMinutes: 0,
        },
        incidents: { idleHours: 0 },
        email: { smtpUrl: smtp.url, from: 'housecall@example.org' },
      },
    });
    web = await site.start('web', { times: TIMES });
  });
  afterAll(async () => {
    await site?.close();
    await smtp?.close();
  });
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));

  async function opened(host: string): Promise<string> {
    alerts += 1;
    expect(await postAlert(web.address, opsgenieAlert({ id: `a${alerts}`, host }))).toBe(202);
    return await vi.waitFor(() => {
      const room = rooms(site).find(({ name }) => name.includes(`on-${host}`));
      expect(room).toBeDefined();
      return room === undefined ? '' : streamOf(room);
    }, WAIT);
  }

  async function incidentOf(stream: string): Promise<Incident> {
    const records = await site.store.journal.read(stream);
    const { incident } = records.reduce(reduceCase, emptyCase(stream));
    if (incident === null) throw new Error(`no incident ${stream}`);
    return incident;
  }

  async function untilPaged(stream: string, times: number): Promise<Incident> {
    return await vi.waitFor(async () => {
      const incident = await incidentOf(stream);
      expect(incident.pages.length).toBeGreaterThanOrEqual(times);
      return incident;
    }, WAIT);
  }

  /** What Housecall wrote to somebody about one incident. */
  function told(user: string, host: string): readonly SeenMessage[] {
    const direct = site.workspace.control
      .channels()
      .find(({ kind, members }) => kind === 'im' && members.includes(user));
    if (direct === undefined) return [];
    return site.workspace.control
      .messages(direct.id)
      .filter((message) => JSON.stringify(message).includes(host));
  }

  /** Pages of another incident go on: so many steps were due meanwhile. */
  async function whileOthersArePaged(stream: string): Promise<void> {
    const { pages } = await incidentOf(stream);
    await untilPaged(stream, pages.length + 3);
  }

  /** Ends its paging, so that nothing goes on behind the next test. */
  async function acknowledged(stream: string): Promise<void> {
    const { room } = await incidentOf(stream);
    await site.workspace.control.slash(ADA, room?.channel ?? '', '/incident', 'ack');
    await vi.waitFor(async () => {
      expect((await incidentOf(stream)).acknowledged).not.toBeNull();
    }, WAIT);
  }

  function steps({ pages }: Incident): readonly string[] {
    return pages.map(({ round, step, called = [] }) => `${round}.${step} ${called.join()}`);
  }

  it('pages each step in turn, by direct message, mention and e-mail', async () => {
    const stream = await opened('host-1');
    const incident = await untilPaged(stream, 3);
    expect(steps(incident).slice(0, 3)).toEqual([`0.0 ${ADA}`, `0.1 ${GRACE}`, `1.0 ${ADA}`]);
    const [first = '', second = ''] = incident.pages.map(({ at }) => at);
    expect(Date.parse(first) - Date.parse(incident.openedAt)).toBeGreaterThanOrEqual(800);
    expect(Date.parse(second) - Date.parse(first)).toBeGreaterThanOrEqual(1_200);
    await vi.waitFor(() => {
      expect(told(ADA, 'host-1').length).toBeGreaterThanOrEqual(2);
      expect(told(GRACE, 'host-1').length).toBeGreaterThanOrEqual(1);
      const mailed = smtp.mails.filter(({ email }) => email.subject?.includes('host-1'));
      expect(mailed.length).toBeGreaterThanOrEqual(3);
      expect(new Set(mailed.map(({ email }) => email.references)).size).toBe(1);
    }, WAIT);
    const mention = site.workspace.control
      .messages(incident.room?.channel ?? '')
      .filter((message) => JSON.stringify(message).includes('nobody has acknowledged for'));
    expect(mention.length).toBeGreaterThanOrEqual(3);
    await acknowledged(stream);
  });

  it('is left alone once somebody acknowledges in the direct message, which says so', async () => {
    const [stream, other] = [await opened('host-2'), await opened('host-3')];
    await untilPaged(stream, 1);
    const page = await vi.waitFor(() => {
      const [message] = told(ADA, 'host-2');
      expect(message).toBeDefined();
      return message;
    }, WAIT);
    const direct = site.workspace.control
      .channels()
      .find(({ kind, members }) => kind === 'im' && members.includes(ADA));
    const { control } = site.workspace;
    expect(
      await control.click(ADA, direct?.id ?? '', page?.ts ?? '', 'incident.ack'),
    ).toMatchObject({ ok: true });
    await vi.waitFor(async () => {
      expect((await incidentOf(stream)).acknowledged).not.toBeNull();
      expect(JSON.stringify(told(ADA, 'host-2')[0])).toContain('Acknowledged by');
    }, WAIT);
    const { pages } = await incidentOf(stream);
    await whileOthersArePaged(other);
    expect((await incidentOf(stream)).pages).toHaveLength(pages.length);
    await acknowledged(other);
  });

  it('is left alone once somebody acknowledges at the source', async () => {
    const [stream, other] = [await opened('host-4'), await opened('host-5')];
    await untilPaged(stream, 1);
    const alert = JSON.parse(opsgenieAlert({ id: `a${alerts - 1}`, host: 'host-4' })) as object;
    const body = JSON.stringify({ ...alert, action: 'Acknowledge' });
    expect(await postAlert(web.address, body)).toBe(202);
    await vi.waitFor(async () => {
      expect((await incidentOf(stream)).acknowledged).not.toBeNull();
    }, WAIT);
    const { pages } = await incidentOf(stream);
    await whileOthersArePaged(other);
    expect((await incidentOf(stream)).pages).toHaveLength(pages.length);
    await acknowledged(other);
  });

  it('is paged where it was after the web role was killed, never twice, and by two roles once', async () => {
    const stream = await opened('host-6');
    await untilPaged(stream, 1);
    web.killNow();
    await web.kill();
    web = await site.start('web', { times: TIMES });
    await site.start('web', { times: TIMES });
    await untilPaged(stream, 4);
    const { control } = site.workspace;
    await acknowledged(stream);
    const incident = await incidentOf(stream);
    expect(steps(incident)).toEqual(
      incident.pages.map((_, n) => `${Math.floor(n / 2)}.${n % 2} ${n % 2 === 0 ? ADA : GRACE}`),
    );
    await untilAllSaid(site);
    const counted = incident.pages.filter(({ called }) => called?.includes(ADA)).length;
    expect(told(ADA, 'host-6').length).toBeLessThanOrEqual(counted);
    expectOnceInOrder(site, incident.room?.channel ?? '');
    for (const { id, kind } of control.channels()) if (kind === 'im') expectOnce(id);
  });

  function expectOnce(channel: string): void {
    const ids = site.workspace.control
      .messages(channel)
      .map(({ metadata }) => JSON.stringify(metadata));
    expect(new Set(ids).size).toBe(ids.length);
  }
});
