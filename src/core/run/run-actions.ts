import { encodeFixValue, encodeRolloutValue } from '../approval/fix-value.ts';
import type { Action, Block } from '../document/document.ts';
import type { Finding, NextStep } from '../finding.ts';
import type { Run } from '../incident/case.ts';
import { encodeNextValue } from './next-value.ts';
import type { Known } from './run-document.ts';

/** Slack's limit for a button is 75 characters. */
const LABEL_LENGTH = 60;

/** `offers`: what the message offers so far; the same click under the next finding is noise. */
export function actionBlocks(
  input: {
    readonly stream: string;
    readonly run: Run;
    readonly known: Known;
    readonly hosts: readonly string[];
    readonly finding: Finding;
  },
  { offers, style }: { readonly offers: Set<string>; readonly style?: 'primary' | undefined },
): Block[] {
  const { stream, run, known, hosts, finding } = input;
  const host = hosts[0];
  if (host === undefined) return [];
  const report = run.finished?.reports.find((r) => r.host === host);
  const index = report?.findings.indexOf(finding) ?? -1;
  if (index < 0) return [];
  const place = { stream, run: run.id, host, finding: index };
  const isNew = (...offer: unknown[]): boolean => {
    const key = JSON.stringify(offer);
    return !offers.has(key) && offers.add(key) === offers;
  };
  const fixes = finding.fixes.flatMap(({ fix, params }, n): Action[] =>
    known.fixes.includes(fix) && isNew(host, fix, params)
      ? [
          {
            action: 'fix.review',
            label: `Review fix: ${fix}`,
            value: encodeFixValue({ ...place, offer: n }),
            ...(style === undefined ? {} : { style }),
          },
        ]
      : [],
  );
  const next = finding.next.flatMap((step, n): Action[] =>
    known.diagnostics.includes(step.diagnostic) &&
    !isDone(step, run) &&
    isNew(step.scope ?? host, step.diagnostic, step.params)
      ? [
          {
            action: 'next.run',
            label: nextLabel(step),
            value: encodeNextValue({ ...place, next: n }),
          },
        ]
      : [],
  );
  const actions = [...fixes, ...next];
  return actions.length === 0 ? [] : [{ kind: 'actions', actions }];
}

/** The run is that very look at the whole group. */
function isDone({ diagnostic, scope }: NextStep, run: Run): boolean {
  return (
    scope === 'group' &&
    diagnostic === run.diagnostic &&
    run.after !== undefined &&
    run.hosts.length > 1
  );
}

/** The same fix on several hosts: one review, one approval, a canary and then waves. */
export function rolloutBlocks(stream: string, run: Run, known: Known): Block[] {
  const reports = run.finished?.reports ?? [];
  const actions = known.fixes.flatMap((module): Action[] => {
    const hosts = reports.filter(({ findings }) =>
      findings.some(({ fixes }) => fixes.some(({ fix }) => fix === module)),
    );
    if (hosts.length < 2) return [];
    const value = encodeRolloutValue({ stream, run: run.id, module });
    const label = `Review fix on ${hosts.length} hosts: ${module}`;
    return [{ action: 'fix.review', label, value, style: 'primary' }];
  });
  return actions.length === 0 ? [] : [{ kind: 'actions', actions }];
}

/** Two suggestions of one kind must not look alike: what they look at is part of the label, its end above all. */
function nextLabel({ diagnostic, params, scope }: NextStep): string {
  const start = `Look further: ${diagnostic}`;
  if (scope === 'group') return `${start} on the whole group`.slice(0, LABEL_LENGTH);
  const what = Object.values(params).map(String).join(' ');
  const room = LABEL_LENGTH - start.length - 1;
  if (what === '') return start;
  // Not beginning in the middle of a character of two units.
  const end = what.slice(1 - room).replace(/^[\udc00-\udfff]/, '');
  return `${start} ${what.length <= room ? what : `…${end}`}`;
}
