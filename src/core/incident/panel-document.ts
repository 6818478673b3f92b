import type { Action, Block, Document, Inline } from '../document/document.ts';
import { foldSome } from '../fleet/fold-some.ts';
import { actorInline } from '../run/run-document.ts';
import type { CaseState, Incident } from './case.ts';
import { hostMatrix } from './host-matrix.ts';
import { panelAlerts } from './panel-alerts.ts';
import { fixesAskedFor, foundSoFar } from './panel-findings.ts';
import { panelPeople } from './panel-people.ts';

/** The pinned message of a room: where things stand, edited in place. Its thread holds the findings. */
export function panelDocument(state: CaseState): Document {
  const { incident } = state;
  if (incident === null) return { summary: 'no incident', blocks: [] };
  const { severity, state: life, title, mergedInto } = incident;
  const line = `${severity} ${mergedInto === null ? life : `merged into ${mergedInto}`}: ${title}`;
  return {
    summary: line,
    blocks: [
      { kind: 'heading', text: line },
      ...notices(state, incident),
      // What is being done, or was, says more than what was found before it.
      ...fixesAskedFor(state),
      ...foundSoFar(state),
      ...hostMatrix(state),
      ...panelPeople(incident),
      ...panelAlerts(state),
      { kind: 'fields', items: fields(incident) },
      ...footer(incident),
      ...actions(incident),
    ],
  };
}

/** Topic of the room: what the channel list shows. At most 250 characters. */
export function roomTopic(incident: Incident): string {
  const hosts = incident.hosts.length > 0 ? ` · ${foldSome(incident.hosts, 250)}` : '';
  const topic = `${incident.severity} ${incident.state} · ${incident.title}${hosts}`;
  return topic.length <= 250 ? topic : `${topic.slice(0, 249)}…`;
}

/** What makes this incident another than most: said before anything else. */
function notices({ alerts }: CaseState, incident: Incident): Block[] {
  const lines: string[] = [];
  const { mergedInto, absorbed, continues, storm } = incident;
  if (mergedInto !== null)
    lines.push(`It goes on in ${mergedInto}; nothing happens here any more.`);
  if (continues !== null) lines.push(`It continues ${continues}, which was closed.`);
  if (absorbed.length > 0) lines.push(`The alerts of ${absorbed.join(', ')} go on here.`);
  if (storm) {
    lines.push(`${alerts.size} alerts are gathered here instead of a room for each; none is lost.`);
  }
  return lines.map((text) => ({ kind: 'paragraph', content: [{ text, style: 'bold' }] }));
}

const HOSTS_CHARACTERS = 300;

function fields(incident: Incident): { label: string; value: string }[] {
  const hosts = foldSome(incident.hosts, HOSTS_CHARACTERS);
  const count = incident.hosts.length > 1 ? ` (${incident.hosts.length})` : '';
  return [
    {
      label: 'Hosts',
      value: hosts === '' ? 'none known: say which with /incident hosts add <host>' : hosts + count,
    },
    { label: 'Since', value: `${incident.openedAt.slice(0, 16).replace('T', ' ')} UTC` },
  ];
}

function footer({ id, openedBy, runbook, private: isPrivate }: Incident): Block[] {
  const links: Inline[] = runbook === null ? [] : [{ link: runbook, text: 'Runbook' }, ' · '];
  return [
    {
      kind: 'context',
      content: [
        ...links,
        `incident ${id}${isPrivate ? ', private' : ''} · opened by `,
        actorInline(openedBy),
      ],
    },
  ];
}

/** Only what makes sense now. */
function actions(incident: Incident): Block[] {
  const { id: value, state } = incident;
  if (state === 'closed' || incident.closing || incident.mergedInto !== null) return [];
  const update: Action = { action: 'incident.update', label: 'Update…', value };
  if (state === 'resolved') return [{ kind: 'actions', actions: [update, close(value)] }];
  const acknowledge: Action[] =
    incident.acknowledged === null
      ? [{ action: 'incident.ack', label: 'Acknowledge', value, style: 'primary' }]
      : [];
  return [
    {
      kind: 'actions',
      actions: [
        ...acknowledge,
        { action: 'incident.severity', label: 'Severity…', value },
        { action: 'incident.role', label: 'Roles…', value },
        update,
        resolve(value),
      ],
    },
  ];
}

function resolve(value: string): Action {
  return {
    action: 'incident.resolve',
    label: 'Resolve',
    value,
    confirm: {
      title: 'Resolve this incident?',
      text: 'What was found is looked at once more. The room stays open until somebody closes it.',
      button: 'Resolve',
    },
  };
}

function close(value: string): Action {
  return {
    action: 'incident.close',
    label: 'Close',
    value,
    confirm: {
      title: 'Close this incident?',
      text: 'The transcript is written and verified, then this channel is archived for good.',
      button: 'Close',
    },
  };
}
