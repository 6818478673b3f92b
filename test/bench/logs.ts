import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { logs } from '../../src/diagnostics/logs/index.ts';
import { resultOf } from '../support/diagnostic-fixture.ts';
import { makeLog, WINNER } from '../support/log-maker.ts';

const BYTES = 2_000_000_000;
const GOALS = { points: 2, cpuSeconds: 3, readBytes: 64 * 1024 * 1024 } as const;

interface Measured {
  readonly stdout: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/**
 * `logs path=…` on a log of 2 GB, several thousand messages whose shares change along it, the winner in neither head
 * nor tail; against an exact count by grep and wc, in the same run.
 */
export async function benchLogs(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'housecall-bench-'));
  try {
    const { bavail, bsize } = statfsSync(directory);
    if (bavail * bsize < BYTES * 1.5) throw new Error(`${directory}: no room for ${BYTES} bytes`);
    const file = path.join(directory, 'app.log');
    makeLog(file, BYTES);
    const size = statSync(file).size;
    const grep = timed(['sh', '-c', 'LC_ALL=C grep -aF "$1" "$2" | wc -c', 'x', WINNER, file]);
    const lines = timed(['sh', '-c', 'LC_ALL=C grep -acF "$1" "$2"', 'x', WINNER, file]);
    const exact = (Number(grep.stdout) * 100) / size;
    for (const end of ['head', 'tail']) {
      const found = spawnSync('sh', [
        '-c',
        `${end} -c 100000000 "$1" | grep -cF "$2"`,
        'x',
        file,
        WINNER,
      ]);
      if (String(found.stdout).trim() !== '0') throw new Error(`the winner is in the ${end}`);
    }
    say(
      `logs: ${(size / 1e9).toFixed(2)} GB, ${lines.stdout.trim()} lines of the winner, exact share ${exact.toFixed(2)} %`,
    );
    say(`  grep -aF | wc -c: ${seconds(grep)}; grep -acF: ${seconds(lines)}`);
    for (const [name, shell, bin] of shells(directory)) {
      const bound = logs.bind({ path: file }, 'bench0000bench00');
      const env = { PATH: bin === '' ? '/usr/bin:/bin' : `${bin}:/usr/bin:/bin` };
      const run = timed([...shell, ...bound.probe.argv.slice(1)], {
        input: bound.probe.stdin ?? '',
        env,
      });
      const { findings } = bound.judge(resultOf(run.stdout));
      report(
        { name, run, exact, grep, read: readBytes(bound.probe, { file, shell, env }) },
        findings,
      );
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Shell = readonly [name: string, shell: readonly [string, ...string[]], bin: string];

/** Each awk that a host may have. */
function shells(directory: string): readonly Shell[] {
  const applets = path.join(directory, 'applets');
  const own = path.join(directory, 'gawk');
  const list: Shell[] = [['sh, awk of this machine', ['sh'], '']];
  if (existsSync('/bin/busybox')) {
    execFileSync('sh', ['-c', 'mkdir "$1" && busybox --install -s "$1"', 'x', applets]);
    list.push(['busybox', ['/bin/busybox', 'sh'], applets]);
  }
  const gawk = process.env['GAWK'] ?? '/usr/bin/gawk';
  if (existsSync(gawk)) {
    mkdirSync(own);
    symlinkSync(gawk, path.join(own, 'awk'));
    list.push(['gawk', ['sh'], own]);
  } else say('  gawk: not installed, not measured (GAWK=… names one)');
  return list;
}

function timed(
  argv: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Measured {
  const script = 'TIMEFORMAT="%U %S %R"; time "$@"';
  const done = spawnSync('bash', ['-c', script, 'x', ...argv], {
    ...options,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const [user = 0, system = 0, wall = 0] = (done.stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { stdout: done.stdout, wallSeconds: wall, cpuSeconds: user + system };
}

/** What was read of the file, counted by the kernel's side: read(2) of that file alone, under strace. */
function readBytes(
  probe: { readonly argv: readonly string[]; readonly stdin?: string },
  { file, shell, env }: { file: string; shell: readonly string[]; env: Record<string, string> },
): number | null {
  const traced = spawnSync(
    'strace',
    ['-f', '-qq', '-e', 'trace=read', '-P', file, ...shell, ...probe.argv.slice(1)],
    { input: probe.stdin ?? '', env, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (traced.error !== undefined) return null;
  const results = traced.stderr.matchAll(/read\(.* = (\d+)$/gm);
  return [...results].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

interface Round {
  readonly name: string;
  readonly run: Measured;
  readonly exact: number;
  readonly grep: Measured;
  readonly read: number | null;
}

function report(
  { name, run, exact, grep, read }: Round,
  findings: readonly { code: string; data: Readonly<Record<string, unknown>> }[],
): void {
  const data = findings.find(({ code }) => code === 'logs.dominant-template')?.data ?? {};
  const share = Number(data['bytesShare']) * 100;
  const won = String(data['template']).includes(WINNER);
  const counted = read ?? Number(data['readBytes']);
  say(`${name}
  winner ${won ? 'found' : 'NOT FOUND'}: ${share.toFixed(2)} %, exact ${exact.toFixed(2)} %, off by ${Math.abs(share - exact).toFixed(2)} points: ${met(won && Math.abs(share - exact) <= GOALS.points)}
  CPU on the host: ${seconds(run)}, ${(run.cpuSeconds / grep.cpuSeconds).toFixed(1)} x grep|wc: ${met(run.cpuSeconds < GOALS.cpuSeconds)}
  read of the log: ${(counted / 1048576).toFixed(1)} MiB (${read === null ? 'as it says itself' : 'by strace'}; it says ${(Number(data['readBytes']) / 1048576).toFixed(1)}): ${met(counted <= GOALS.readBytes)}`);
}

const met = (yes: boolean): string => (yes ? 'met' : 'NOT met');

const seconds = ({ cpuSeconds, wallSeconds }: Measured): string =>
  `${cpuSeconds.toFixed(2)} s CPU, ${wallSeconds.toFixed(2)} s`;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
