import type { FixState } from '../approval/fix-state.ts';
import type { Block, Document, Inline } from '../document/document.ts';
import { foldNames } from '../fleet/fold-names.ts';
import { foldSome } from '../fleet/fold-some.ts';
import { actorInline } from '../run/run-document.ts';
import { storyOf, type ToldFinding } from './archive/story.ts';
import type { CaseState, Incident } from './case.ts';
import { moment } from './moment.ts';
import { panelPeople } from './panel-people.ts';

/** Lines of one part of the page; what is more is counted. */
const MOST = 8;
const LINE_CHARACTERS = 300;
const HOSTS_CHARACTERS = 200;

/** By these words of its first and last line Housecall finds its own part of the page among what people wrote. */
export function handoverMarkers(incident: string): readonly [first: string, last: string] {
  return [`Housecall on incident ${incident}`, `Housecall handover ${incident}`];
}

/**
 * Where an incident stands, for whoever joins late or takes over: the state first, then who is on it,
 * what is broken, what was changed, what will not last, what is left to do. The same state gives the
 * same page: it names no time of its own.
 */
export function handoverDocument(state: CaseState): Document {
  const { incident } = state;
  if (incident === null) return { summary: 'no incident', blocks: [] };
  const summary = `${incident.severity} ${incident.state}: ${incident.title}`;
  const [first, last] = handoverMarkers(incident.id);
  const bad = storyOf(state, [])?.stillBad ?? [];
  return {
    summary,
    blocks: [
      { kind: 'paragraph', content: [bold(summary), ` · ${first}`] },
      ...hosts(incident),
      ...panelPeople(incident),
      ...broken(state, bad),
      ...changed(state),
      ...notPermanent(state),
      ...leftToDo(state, bad),
      ...links(state, incident),
      {
        kind: 'context',
        content: [
          `${last}: rewritten as things change. What you write elsewhere on this page stays.`,
        ],
      },
    ],
  };
}

function hosts({ hosts: names, openedAt: since, storm }: Incident): Block[] {
  const opened = `since ${moment(since, '')}`;
  const many = storm ? ', a storm of alerts' : '';
  const where = names.length === 0 ? 'no host known' : foldSome(names, HOSTS_CHARACTERS);
  return [{ kind: 'paragraph', content: [bold('Hosts: '), `${where}, ${opened}${many}`] }];
}

/** The last word of each look, worst first; what was fixed since is not broken any more. */
function broken(state: CaseState, bad: readonly ToldFinding[]): Block[] {
  const runs = [...state.runs.values()];
  const looking = runs.filter(({ finished }) => finished === null).length;
  const lines = bad.map(({ finding, hosts: where, at }): Inline[] => [
    bold(`${finding.status}: `),
    clip(`${foldSome(where, HOSTS_CHARACTERS)}: ${finding.title}`),
    ` (${finding.code}, seen ${moment(at, openedAt(state))})`,
  ]);
  if (looking > 0) lines.push([`${looking} look${looking === 1 ? '' : 's'} still going on`]);
  if (lines.length > 0) return part('What is broken', lines);
  return part('What is broken', [
    [runs.length === 0 ? 'nobody has looked yet' : 'nothing that the last looks found'],
  ]);
}

function changed(state: CaseState): Block[] {
  const lines = [...state.fixes.values()].flatMap((fix): Inline[][] => {
    if (fix.request === undefined) return [];
    const what = clip(`${fix.plan?.summary ?? fix.offer.fix} on ${fix.host}`);
    const when = fix.result === undefined ? '' : ` ${moment(fix.result.at, openedAt(state))}`;
    return [
      [bold(`${fix.result?.outcome ?? fix.status}${when}: `), what, ', asked for by ', ...by(fix)],
    ];
  });
  return part('What was changed', lines.length === 0 ? [['nothing by Housecall']] : lines);
}

function by({ request, approvals }: FixState): Inline[] {
  const asked: Inline = request === undefined ? 'nobody on record' : actorInline(request.by);
  if (approvals.length === 0) return [asked, ', approved by nobody yet'];
  const people = approvals.flatMap(({ person }, n): Inline[] => [
    ...(n === 0 ? [] : [', ']),
    { user: person.user },
  ]);
  return [asked, ', approved by ', ...people];
}

/** A change that is gone again, or will be. */
function notPermanent(state: CaseState): Block[] {
  const lines = [...state.fixes.values()].flatMap((fix): Inline[][] => {
    const { result, lost, host, plan, offer } = fix;
    const what = clip(`${host}: ${plan?.summary ?? offer.fix}`);
    if (lost?.certain === true) {
      return [[bold('lost again '), `${moment(lost.at, openedAt(state))}: `, what]];
    }
    if (result?.lostWhen === undefined) return [];
    return [[what, bold(' is lost when '), clip(result.lostWhen)]];
  });
  return lines.length === 0 ? [] : part('What is not permanent', lines);
}

function leftToDo(state: CaseState, bad: readonly ToldFinding[]): Block[] {
  const fixes = [...state.fixes.values()];
  const ran = new Set(fixes.map(({ offer, host }) => JSON.stringify([offer.fix, host])));
  const waiting = fixes
    .filter(({ status }) => status === 'pending')
    .map(({ host, offer }): Inline[] => [`approve or deny ${offer.fix} on ${host}`]);
  const failed = fixes
    .filter(({ result }) => result !== undefined && result.outcome !== 'verified')
    .map(({ host, offer, result }): Inline[] => [
      `look at ${host}: ${offer.fix} ended ${result?.outcome}`,
    ]);
  const offered = bad.flatMap(({ finding, hosts: where }) =>
    finding.fixes.flatMap(({ fix }): Inline[][] => {
      const left = where.filter((host) => !ran.has(JSON.stringify([fix, host])));
      return left.length === 0 ? [] : [[clip(`decide on ${fix} for ${foldNames(left)}`)]];
    }),
  );
  const firing = [...state.alerts.values()]
    .filter((one) => one.firing)
    .map(({ alert }): Inline[] => [clip(`still firing at ${alert.source}: ${alert.title}`)]);
  const lines = [...waiting, ...failed, ...offered, ...firing];
  return lines.length === 0 ? [] : part('Open', lines);
}

function links({ alerts }: CaseState, { runbook }: Incident): Block[] {
  const alert = [...alerts.values()].find(({ alert: { url } }) => url !== undefined)?.alert.url;
  const all = [
    { text: 'Alert', link: alert ?? null },
    { text: 'Runbook', link: runbook },
  ].flatMap(({ text, link }) => (link === null ? [] : [{ text, link }]));
  const content = all.flatMap((one, n): Inline[] => [...(n === 0 ? [] : [' · ']), one]);
  return content.length === 0
    ? []
    : [{ kind: 'paragraph', content: [bold('Links: '), ...content] }];
}

function part(title: string, lines: readonly (readonly Inline[])[]): Block[] {
  const more = lines.length - MOST;
  const shown = more > 0 ? [...lines.slice(0, MOST), [`and ${more} more`]] : lines;
  return [
    { kind: 'paragraph', content: [bold(title)] },
    { kind: 'list', items: shown },
  ];
}

function openedAt({ incident }: CaseState): string {
  return incident?.openedAt ?? '';
}

function bold(text: string): Inline {
  return { text, style: 'bold' };
}

function clip(text: string): string {
  return text.length <= LINE_CHARACTERS ? text : `${text.slice(0, LINE_CHARACTERS - 1)}…`;
}
