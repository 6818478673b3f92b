import { fixRoomDocument } from '../approval/fix-document.ts';
import { rolloutOf } from '../approval/rollout.ts';
import { rolloutLine } from '../approval/rollout-document.ts';
import { codeInlines } from '../document/code-inlines.ts';
import type { Block, Document, Inline } from '../document/document.ts';
import { compareStatus, type Status } from '../finding.ts';
import { foldNames } from '../fleet/fold-names.ts';
import { actorInline, verdictLine } from '../run/run-document.ts';
import type { CaseState, Incident, Run } from './case.ts';

/** Runs told in the panel: the worst, and of equal ones the latest. */
const PANEL_RUNS = 8;

/** The pinned message of a room: where things stand, edited in place. Its thread holds the findings. */
export function panelDocument(state: CaseState): Document {
  const { incident } = state;
  if (incident === null) return { summary: 'no incident', blocks: [] };
  const line = `${incident.severity} ${incident.state}: ${incident.title}`;
  return {
    summary: line,
    blocks: [
      { kind: 'heading', text: line },
      // What is being done, or was, says more than what was found before it.
      ...fixes(state),
      ...runs(state),
      { kind: 'fields', items: fields(incident) },
      ...people(incident),
      ...alerts(state),
      ...actions(incident),
    ],
  };
}

/** Topic of the room: what the channel list shows. At most 250 characters. */
export function roomTopic(incident: Incident): string {
  const hosts = incident.hosts.length > 0 ? ` · ${foldNames(incident.hosts)}` : '';
  const topic = `${incident.severity} ${incident.state} · ${incident.title}${hosts}`;
  return topic.length <= 250 ? topic : `${topic.slice(0, 249)}…`;
}

function fields(incident: Incident): { label: string; value: string }[] {
  return [
    { label: 'Incident', value: incident.id },
    {
      label: 'Hosts',
      value:
        incident.hosts.length > 0
          ? foldNames(incident.hosts)
          : 'none known: say which with /incident hosts add <host>',
    },
    { label: 'Since', value: `${incident.openedAt.slice(0, 16).replace('T', ' ')} UTC` },
  ];
}

function people(incident: Incident): Block[] {
  const lines: Inline[][] = [['Opened by ', actorInline(incident.openedBy)]];
  lines.push(
    incident.acknowledged === null
      ? ['Nobody has acknowledged yet']
      : ['Acknowledged by ', actorInline(incident.acknowledged.by)],
  );
  if (incident.resolved !== null) {
    const reason = incident.resolved.reason === '' ? '' : `: ${incident.resolved.reason}`;
    lines.push(['Resolved by ', actorInline(incident.resolved.by), reason]);
  }
  if (incident.runbook !== null) lines.push([{ link: incident.runbook, text: 'Runbook' }]);
  return [{ kind: 'list', items: lines }];
}

function alerts(state: CaseState): Block[] {
  const attached = [...state.alerts.values()];
  if (attached.length === 0) return [];
  const items = attached
    .slice(0, 10)
    .map(({ alert, firing, hosts }): Inline[] => [
      firing ? 'firing: ' : 'resolved: ',
      alert.url === undefined ? alert.title : { link: alert.url, text: alert.title },
      ` (${alert.source}${hosts.length > 0 ? `, ${foldNames(hosts)}` : ''})`,
    ]);
  const unmatched = attached.filter((a) => a.hosts.length === 0 && a.alert.hostHints.length > 0);
  if (unmatched.length > 0) {
    const hints = [...new Set(unmatched.flatMap((a) => a.alert.hostHints))].slice(0, 5);
    items.push([
      `Not in the inventory: ${hints.join(', ')}. Which hosts are meant? /incident hosts add <host>`,
    ]);
  }
  if (attached.length > 10) items.push([`… and ${attached.length - 10} more alerts`]);
  return [{ kind: 'list', items }];
}

/** What was found, worst first: the answer stands in the panel, its evidence in the thread. */
function runs(state: CaseState): Block[] {
  const latest = new Map<string, Run>();
  for (const run of state.runs.values()) {
    const what = `${run.diagnostic} ${run.hosts.join()}`;
    // A look that somebody stopped says nothing: what was found before stays.
    if (!run.cancelled || !latest.has(what)) latest.set(what, run);
  }
  const items = [...latest.values()]
    .toReversed()
    .toSorted((a, b) => compareStatus(statusOf(a), statusOf(b)))
    .filter((run, n, all) => !all.some((other, m) => m !== n && saysSame(other, run, m < n)))
    .slice(0, PANEL_RUNS)
    .map((run): Inline[] => {
      const { finished } = run;
      if (finished === null) return [`${run.diagnostic} on ${foldNames(run.hosts)}: looking…`];
      return [
        { text: `${run.diagnostic} ${finished.status}: `, style: 'bold' },
        ...codeInlines(verdictLine(run, finished.reports, finished.status)),
      ];
    });
  return items.length === 0
    ? []
    : [
        { kind: 'paragraph', content: [{ text: 'Found so far', style: 'bold' }] },
        { kind: 'list', items },
      ];
}

/** What is being done about it: the fixes that somebody has asked for, in their order. */
function fixes(state: CaseState): Block[] {
  const told = new Map<string, string>();
  for (const fix of state.fixes.values()) {
    if (fix.request === undefined) continue;
    const { rollout } = fix;
    const line =
      rollout === undefined
        ? fixRoomDocument(fix).summary
        : rolloutLine(rolloutOf(state, rollout.id)).summary;
    told.set(rollout?.id ?? fix.id, line);
  }
  const items = [...told.values()].slice(-5).map((line): Inline[] => [line]);
  return items.length === 0
    ? []
    : [
        { kind: 'paragraph', content: [{ text: 'Fixes', style: 'bold' }] },
        { kind: 'list', items },
      ];
}

/** A look at one host, then at its group: the same answer, which the wider look tells with all its hosts. */
function saysSame(other: Run, run: Run, first: boolean): boolean {
  const answer = answerOf(run);
  return (
    answer !== null &&
    answer === answerOf(other) &&
    run.hosts.every((host) => other.hosts.includes(host)) &&
    (first || other.hosts.length > run.hosts.length)
  );
}

/** What the verdict line of a run is about; null: it tells of nothing wrong. */
function answerOf({ finished }: Run): string | null {
  const worst = finished?.reports.toSorted((a, b) => compareStatus(a.status, b.status))[0];
  const finding = worst?.findings[0];
  return worst === undefined || worst.status === 'ok' || finding === undefined
    ? null
    : JSON.stringify([worst.host, finding.code, finding.subject]);
}

function statusOf(run: Run): Status {
  return run.finished?.status ?? 'unknown';
}

function actions(incident: Incident): Block[] {
  if (incident.state === 'closed' || incident.closing) return [];
  const value = incident.id;
  return [
    {
      kind: 'actions',
      actions: [
        ...(incident.acknowledged === null
          ? [{ action: 'incident.ack', label: 'Acknowledge', value, style: 'primary' } as const]
          : []),
        ...(incident.state === 'resolved'
          ? []
          : [
              {
                action: 'incident.resolve',
                label: 'Resolve',
                value,
                confirm: {
                  title: 'Resolve this incident?',
                  text: 'The room stays open until somebody closes it.',
                  button: 'Resolve',
                },
              } as const,
            ]),
      ],
    },
  ];
}
