import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { logs } from '../../src/diagnostics/logs/index.ts';
import { FIXTURE_NONCE, resultOf } from '../support/diagnostic-fixture.ts';
import { makeLog, seeded, WINNER } from '../support/log-maker.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'housecall-logs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const applets = path.join(directory, 'applets');
beforeAll(() => {
  execFileSync('sh', ['-c', 'mkdir "$1" && busybox --install -s "$1"', 'x', applets]);
});

const SHELLS = ['sh', 'busybox'] as const;
type Shell = (typeof SHELLS)[number];

function command(shell: Shell): { argv: readonly [string, ...string[]]; env: { PATH: string } } {
  return shell === 'sh'
    ? { argv: ['sh'], env: { PATH: '/usr/bin:/bin' } }
    : { argv: ['/bin/busybox', 'sh'], env: { PATH: `${applets}:/usr/bin:/bin` } };
}

interface Look {
  readonly findings: readonly Finding[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly stdout: string;
}

function look(log: string, params: Record<string, unknown> = {}, shell: Shell = 'sh'): Look {
  const bound = logs.bind({ path: log, ...params }, FIXTURE_NONCE);
  const { argv, env } = command(shell);
  const done = spawnSync(argv[0], [...argv.slice(1), ...bound.probe.argv.slice(1)], {
    input: bound.probe.stdin ?? '',
    env,
    encoding: 'utf8',
    maxBuffer: bound.probe.outputLimitBytes,
  });
  expect(done.stderr).toBe('');
  const { findings } = bound.judge(resultOf(done.stdout));
  const data = findings.find(({ code }) => code === 'logs.dominant-template')?.data ?? {};
  return { findings, data, stdout: done.stdout };
}

function file(name: string, text: string | Buffer): string {
  const at = path.join(directory, name);
  writeFileSync(at, text);
  return at;
}

/** Bytes of the lines with this text, over all bytes. */
function exact(at: string, text: string): number {
  const script = 'LC_ALL=C grep -aF "$1" "$2" | wc -c';
  const bytes = Number(execFileSync('sh', ['-c', script, 'x', text, at], { encoding: 'utf8' }));
  return bytes / statSync(at).size;
}

describe('counting a log by bytes', () => {
  describe('of 120 MB, whose thousands of messages change along it', () => {
    const big = path.join(directory, 'big.log');
    beforeAll(() => makeLog(big, 120_000_000));

    it.each(SHELLS)('finds the winner and its share within two points, with %s', (shell) => {
      const share = exact(big, WINNER);
      for (const maxReadMiB of [64, 8]) {
        const { data, findings } = look(big, { maxReadMiB }, shell);
        expect(data['template']).toContain(WINNER);
        expect(Math.abs(Number(data['bytesShare']) - share)).toBeLessThan(0.02);
        expect(data['readBytes']).toBeLessThanOrEqual(maxReadMiB * 1024 * 1024);
        expect(findings.map((one) => one.data['error'])).toContain('EADDRNOTAVAIL');
      }
    });

    it('never reads more of it than it may, by the kernel as by its own account', ({ skip }) => {
      const { probe } = logs.bind({ path: big, maxReadMiB: 4 }, FIXTURE_NONCE);
      const options = ['-f', '-qq', '-e', 'trace=read', '-P', big];
      const traced = spawnSync('strace', [...options, ...probe.argv], {
        input: probe.stdin ?? '',
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (traced.error !== undefined) {
        console.warn('bytes read: skipped, strace is not installed');
        skip();
      }
      const reads = [...traced.stderr.matchAll(/read\(.* = (\d+)$/gm)];
      const bytes = reads.reduce((sum, [, one]) => sum + Number(one), 0);
      expect(bytes).toBeGreaterThan(3 * 1024 * 1024);
      expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
    });
  });

  it.each(SHELLS)(
    'weighs few long lines against many short ones, also in places, with %s',
    (shell) => {
      const random = seeded(3);
      const long = (): string =>
        `ERROR parameters of the request: ${'x'.repeat(6800 + random() * 100)}\n`;
      const short = (n: number): string => `INFO request ${n} was answered\n`;
      const text = Array.from({ length: 200_000 }, (_, n) =>
        random() < 0.008 ? long() : short(n),
      );
      const at = file('long.log', text.join(''));
      const share = exact(at, 'ERROR parameters');
      expect(share).toBeGreaterThan(0.5);
      const whole = look(at, {}, shell).data;
      expect(whole['template']).toContain('ERROR parameters');
      expect(Number(whole['bytesShare'])).toBeCloseTo(share, 3);
      expect(Number(whole['linesShare'])).toBeLessThan(0.01);
      // A few dozen places: off by chance, and not by leaving out what a place cuts.
      const part = look(at, { maxReadMiB: 3 }, shell).data;
      expect(part['template']).toContain('ERROR parameters');
      expect(Math.abs(Number(part['bytesShare']) - share)).toBeLessThan(0.08);
    },
  );

  it.each(SHELLS)('counts lines that are longer than a block, with %s', (shell) => {
    const lines = Array.from({ length: 60 }, (_, n) =>
      n % 2 === 0 ? `DUMP ${n} ${'y'.repeat(300_000)}\n` : 'short line here\n'.repeat(300),
    );
    const { data } = look(file('huge.log', lines.join('')), { maxReadMiB: 2 }, shell);
    expect(data['template']).toMatch(/^DUMP <n> y+/);
    expect(Number(data['bytesShare'])).toBeGreaterThan(0.9);
    expect(Number(data['averageLineBytes'])).toBeGreaterThan(100_000);
    const one = look(file('one.log', 'z'.repeat(5_000_000)), { maxReadMiB: 2 }, shell);
    expect(one.data['template']).toMatch(/^z+/);
  });

  it.each(SHELLS)('knows a message by its constant words, with %s', (shell) => {
    const random = seeded(11);
    const name = (): string =>
      Array.from({ length: 8 }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(random() * 26)]).join(
        '',
      );
    const lines = Array.from({ length: 60_000 }, (_, n) =>
      random() < 0.6
        ? `Nov 20 12:00:${10 + (n % 50)} bastion sshd[${n}]: Failed password for invalid user ${name()} from 203.0.113.${n % 250} port ${n} ssh2\n`
        : `Nov 20 12:00:${10 + (n % 50)} bastion cron[${n}]: ${name()} ${name()} ${name()} ${name()} ${name()} ${name()} ${name()}\n`,
    );
    const at = file('users.log', lines.join(''));
    const { data, stdout } = look(at, {}, shell);
    expect(data['template']).toContain('Failed password for invalid user <*> from <ip>');
    expect(Math.abs(Number(data['bytesShare']) - exact(at, 'Failed password'))).toBeLessThan(0.02);
    expect(stdout.length).toBeLessThan(1_000_000);
  });

  it.each(SHELLS)(
    'is silent when no message dominates, and about an empty log, with %s',
    (shell) => {
      const random = seeded(5);
      const word = (): string =>
        Math.floor(random() * 36 ** 8)
          .toString(36)
          .replace(/\d/g, 'q');
      const lines = Array.from({ length: 40_000 }, () =>
        Array.from({ length: 3 + random() * 9 }, word).join(' '),
      );
      expect(look(file('noise.log', lines.join('\n')), {}, shell).findings).toEqual([]);
      expect(look(file('empty.log', ''), {}, shell).findings).toEqual([]);
    },
  );

  it.each(SHELLS)(
    'names one of two that tie, always the same, and the other below it, with %s',
    (shell) => {
      const lines = Array.from({ length: 2000 }, (_, n) => `left came ${n}\nwent away ${n}\n`);
      const { data, findings } = look(file('tie.log', lines.join('')), {}, shell);
      expect(data).toMatchObject({ template: 'left came <n>', bytesShare: 0.5, linesShare: 0.5 });
      expect(findings[0]?.detail).toContain('50 %: `went away <n>`');
    },
  );

  it.each(SHELLS)(
    'reads past NULs, colours, carriage returns and bytes that are no text, with %s',
    (shell) => {
      const line = Buffer.concat([
        Buffer.from('\u001b[31mERROR\u001b[0m of '),
        Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
        Buffer.from(' at `id` $(reboot) "\r\n'),
      ]);
      const text = Buffer.concat([
        Buffer.alloc(70_000),
        ...Array.from({ length: 3000 }, () => line),
      ]);
      const { data, findings } = look(file('odd.log', text), {}, shell);
      expect(data['template']).toMatch(/^ERROR of \P{Cc}+ at \\x60id\\x60 \$\(reboot\) "<text>"$/u);
      expect(Number(data['bytesShare'])).toBeGreaterThan(0.99);
      expect(JSON.stringify(findings)).not.toMatch(/\\u001b|\\u0000/);
    },
  );

  it.each(SHELLS)('finds the data behind the hole of a truncated log, with %s', (shell) => {
    const at = file('hole.log', '');
    execFileSync('sh', [
      '-c',
      'truncate -s 3G "$1"; seq -f "worker %g is done" 90000 >>"$1"',
      'x',
      at,
    ]);
    const { data, findings } = look(at, { maxReadMiB: 8 }, shell);
    expect(data).toMatchObject({ template: 'worker <n> is done' });
    expect(Number(data['bytesShare'])).toBeGreaterThan(0.99);
    expect(findings[0]?.detail).toContain('hole without blocks');
    expect(Number(data['readBytes'])).toBeLessThan(8 * 1024 * 1024);
  });
});
