import { expect } from 'vitest';
import type { Finding, HostReport, RunReport } from '../../src/core/finding.ts';
import type { Ended } from './housecall.ts';

/** The one host of a run with `--json`. */
export function onlyHost({ stdout, stderr }: Ended): HostReport {
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as RunReport;
  const [host] = report.hosts;
  if (host === undefined || report.hosts.length > 1) throw new Error(stdout);
  return host;
}

/** The finding of a host that was not reached, as it must be in every case: unknown, and nothing else is said. */
export function unreachableFinding({ status, findings, coverage }: HostReport): Finding {
  expect(status).toBe('unknown');
  expect(findings.map(({ code }) => code)).toEqual(['host.unreachable']);
  expect(coverage).toEqual({ privilege: 'none', notes: ['nothing could be seen'] });
  const [found] = findings;
  if (found === undefined) throw new Error('no finding');
  expect(found).toMatchObject({ status: 'unknown', fixes: [] });
  expect(Object.keys(found.data).toSorted()).toEqual(['detail', 'stage']);
  return found;
}
