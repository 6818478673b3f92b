import { z } from 'zod';
import type { AlertSource } from '../../src/alerts/contract.ts';
import { opsgenie } from '../../src/alerts/opsgenie/index.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import type { Route } from '../../src/core/alert-route.ts';
import type { CommandResult } from '../../src/core/command.ts';
import type { Host, Inventory } from '../../src/core/fleet/host.ts';
import type { CaseState } from '../../src/core/incident/case.ts';
import { type Diagnostic, defineDiagnostic } from '../../src/diagnostics/contract.ts';
import type { Hashing } from '../../src/ports/hashing.ts';
import type { JobHandlers } from '../../src/ports/job-queue.ts';
import type { RemoteReader } from '../../src/ports/remote.ts';
import { receiveAlert } from '../../src/workflows/alert/receive-alert.ts';
import { routeAlert } from '../../src/workflows/alert/route-alert.ts';
import { closeIncident } from '../../src/workflows/closing/close-incident.ts';
import { deliverOne } from '../../src/workflows/outbox/deliver-outbox.ts';
import { createAddressBook } from '../../src/workflows/paging/address-book.ts';
import { readCase } from '../../src/workflows/record/transact.ts';
import { finishRun } from '../../src/workflows/run/finish-run.ts';
import { runHost } from '../../src/workflows/run/run-host.ts';
import { codeDoc } from './code-doc.ts';
import { createFakeChat } from './fake-chat.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeStore } from './fake-journal.ts';
import { createFakeQueue } from './fake-queue.ts';
import { sha256 } from './sha256.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

const testHashing: Hashing = {
  sha256,
  sign: (text) => sha256(`key ${text}`),
  verify: (text, signature) => sha256(`key ${text}`) === signature,
};

/** Says what the host printed, as a critical finding; prints `ok` for a healthy host. */
export const echo: Diagnostic = defineDiagnostic({
  id: 'echo',
  title: 'Echo',
  summary: 'Says what the host printed.',
  permissions: 'none',
  params: z.strictObject({ word: z.string().default('hello').describe('What to say.') }),
  codes: { 'echo.said': codeDoc('what was said') },
  probe: ({ word }) => ({ argv: ['echo', word], timeoutSeconds: 5, outputLimitBytes: 1000 }),
  parse: ({ stdout }) => stdout.trim(),
  coverage: () => ({ privilege: 'root', notes: [] }),
  assess: (word) =>
    word === 'ok'
      ? []
      : [
          {
            code: 'echo.said',
            status: 'critical',
            subject: word,
            title: `it said ${word}`,
            detail: 'This is bad.',
            data: {},
            evidence: [{ argv: ['echo', word], exitCode: 0, output: word, truncated: false }],
            fixes: [],
            next: [],
          },
        ],
});

export function host(name: string, more: Partial<Host> = {}): Host {
  return {
    name,
    address: '192.0.2.1',
    port: 22,
    user: 'root',
    groups: [],
    aliases: [],
    sudo: false,
    knownHostsFile: '/dev/null',
    connectTimeoutSeconds: 8,
    ...more,
  };
}

export function said(stdout: string): CommandResult {
  return {
    stdout,
    stderr: '',
    exitCode: 0,
    signal: null,
    timedOut: false,
    outputTruncated: false,
    durationMs: 5,
    privilege: 'root',
  };
}

const ROUTE: Route = {
  match: { alertname: 'NodeLowRootDisk' },
  severity: 'SEV2',
  diagnose: ['echo'],
  invite: ['UADA'],
  groupBy: ['alertname'],
  runbook: 'https://wiki.example.org/disk',
};

/** Everything between an alert and Slack, on ports in memory. `hosts` says what each host prints. */
export function createWarRoom(
  hosts: Record<string, string | Error> = { 'host-17': 'full' },
  routes: readonly Route[] = [ROUTE],
) {
  const clock = createFakeClock();
  const store = createFakeStore(clock);
  const queue = createFakeQueue(clock);
  const chat = createFakeChat();
  chat.addPerson('UADA', { name: 'Ada' });
  chat.addChannel('incidents');
  const inventory: Inventory = new Map(
    Object.keys(hosts).map((name) => [name, host(name, { aliases: [`ip-${name}`] })]),
  );
  const remote: RemoteReader = {
    read: async (name) => {
      const answer = hosts[name];
      if (answer instanceof Error) throw answer;
      return said(answer ?? '');
    },
  };
  const deps = {
    ...store,
    clock,
    queue,
    chat,
    remote,
    inventory,
    routes,
    log: silent,
    hashing: testHashing,
    redact: (text: string) => text.replaceAll('hunter2', '[redacted]'),
    reports: store.reports,
    known: { diagnostics: ['echo'], fixes: [] },
    channelPrefix: 'inc',
    announceChannel: '#incidents',
    followDepth: 2,
    groupWindowSeconds: 300,
    stormPerMinute: 10,
    flappingChanges: 6,
    inviteBySeverity: {},
    book: createAddressBook(chat),
    reach: { mail: true, stakeholders: ['ops@example.org'], timeZone: 'UTC' },
    tellable: new Set<string>(),
    owner: 'test',
    settleSeconds: 5,
    source: (id: string) => alertSources.find((source) => source.id === id),
    diagnostic: (_id: string): Diagnostic => echo,
    archive: async (stream: string) => {
      const { head } = await readCase(store.journal, stream);
      return { location: '/archive', manifestSha256: 'f'.repeat(64), files: 3, head };
    },
  };
  const unused = async (): Promise<void> => {};
  const handlers: JobHandlers = {
    'route-alert': (job) => routeAlert(deps, job),
    'diagnose-host': (job, { signal, attempt }) =>
      runHost(deps, job, { signal, lastTry: attempt >= 3 }),
    'finish-run': (job) => finishRun(deps, job),
    'plan-fix': unused,
    'execute-fix': unused,
    'check-fix': unused,
    'watch-fix': unused,
    'close-incident': (job) => closeIncident(deps, job),
  };

  /** Jobs and messages, until nothing is left to do. */
  const settle = async (): Promise<void> => {
    await queue.start(handlers, ['web', 'worker']);
    for (let round = 0; round < 20; round++) {
      await store.relayJobs((job, key) => queue.add(job, key));
      await queue.settle();
      while (await deliverOne(deps)) {
        // until every lane is empty or waits
      }
      if (store.jobs.length === 0 && store.outbox.lanes().length === 0) return;
      clock.advance(10_000);
    }
  };

  const deliver = (source: AlertSource, body: unknown) =>
    receiveAlert(
      { inbox: store.inbox, clock, metrics: { count: () => {}, observe: () => {} } },
      {
        source,
        headers: { authorization: 'Bearer secret-secret' },
        rawBody: JSON.stringify(body),
        secrets: ['secret-secret'],
      },
    );

  return {
    deps,
    store,
    chat,
    clock,
    queue,
    settle,
    /** One delivery of any source that takes a bearer token. */
    deliver,
    /** One Opsgenie delivery, as its webhook sends it. */
    async opsgenie(action: string, alert: Record<string, unknown> = {}) {
      return deliver(opsgenie, {
        action,
        alert: {
          alertId: 'a-1',
          message: 'disk usage above 75 % on host-17',
          updatedAt: clock.now().getTime() * 1e6,
          createdAt: clock.now().getTime(),
          entity: 'host-17',
          tags: [],
          details: { alertname: 'NodeLowRootDisk' },
          ...alert,
        },
        source: { name: '', type: 'API' },
        integrationName: 'housecall',
      });
    },
    incident: async (id: string): Promise<CaseState> => readCase(store.journal, id),
  };
}
