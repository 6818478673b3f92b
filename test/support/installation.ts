import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedis, type RedisStore } from '../../src/adapters/redis/create-redis.ts';
import { type LocalSshd, startLocalSshd } from '../../src/app/local-sshd.ts';
import { createWorkspace, type Workspace } from '../../src/workspace/create-workspace.ts';
import type { WorkspaceOptions } from '../../src/workspace/settings.ts';
import { OPSGENIE_TOKEN } from './opsgenie-alert.ts';
import { silentLog, startTestRedis, type TestRedis } from './redis.ts';
import { type RoleOptions, type RoleProcess, startRoleProcess } from './role-process.ts';

export const ADA = 'UADA00001';
export const GRACE = 'UGRACE001';

/** Slack, Redis, a host and a configuration; web and worker are processes that can be killed. */
export interface Installation {
  readonly directory: string;
  readonly workspace: Workspace;
  readonly redis: TestRedis;
  readonly sshd: LocalSshd;
  /** Where fixes keep copies and marks. */
  readonly saveDirectory: string;
  /** The record, read beside the roles. */
  readonly store: RedisStore;
  start(
    role: RoleOptions['role'],
    options?: Omit<RoleOptions, 'role' | 'configPath'>,
  ): Promise<RoleProcess>;
  /** Every log, for a test that failed. */
  printLogs(): void;
  /** Ends and removes everything. */
  close(): Promise<void>;
}

export interface InstallationOptions {
  /** Names in the inventory: all are the same host. Default: `host-17`. */
  readonly hosts?: readonly string[];
  readonly rateLimits?: 'off' | 'burst';
  /** More about the workspace. */
  readonly workspace?: WorkspaceOptions;
  /** A program directory that the host's commands find first. */
  readonly hostPath?: string;
  /** Made by whoever wants files in it first; removed at the end. */
  readonly directory?: string;
  /** Instead of these parts of the configuration: `alerts`, `escalation` … */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export function createDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'housecall-e2e-'));
}

export async function createInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const { hosts = ['host-17'], rateLimits = 'burst', directory = createDirectory() } = options;
  const undo: (() => Promise<void> | void)[] = [
    () => rmSync(directory, { recursive: true, force: true }),
  ];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const users = [
      { id: ADA, name: 'ada' },
      { id: GRACE, name: 'grace' },
    ];
    const workspace = await createWorkspace({ users, rateLimits, ...options.workspace });
    undo.push(() => workspace.close());
    const redis = await startTestRedis();
    undo.push(() => redis.stop());
    const sshd = await startLocalSshd(hostEnvironment(options.hostPath));
    undo.push(() => sshd.stop());
    const store = createRedis({ url: redis.url, log: silentLog });
    undo.push(() => store.close());
    const saveDirectory = join(directory, 'saved');
    mkdirSync(saveDirectory, { mode: 0o700 });
    const parts = { directory, workspace, redis, sshd, saveDirectory };
    const configPath = writeConfig(parts, hosts, options.settings);
    const roles: RoleProcess[] = [];
    undo.push(async () => {
      await Promise.all(roles.map((role) => role.kill()));
    });
    return {
      ...parts,
      store,
      start: async (role, more = {}) => {
        const process = await startRoleProcess({ role, configPath, ...more });
        roles.push(process);
        return process;
      },
      printLogs: () => {
        for (const { name, lines } of roles) {
          process.stderr.write(`\n--- ${name}\n${lines.slice(-60).join('\n')}\n`);
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** sshd takes the first SetEnv it reads, so this one has to hold what the default one does. */
function hostEnvironment(path: string | undefined): { config?: string[] } {
  if (path === undefined) return {};
  return { config: [`SetEnv SHLVL=2 PATH=${path}:${process.env['PATH'] ?? ''}`] };
}

function writeConfig(
  parts: Pick<Installation, 'directory' | 'workspace' | 'redis' | 'sshd' | 'saveDirectory'>,
  hosts: readonly string[],
  other: InstallationOptions['settings'] = {},
): string {
  const { directory, workspace, redis, sshd, saveDirectory } = parts;
  const settings = {
    slack: {
      botToken: workspace.botToken,
      appToken: workspace.appToken,
      apiUrl: workspace.apiUrl,
      announceChannel: 'incidents',
    },
    redis: { url: redis.url },
    http: { host: '127.0.0.1', port: 0 },
    ssh: {
      user: sshd.user,
      identityFile: sshd.identityFile,
      knownHostsFile: sshd.knownHostsFile,
    },
    hosts: Object.fromEntries(
      hosts.map((name) => [name, { address: '127.0.0.1', port: sshd.port }]),
    ),
    alerts: {
      // One look per alert: what is proved here is that each message is said once.
      followDepth: 0,
      sources: { opsgenie: { token: OPSGENIE_TOKEN } },
      routes: [
        {
          match: { alertname: 'NodeLowRootDisk' },
          severity: 'SEV2',
          diagnose: ['disk'],
          invite: [ADA, GRACE],
          groupBy: ['host'],
          runbook: 'https://wiki.example.org/runbooks/disk',
        },
      ],
    },
    access: { operators: [ADA, GRACE], approvers: [ADA, GRACE] },
    security: { approvalKeyFile: join(directory, 'approval.key') },
    fixes: { saveDirectory },
    archive: { directory: join(directory, 'archive') },
    ...other,
  };
  const file = join(directory, 'housecall.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  return file;
}
