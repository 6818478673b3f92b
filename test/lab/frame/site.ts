import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRedis, type RedisStore } from '../../../src/adapters/redis/create-redis.ts';
import { PEOPLE } from '../../../src/app/demo/world.ts';
import { type LocalRedis, startLocalRedis } from '../../../src/app/local-redis.ts';
import { startRoles } from '../../../src/app/start-roles.ts';
import { TIMES } from '../../../src/app/times.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { requireForStart } from '../../../src/config/require-for-start.ts';
import { diagnostics } from '../../../src/diagnostics/registry.ts';
import type { Log } from '../../../src/ports/log.ts';
import { createWorkspace, type Workspace } from '../../../src/workspace/create-workspace.ts';
import { OPSGENIE_TOKEN } from '../../support/opsgenie-alert.ts';
import { QUICK_TIMES } from '../../support/quick-times.ts';
import type { Lab } from '../host/lab.ts';
import type { LabAlert, Scenario } from './scenario.ts';

/** Housecall (web and worker, in this process) with a workspace and an inventory of the lab's hosts. */
export interface Site {
  readonly workspace: Workspace;
  /** The record. */
  readonly store: RedisStore;
  /** As the vendor's webhook does. @throws Error unless it is answered 2xx. */
  postAlert(alert: LabAlert): Promise<void>;
  stop(): Promise<void>;
}

/** One Redis for all scenarios of a run; it ends with the lab, should this process be killed. */
export async function startLabRedis(lab: Lab, log: Log): Promise<LocalRedis> {
  const redis = await startLocalRedis({ directory: join(lab.directory, 'redis'), log });
  lab.keep(redis.pid);
  return redis;
}

export async function startSite(
  scenario: Scenario,
  lab: Lab,
  options: { readonly redisUrl: string; readonly namespace: string; readonly log: Log },
): Promise<Site> {
  const { redisUrl, namespace, log } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let step = stops.pop(); step !== undefined; step = stops.pop()) await step();
  };
  try {
    const users = Object.values(PEOPLE);
    const workspace = await createWorkspace({ port: 0, users, rateLimits: 'off' });
    stops.push(() => workspace.close());
    const { alertname } = scenario.alert(lab);
    const file = writeConfig(lab, { scenario, alertname, workspace, redisUrl });
    const config = requireForStart(loadConfig({ path: file, env: {} }), 'all');
    // A worker is alive, however long it looks.
    const { claimSeconds } = TIMES.patience;
    const times = { ...QUICK_TIMES, patience: { ...QUICK_TIMES.patience, claimSeconds } };
    const running = await startRoles(config, ['web', 'worker'], log, { namespace, times });
    stops.push(() => running.stop());
    const store = createRedis({ url: redisUrl, namespace, log });
    stops.push(() => store.close());
    return {
      workspace,
      store,
      postAlert: (alert) => post(`${running.address}/alerts/${alert.source}`, alert.body),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A housecall.yaml as an installation has it (JSON is YAML). */
function writeConfig(
  lab: Lab,
  parts: {
    readonly scenario: Scenario;
    readonly alertname: string;
    readonly workspace: Workspace;
    readonly redisUrl: string;
  },
): string {
  const { scenario, workspace } = parts;
  const account = scenario.account ?? 'sudoer';
  const directory = join(lab.directory, 'housecall');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const known = new Set(diagnostics.map(({ id }) => id));
  const people = [PEOPLE.ada.id, PEOPLE.grace.id];
  const settings = {
    slack: {
      botToken: workspace.botToken,
      appToken: workspace.appToken,
      apiUrl: workspace.apiUrl,
      announceChannel: 'incidents',
    },
    redis: { url: parts.redisUrl },
    http: { host: '127.0.0.1', port: 0 },
    ssh: {
      user: account,
      identityFile: lab.identityFile,
      knownHostsFile: lab.knownHostsFile,
    },
    hosts: Object.fromEntries(
      [...lab.hosts.values()].map(({ name, address }) => {
        const groups = scenario.groups?.[name] ?? ['lab'];
        return [name, { address, groups, sudo: account === 'sudoer' }];
      }),
    ),
    alerts: {
      sources: { opsgenie: { token: OPSGENIE_TOKEN } },
      routes: [
        {
          match: { alertname: parts.alertname },
          severity: scenario.severity ?? 'SEV2',
          diagnose: scenario.diagnose.filter((id) => known.has(id)),
          invite: people,
          runbook: 'https://wiki.example.org/runbooks/lab',
        },
      ],
    },
    access: { operators: people, approvers: people },
    security: { approvalKeyFile: join(directory, 'approval.key') },
    archive: { directory: join(directory, 'archive') },
  };
  const file = join(directory, 'housecall.yaml');
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${OPSGENIE_TOKEN}` },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${answer}`);
}
