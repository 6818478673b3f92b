import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Debian's name first; the project's own releases call it `alertmanager`. */
const PROGRAMS = ['/usr/bin/prometheus-alertmanager', '/usr/local/bin/alertmanager'];

const START_MS = 30_000;

/** Why no Alertmanager can run here, printed; null: it can. */
export function alertmanagerProblem(): string | null {
  if (PROGRAMS.some((program) => existsSync(program))) return null;
  const problem = 'there is none: install prometheus-alertmanager';
  console.warn(`alertmanager: skipped, ${problem}`);
  return problem;
}

/** An alert as Prometheus posts it. */
export interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
  /** In the past: it is over. */
  readonly endsAt?: string;
}

export interface TestAlertmanager {
  post(...alerts: readonly PrometheusAlert[]): Promise<void>;
  /** All that it has said so far. */
  log(): string;
  stop(): Promise<void>;
}

/** A real Alertmanager without peers that waits a second and posts every group to `url`. */
export async function startAlertmanager(hook: {
  readonly url: string;
  readonly token: string;
  readonly maxAlerts?: number;
}): Promise<TestAlertmanager> {
  const program = PROGRAMS.find((file) => existsSync(file));
  if (program === undefined) throw new Error('there is no Alertmanager');
  const directory = await mkdtemp(path.join(tmpdir(), 'housecall-alertmanager-'));
  const config = path.join(directory, 'alertmanager.yml');
  await writeFile(config, configText(hook), { mode: 0o600 });
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.path=${path.join(directory, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--web.external-url=http://alertmanager.example.org',
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-100_000);
    });
  }
  const stop = async (): Promise<void> => {
    await ended(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const address = await listening(child, () => said);
    return { post: (...alerts) => postAlerts(address, alerts), log: () => said, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** JSON is YAML. */
function configText(hook: {
  readonly url: string;
  readonly token: string;
  readonly maxAlerts?: number;
}): string {
  const { url, token, maxAlerts = 0 } = hook;
  return JSON.stringify({
    route: {
      receiver: 'housecall',
      group_by: ['alertname'],
      group_wait: '1s',
      group_interval: '1s',
      repeat_interval: '4h',
    },
    receivers: [
      {
        name: 'housecall',
        webhook_configs: [
          {
            url,
            max_alerts: maxAlerts,
            http_config: { authorization: { type: 'Bearer', credentials: token } },
          },
        ],
      },
    ],
  });
}

/** It takes a free port and says which. */
async function listening(child: ChildProcess, said: () => string): Promise<string> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && child.exitCode === null && child.signalCode === null) {
    const [, address] = /"?Listening on"? address=(127\.0\.0\.1:\d+)/.exec(said()) ?? [];
    if (address !== undefined && (await isReady(address))) return `http://${address}`;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Alertmanager did not start: ${said().trim().slice(-1000)}`);
}

async function isReady(address: string): Promise<boolean> {
  return await fetch(`http://${address}/-/ready`).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

async function postAlerts(address: string, alerts: readonly PrometheusAlert[]): Promise<void> {
  const response = await fetch(`${address}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!response.ok) throw new Error(`Alertmanager refused: ${await response.text()}`);
  await response.arrayBuffer();
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // Nothing in it is worth a graceful end.
    child.kill('SIGKILL');
  });
}
