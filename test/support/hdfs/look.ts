import { spawnSync } from 'node:child_process';
import { hdfs } from '../../../src/diagnostics/hdfs/index.ts';
import { FIXTURE_NONCE, type Judgement, judge, resultOf } from '../diagnostic-fixture.ts';
import type { HdfsSite } from './cluster.ts';

export interface LookOptions {
  /** Default dash. */
  readonly shell?: readonly string[];
  /** Who it is to HDFS; default: the user of this process. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the probe's own. */
  readonly budgetSeconds?: number;
}

/** Runs the probe on this machine with the `hdfs` of a site, and judges what it printed. */
export function lookAtHdfs(
  site: HdfsSite,
  params: Readonly<Record<string, unknown>>,
  options: LookOptions = {},
): Judgement {
  const { probe } = hdfs.bind(params, FIXTURE_NONCE);
  const [program = 'dash', ...first] = options.shell ?? ['dash'];
  const [, ...words] = probe.argv;
  if (options.budgetSeconds !== undefined) words[words.length - 1] = String(options.budgetSeconds);
  const user = options.user === undefined ? {} : { HADOOP_USER_NAME: options.user };
  const done = spawnSync(program, [...first, ...words], {
    input: probe.stdin ?? '',
    encoding: 'utf8',
    env: { ...site.env, ...user, ...options.env },
    timeout: Math.max(probe.timeoutSeconds, (options.budgetSeconds ?? 0) + 10) * 1000,
  });
  if (done.error !== undefined) throw done.error;
  if (done.stderr !== '') throw new Error(`the probe said: ${done.stderr}`);
  return judge(hdfs, params, resultOf(done.stdout, { exitCode: done.status }));
}
