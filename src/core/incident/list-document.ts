import type { Document, Inline } from '../document/document.ts';
import { foldNames } from '../fleet/fold-names.ts';
import type { CaseState } from './case.ts';

/** `/incident list`: open incidents, worst and oldest first. */
export function listIncidents(states: readonly CaseState[]): Document {
  const incidents = states
    .flatMap((state) => (state.incident === null ? [] : [state.incident]))
    .toSorted((a, b) => a.severity.localeCompare(b.severity) || (a.openedAt < b.openedAt ? -1 : 1));
  const summary =
    incidents.length === 0
      ? 'No open incidents'
      : `${incidents.length} open incident${incidents.length === 1 ? '' : 's'}`;
  const items = incidents
    .slice(0, 40)
    .map((incident): Inline[] => [
      { text: `${incident.severity} ${incident.state}`, style: 'bold' },
      ` ${incident.id} ${incident.title} `,
      ...(incident.room === null ? [] : [{ channel: incident.room.channel }]),
      incident.hosts.length > 0 ? ` ${foldNames(incident.hosts)}` : '',
      incident.acknowledged === null ? ' · nobody has acknowledged' : '',
    ]);
  return {
    summary,
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      ...(items.length === 0 ? [] : [{ kind: 'list', items } as const]),
      ...(incidents.length > 40
        ? [{ kind: 'context', content: [`… and ${incidents.length - 40} more`] } as const]
        : []),
    ],
  };
}
