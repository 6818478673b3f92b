import type { Finding } from '../../../src/core/finding.ts';
import type { CaseEvent, EventRecord, RunReason } from '../../../src/core/incident/event.ts';
import type { Expected, ExpectedFinding } from './scenario.ts';

type Of<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>;

export function eventsOf<T extends CaseEvent['type']>(
  records: readonly EventRecord[],
  type: T,
): Of<T>[] {
  return records.map(({ event }) => event).filter((event): event is Of<T> => event.type === type);
}

/** A finding of the record, and where it stands: what a Review button names. */
export interface Found {
  readonly run: string;
  readonly host: string;
  readonly index: number;
  readonly reason: RunReason | null;
  readonly finding: Finding;
}

/** Every finding of every run so far, oldest run first. */
export function foundIn(records: readonly EventRecord[]): readonly Found[] {
  const reasons = new Map(eventsOf(records, 'run.started').map(({ run, reason }) => [run, reason]));
  return eventsOf(records, 'run.finished').flatMap(({ run, reports }) =>
    reports.flatMap(({ host, findings }) =>
      findings.map((finding, index) => {
        return { run, host, index, finding, reason: reasons.get(run) ?? null };
      }),
    ),
  );
}

export function isExpected(found: Found, expected: ExpectedFinding): boolean {
  const { finding, host } = found;
  return (
    finding.code === expected.code &&
    (expected.host === undefined || expected.host === host) &&
    (expected.reason === undefined || expected.reason === found.reason) &&
    (expected.status === undefined || expected.status === finding.status) &&
    (expected.title === undefined || expected.title.test(finding.title)) &&
    (expected.detail === undefined || expected.detail.test(finding.detail)) &&
    hasData(finding.data, expected.data ?? {})
  );
}

function hasData(data: Finding['data'], expected: Expected): boolean {
  return Object.entries(expected).every(([key, value]) => {
    const is = data[key];
    return value instanceof RegExp ? value.test(String(is)) : is === value;
  });
}

/** For a message of a test that failed. */
export function expectedWords(expected: ExpectedFinding): string {
  const { code, host, data, title, detail, reason, status } = expected;
  const more = [
    ...(status === undefined ? [] : [status]),
    ...(host === undefined ? [] : [`on ${host}`]),
    ...(reason === undefined ? [] : [`by a run of the kind "${reason}"`]),
    ...(title === undefined ? [] : [`saying ${title}`]),
    ...(detail === undefined ? [] : [`explaining ${detail}`]),
    ...Object.entries(data ?? {}).map(([key, value]) => `${key}=${String(value)}`),
  ];
  return [code, ...more].join(' ');
}

export function foundWords({ finding, host }: Found): string {
  return `${finding.code} ${finding.status} on ${host}: ${finding.title}`;
}
