import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, HostReport, RunReport } from '../../src/core/finding.ts';
import { diagnostics } from '../../src/diagnostics/registry.ts';
import {
  ACCOUNTS,
  createEveryFaultHost,
  type EveryFaultHost,
  HDFS,
  SEES,
} from '../support/every-fault-host.ts';
import { housecall } from '../support/housecall.ts';
import { labProblem } from '../support/lab-host.ts';
import { harmOf } from '../support/shown-text.ts';

const problem = await labProblem();

/** `code status` of findings that there must be, and codes that there must not be. */
interface Expected {
  readonly has: readonly string[];
  readonly lacks?: readonly string[];
}

/** One fault: what is said of it by who sees everything, by who has no right, and by who sees only itself. */
interface Row {
  readonly diagnostic: string;
  readonly fault: string;
  readonly params?: readonly string[];
  readonly all: Expected;
  readonly some: Expected;
  /** Default: as `some`. */
  readonly own?: Expected;
  /** In the title of the first one that `all` has: it is this fault, by its name. */
  readonly named: RegExp;
}

const critical = (...codes: string[]) => codes.map((code) => `${code} critical`);
const dark = (id: string) => `${id}.coverage unknown`;

/** How names are shown that begin so: `a\nb\tc "'$(pwned)`. */
const NAME = String.raw`a\\nb\\tc "'\$\(pwned\)\\x60pwned\\x60`;

const ROWS: readonly Row[] = [
  {
    diagnostic: 'disk',
    fault: 'a disk at a hostile mount point, filled by a deleted file',
    params: ['mount=/srv/d'],
    all: { has: critical('disk.deleted-open-file', 'disk.filesystem-full'), lacks: ['coverage'] },
    some: {
      has: [...critical('disk.filesystem-full'), dark('disk')],
      lacks: ['deleted-open-file'],
    },
    named: new RegExp(`^\`/srv/${NAME}.*/${NAME}.*\\.log\``),
  },
  {
    diagnostic: 'disk',
    fault: 'a disk filled by the log of a container',
    params: ['mount=/var/lib/docker'],
    all: { has: [...critical('disk.filesystem-full'), 'disk.container-log warning'] },
    some: { has: [...critical('disk.filesystem-full'), dark('disk')], lacks: ['container-log'] },
    named:
      /^`\/var\/lib\/docker` is 9\d.* % full; 50(\.\d)? MB of it is .*(-json\.log`|container a\\)/,
  },
  {
    diagnostic: 'logs',
    fault: 'a log flooded with hostile lines',
    params: ['path=/var/log/flood.log', 'maxReadMiB=2'],
    all: { has: critical('logs.dominant-template', 'logs.known-error'), lacks: ['coverage'] },
    // Anybody may read it, and the detail says that who writes it could not be seen.
    some: { has: critical('logs.dominant-template', 'logs.known-error') },
    named: /`<time> web\[<n>\]: cannot write: No space left on device <n>/,
  },
  {
    diagnostic: 'logs',
    fault: 'a log whose writer was not told of its rotation',
    params: ['path=/var/log/app.log'],
    all: { has: ['logs.rotated-without-reopen warning'], lacks: ['coverage'] },
    some: { has: [dark('logs')], lacks: ['rotated-without-reopen'] },
    named: new RegExp(`^<!channel> \\*x\\* .*/var/log/app\\.log\\.1.*/etc/logrotate\\.d/${NAME}`),
  },
  {
    diagnostic: 'logs',
    fault: 'which log of all is the worst',
    params: ['maxReadMiB=2'],
    all: {
      has: [...critical('logs.dominant-template'), 'logs.rotated-without-reopen warning'],
      lacks: ['coverage'],
    },
    some: {
      has: [...critical('logs.dominant-template'), dark('logs')],
      lacks: ['rotated-without-reopen'],
    },
    named: /flood\.log|-json\.log/,
  },
  {
    diagnostic: 'ports',
    fault: 'a network namespace without free ports',
    all: { has: critical('ports.ephemeral-exhausted'), lacks: ['coverage'] },
    some: { has: [...critical('ports.ephemeral-exhausted'), dark('ports')] },
    own: { has: [dark('ports')], lacks: ['ephemeral-exhausted'] },
    named: /200 of 200 local ports .* held open by \?\?pwned\?/,
  },
  {
    diagnostic: 'docker',
    fault: 'a layer without its diff, and a daemon that does not start',
    all: {
      has: critical('docker.layer-store-corrupt', 'docker.daemon-down'),
      lacks: ['coverage', 'daemon-slow'],
    },
    some: { has: [...critical('docker.daemon-down'), dark('docker')], lacks: ['layer-store'] },
    // Whether one runs is hidden from them, too.
    own: { has: [dark('docker')], lacks: ['layer-store', 'daemon-slow'] },
    named: /^Layer [0-9a-f]{12} of lab\/a.*is damaged: diff is empty; 1 image and 1 container/,
  },
  {
    diagnostic: 'hdfs',
    fault: 'a full directory of HDFS with a hostile name',
    params: [`path=${HDFS.full}`],
    all: { has: critical('hdfs.directory-items'), lacks: ['coverage'] },
    // What HDFS allows has nothing to do with rights on the host.
    some: { has: critical('hdfs.directory-items') },
    named: /^`\/infra\/a"' \$\(pwned\) .* is full: 500 items, the limit is 500/,
  },
  {
    diagnostic: 'hdfs',
    fault: 'a full directory that HDFS shows to nobody',
    params: [`path=${HDFS.closed}`],
    all: { has: [dark('hdfs')], lacks: ['directory-items'] },
    some: { has: [dark('hdfs')], lacks: ['directory-items'] },
    named: /could not be looked at: HDFS denies root/,
  },
  {
    diagnostic: 'vitals',
    fault: 'a process at its limit of descriptors',
    all: { has: critical('vitals.descriptors') },
    // Since Linux 6.2 the size of the directory is their number, for everybody.
    some: {
      has: statSync('/proc/self/fd').size > 0 ? critical('vitals.descriptors') : [dark('vitals')],
    },
    own: { has: [dark('vitals')], lacks: ['descriptors'] },
    named: /^`\) R 1 1\\n@f1x7` \(pid \d+\) holds all its 64 descriptors/,
  },
];

describe.skipIf(problem !== null)('every probe, on a host that has every fault', () => {
  let host: EveryFaultHost;
  beforeAll(async () => {
    host = await createEveryFaultHost();
  });
  afterAll(() => host?.close());

  it('has twenty thousand descriptors open, and a process that its accounts see or not', async () => {
    expect(host.descriptors()).toBeGreaterThan(20_000);
    const init = 'test -r /proc/1/stat && echo seen || echo hidden';
    const seen = await Promise.all(
      [...SEES.some, ...SEES.own].map((name) => host.login(name, init)),
    );
    expect(seen.map((text) => text.trim())).toEqual([
      ...SEES.some.map(() => 'seen'),
      ...SEES.own.map(() => 'hidden'),
    ]);
  });

  it.each(diagnostics.map(({ id }) => id))('has a fault for %s', (id) => {
    expect(ROWS.map(({ diagnostic }) => diagnostic)).toContain(id);
  });

  describe.each(ROWS)('$diagnostic: $fault', (row) => {
    let report: RunReport;
    let said: string;
    beforeAll(async () => {
      // As somebody on call would: all at once. So each probe also sees nine others at work.
      const targets = Object.keys(ACCOUNTS).join(',');
      const words = ['diag', row.diagnostic, targets, ...(row.params ?? []), '--json'];
      const PATH = `${host.programs}:${process.env['PATH']}`;
      const ended = await housecall(['-c', host.configFile, ...words], { PATH });
      if (ended.stderr !== '') throw new Error(ended.stderr);
      said = ended.stdout;
      report = JSON.parse(said) as RunReport;
    });

    function of(account: string): HostReport {
      const found = report.hosts.find((one) => one.host === account);
      if (found === undefined) throw new Error(`no ${account} in ${said}`);
      return found;
    }

    it.each(SEES.all)('is found and named as %s', (account) => {
      expect(wrongIn(of(account), row, row.all)).toEqual([]);
      const code = row.all.has[0]?.split(' ')[0];
      const titles = of(account).findings.filter((one) => one.code === code);
      expect(titles.map(({ title }) => title).join('\n')).toMatch(row.named);
    });

    it.each(SEES.some)('is found or unknown without rights, as %s', (account) => {
      expect(wrongIn(of(account), row, row.some)).toEqual([]);
    });

    it.each(SEES.own)('is found or unknown with hidepid=2, as %s', (account) => {
      expect(wrongIn(of(account), row, row.own ?? row.some)).toEqual([]);
    });

    it('says of the account in the group docker, and of the one refused by sudo, what they are', () => {
      expect(of('refused').findings).toContainEqual(
        expect.objectContaining({ code: 'host.unreachable', status: 'unknown' }),
      );
      if (row.diagnostic === 'hdfs' || row.diagnostic === 'vitals') return;
      expect(of('docker').coverage.notes.join('\n')).toContain('as good as root');
    });

    it('executes and renders nothing of what the host said', () => {
      expect(host.executed()).toEqual([]);
      expect(harmOf(report)).toEqual([]);
    });
  });
});

/** What is not the right answer, and not `unknown` in words, within the time that the probe has. */
function wrongIn(
  { findings, status, durationMs }: HostReport,
  { diagnostic, params = [] }: Row,
  { has, lacks = [] }: Expected,
): string[] {
  const codes = findings.map((one) => `${one.code} ${one.status}`);
  const lies = lacks.map((code) => `${diagnostic}.${code}`);
  const limitSeconds = limitOf(diagnostic, params);
  return [
    ...has
      .filter((code) => !codes.includes(code))
      .map((code) => `not among ${codes.join()}: ${code}`),
    ...codes.filter((code) => lies.some((one) => code.startsWith(one))),
    // The rule without exception.
    ...(status === 'ok' ? ['fine'] : []),
    ...findings.filter(isBlind).filter((one) => one.status !== 'unknown' || !isInWords(one)),
    ...findings.filter(({ title }) => title.includes('did not finish')),
    ...(durationMs < limitSeconds * 1000 ? [] : [`longer than ${limitSeconds} s`]),
  ].map((one) => (typeof one === 'string' ? one : `${one.code}: ${one.title}`));
}

const isBlind = ({ code }: Finding) => code.endsWith('.coverage');
const isInWords = ({ title, detail }: Finding) => / .* /.test(title) && detail !== '';

function limitOf(id: string, words: readonly string[]): number {
  const pairs = words.map((word) => [word.split('=')[0] ?? '', word.slice(word.indexOf('=') + 1)]);
  const found = diagnostics.find((one) => one.id === id);
  return found?.bind(Object.fromEntries(pairs), 'n0nce').probe.timeoutSeconds ?? 0;
}
