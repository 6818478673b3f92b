import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dropNamespace } from '../../adapters/redis/drop-namespace.ts';
import { loadConfig } from '../../config/load-config.ts';
import { requireForStart } from '../../config/require-for-start.ts';
import type { Log } from '../../ports/log.ts';
import { createWorkspace, type Workspace } from '../../workspace/create-workspace.ts';
import { startLocalRedis } from '../local-redis.ts';
import { startLocalSshd } from '../local-sshd.ts';
import { startRoles } from '../start-roles.ts';
import { systemClock } from '../system-clock.ts';
import { TIMES } from '../times.ts';
import { demoFolder, type Fault, makeFault } from './fault.ts';

/** People of the demo: what each may do stands in the configuration written below. */
export const PEOPLE = {
  ada: { id: 'UADA00001', name: 'ada', realName: 'Ada', title: 'on call' },
  grace: { id: 'UGRACE001', name: 'grace', realName: 'Grace', title: 'approver' },
  linus: { id: 'ULINUS001', name: 'linus', realName: 'Linus', title: 'developer' },
} as const;

export const DEMO_HOST = 'host-17';
const OPSGENIE_TOKEN = 'demo-opsgenie-token';
/** A page of the demo is not late by seconds. */
const NUDGE_MS = 300;

export interface DemoWorld {
  readonly workspace: Workspace;
  readonly fault: Fault;
  readonly archiveDirectory: string;
  readonly alertUrl: string;
  /** Sends what Opsgenie's webhook sends. */
  postAlert(action?: 'Create' | 'Close'): Promise<void>;
  /** Ends and removes everything; safe to call twice. */
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly log: Log;
  /** One line per thing that is ready. */
  readonly say: (line: string) => void;
  /** Port of the page; 0: any. */
  readonly port?: number;
  readonly archiveDirectory?: string;
  /** Gives up starting, and removes what there is by then. */
  readonly signal?: AbortSignal;
  /** `REDIS_URL`; else a server of one's own. */
  readonly redisUrl?: string;
  /** How long a minute of the escalation lasts; a story that is played has no time for real ones. */
  readonly minuteMs?: number;
}

/**
 * Workspace, Redis, an SSH host, a real fault, web and worker: all on this machine.
 * @throws what the signal gives as its reason, when it fires meanwhile.
 */
export async function startWorld(options: WorldOptions): Promise<DemoWorld> {
  const { log, say, signal } = options;
  const directory = mkdtempSync(path.join(demoFolder(), 'housecall-'));
  const folders = [directory];
  const remove = (): void => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  // A second Ctrl-C ends the process in the middle of `stop`.
  process.once('exit', remove);
  const cleanUps: (() => Promise<void> | void)[] = [() => void process.off('exit', remove), remove];
  const stop = async (): Promise<void> => {
    for (let undo = cleanUps.pop(); undo !== undefined; undo = cleanUps.pop()) {
      try {
        await undo();
      } catch (error) {
        say(`could not clean up: ${String(error)}`);
      }
    }
  };
  try {
    const workspace = await createWorkspace({
      port: options.port ?? 0,
      users: Object.values(PEOPLE),
    });
    cleanUps.push(() => workspace.close());
    signal?.throwIfAborted();
    say(`workspace   ${workspace.url}`);
    const redisUrl = options.redisUrl ?? (await ownRedis(directory, log, cleanUps));
    say(`redis       ${redisUrl.replace(/\/\/[^@/]*@/, '//…@')}`);
    signal?.throwIfAborted();
    const sshd = await startLocalSshd();
    cleanUps.push(() => sshd.stop());
    signal?.throwIfAborted();
    say(`ssh         127.0.0.1:${sshd.port} as ${DEMO_HOST} (${sshd.user}, a throw-away key)`);
    const fault = await makeFault(directory);
    cleanUps.push(() => fault.stop());
    signal?.throwIfAborted();
    say(
      `fault       pid ${fault.pid} holds a deleted log on ${fault.mount}${
        fault.ownFileSystem
          ? ''
          : ' (about 1 GB: without root and a loop device there is no small file system to fill)'
      }`,
    );
    const saveDirectory = saveFolder(directory, fault);
    folders.push(saveDirectory);
    const archiveDirectory = options.archiveDirectory ?? path.join(directory, 'archive');
    const file = writeConfig(directory, {
      workspace,
      redisUrl,
      saveDirectory,
      archiveDirectory,
      host: sshd.host(DEMO_HOST),
    });
    const config = requireForStart(loadConfig({ path: file, env: {} }), 'all');
    // Names of its own: a Redis that was given may hold a real installation.
    const namespace = `housecall-demo-${systemClock.id()}`;
    if (options.redisUrl !== undefined) cleanUps.push(() => forget(redisUrl, namespace));
    const times = { ...TIMES, minuteMs: options.minuteMs ?? TIMES.minuteMs, nudgeMs: NUDGE_MS };
    const running = await startRoles(config, ['web', 'worker'], log, { namespace, times });
    cleanUps.push(() => running.stop());
    signal?.throwIfAborted();
    const alertUrl = `${running.address}/alerts/opsgenie`;
    say(`housecall   ${running.address} (web and worker)`);
    return {
      workspace,
      fault,
      archiveDirectory,
      alertUrl,
      postAlert: (action = 'Create') => postAlert(alertUrl, action),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Where fixes keep their mark and their copies. Never the file system that the fault fills: without one
 * of its own that is memory, where no copy is kept, and the loss must be accepted.
 */
function saveFolder(directory: string, fault: Fault): string {
  if (!fault.ownFileSystem && existsSync('/dev/shm')) {
    return mkdtempSync('/dev/shm/housecall-');
  }
  const folder = path.join(directory, 'saved');
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

async function forget(url: string, namespace: string): Promise<void> {
  await dropNamespace(url, namespace);
}

async function ownRedis(
  directory: string,
  log: Log,
  cleanUps: (() => Promise<void> | void)[],
): Promise<string> {
  const redis = await startLocalRedis({ directory: path.join(directory, 'redis'), log });
  cleanUps.push(() => redis.stop());
  return redis.url;
}

interface ConfigParts {
  readonly workspace: Workspace;
  readonly redisUrl: string;
  readonly saveDirectory: string;
  readonly archiveDirectory: string;
  readonly host: {
    readonly address: string;
    readonly port: number;
    readonly user: string;
    readonly identityFile?: string;
    readonly knownHostsFile: string;
  };
}

/** A real housecall.yaml (JSON is YAML), so the demo goes the way of every installation. */
function writeConfig(directory: string, parts: ConfigParts): string {
  const { workspace, host } = parts;
  const settings = {
    slack: {
      botToken: workspace.botToken,
      appToken: workspace.appToken,
      apiUrl: workspace.apiUrl,
      announceChannel: 'incidents',
      channelPrefix: 'inc',
    },
    redis: { url: parts.redisUrl },
    http: { host: '127.0.0.1', port: 0 },
    ssh: {
      user: host.user,
      identityFile: host.identityFile,
      knownHostsFile: host.knownHostsFile,
    },
    hosts: {
      [DEMO_HOST]: { address: host.address, port: host.port, groups: ['demo'] },
    },
    alerts: {
      sources: { opsgenie: { token: OPSGENIE_TOKEN } },
      routes: [
        {
          match: { alertname: 'NodeLowRootDisk' },
          severity: 'SEV2',
          diagnose: ['disk'],
          invite: [PEOPLE.ada.id, PEOPLE.grace.id],
          runbook: 'https://wiki.example.org/runbooks/disk',
        },
      ],
    },
    access: {
      operators: [PEOPLE.ada.id, PEOPLE.grace.id],
      approvers: [PEOPLE.ada.id, PEOPLE.grace.id],
    },
    // A minute, and whoever is on call has a direct message.
    escalation: {
      ackMinutes: 1,
      steps: [{ page: [PEOPLE.ada.id] }, { page: [PEOPLE.grace.id], afterMinutes: 2 }],
      repeat: 1,
    },
    security: { approvalKeyFile: path.join(directory, 'approval.key') },
    fixes: { saveDirectory: parts.saveDirectory },
    archive: { directory: parts.archiveDirectory },
  };
  const file = path.join(directory, 'housecall.yaml');
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  return file;
}

async function postAlert(url: string, action: 'Create' | 'Close'): Promise<void> {
  const now = Date.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${OPSGENIE_TOKEN}` },
    body: JSON.stringify({
      action,
      alert: {
        alertId: '7ec331d7-4a34-4a3d-9b1e-0d6a2f5b1c42-1593475564295',
        message: `disk usage above 75 % on ${DEMO_HOST}`,
        alias: `NodeLowRootDisk/${DEMO_HOST}`,
        tinyId: '8',
        entity: DEMO_HOST,
        tags: ['disk'],
        createdAt: now,
        updatedAt: now * 1_000_000,
        username: 'prometheus',
        description: `The file system /srv/orders on ${DEMO_HOST} is filling up.`,
        details: { alertname: 'NodeLowRootDisk', host: DEMO_HOST },
        priority: 'P2',
        source: 'prometheus',
      },
      source: { name: '', type: 'API' },
      integrationName: 'Housecall',
      integrationId: '37c8f316-17c6-49d7-899b-9c7e540c048d',
      integrationType: 'Webhook',
    }),
  });
  if (!response.ok) {
    throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  }
}
