import type { Block, Inline } from '../document/document.ts';
import { foldSome } from '../fleet/fold-some.ts';
import type { AttachedAlert, CaseState } from './case.ts';

/** From so many on they are told by name: nobody reads a list of them. */
const EACH = 8;
const MAX_GROUPS = 12;
const NAME_CHARACTERS = 150;

/** What the sources say: each alert, or how many of each name. */
export function panelAlerts(state: CaseState): Block[] {
  const attached = [...state.alerts.values()];
  if (attached.length === 0) return [];
  const items = attached.length > EACH ? byName(attached) : attached.map(oneAlert);
  const unmatched = attached.filter(
    ({ hosts, alert, firing }) => firing && hosts.length === 0 && alert.hostHints.length > 0,
  );
  if (unmatched.length > 0) {
    const hints = [...new Set(unmatched.flatMap(({ alert }) => alert.hostHints))].slice(0, 5);
    items.push([
      `Not in the inventory: ${hints.join(', ')}. Which hosts are meant? /incident hosts add <host>`,
    ]);
  }
  const firing = attached.filter((one) => one.firing).length;
  const count = attached.length === 1 ? [] : [` (${firing} of ${attached.length} firing)`];
  return [
    { kind: 'paragraph', content: [{ text: 'Alerts', style: 'bold' }, ...count] },
    { kind: 'list', items },
  ];
}

function oneAlert({ alert, firing, hosts, flapping, changes }: AttachedAlert): Inline[] {
  const place = [alert.source, ...(hosts.length === 0 ? [] : [foldSome(hosts, NAME_CHARACTERS)])];
  const title = clipped(alert.title);
  return [
    firing ? 'firing: ' : 'resolved: ',
    alert.url === undefined ? title : { link: alert.url, text: title },
    ` (${place.join(', ')})`,
    flapping ? ` · flapping, changed ${changes.length} times: only its firing is told` : '',
  ];
}

/** What fires most comes first. */
function byName(attached: readonly AttachedAlert[]): Inline[][] {
  const groups = new Map<string, AttachedAlert[]>();
  for (const one of attached) {
    const name = one.alert.labels['alertname'] ?? one.alert.title;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  const told = [...groups]
    .map(([name, alerts]) => ({ name, alerts, firing: alerts.filter((one) => one.firing).length }))
    .toSorted((a, b) => b.firing - a.firing || b.alerts.length - a.alerts.length);
  const items = told.slice(0, MAX_GROUPS).map(({ name, alerts, firing }): Inline[] => {
    const resolved = alerts.length - firing;
    const hosts = [...new Set(alerts.flatMap((one) => one.hosts))];
    const flapping = alerts.filter((one) => one.flapping).length;
    return [
      { text: clipped(name), style: 'bold' },
      `: ${firing} firing${resolved === 0 ? '' : `, ${resolved} resolved`}`,
      flapping === 0 ? '' : `, ${flapping} flapping`,
      hosts.length === 0 ? '' : ` · ${foldSome(hosts, NAME_CHARACTERS)}`,
    ];
  });
  const rest = told.slice(MAX_GROUPS);
  if (rest.length > 0) {
    const alerts = rest.reduce((sum, group) => sum + group.alerts.length, 0);
    items.push([`… and ${alerts} more alerts under ${rest.length} other names`]);
  }
  return items;
}

function clipped(text: string): string {
  return text.length <= NAME_CHARACTERS ? text : `${text.slice(0, NAME_CHARACTERS - 1)}…`;
}
