import type { FixState } from '../../approval/fix-state.ts';
import { actorWords } from './event-words.ts';
import { namesHost } from './names-host.ts';
import type { PostmortemTelling } from './postmortem-telling.ts';
import { time } from './telling.ts';
import { savedWords } from './transcript-fixes.ts';

/** What was changed, by whom, with whose approval, and what came of it. */
export function changesSection(telling: PostmortemTelling): string {
  const fixes = [...telling.state.fixes.values()];
  const ran = fixes.filter(({ result }) => result !== undefined);
  const others = fixes.filter(({ result }) => result === undefined);
  const parts = [
    ran.length === 0
      ? 'Housecall changed nothing. What people changed by hand is *to be written*.'
      : ran.map((fix) => changePart(telling, fix)).join('\n'),
    ...(others.length === 0
      ? []
      : [
          'Asked for or looked at, and not run:',
          others.map((fix) => otherPart(telling, fix)).join('\n'),
        ]),
  ];
  return ['## What was changed', ...parts].join('\n\n');
}

function changePart({ line, words, nameOf }: PostmortemTelling, fix: FixState): string {
  const { result, plan, request, approvals, host, offer, lost } = fix;
  if (result === undefined) return '';
  const asked = request === undefined ? 'nobody on record' : line(actorWords(request.by, nameOf));
  const approved = approvals.map(({ person }) => line(nameOf(person.user))).join(', ');
  const seen =
    result.before === undefined || result.after === undefined
      ? []
      : [`  * ${line(`Before: ${result.before}. After: ${result.after}.`)}`];
  return [
    `* **${result.outcome}**: ${words(onHost(plan?.summary ?? offer.fix, host))} (${line(offer.fix)})`,
    `  * Asked for by ${asked}, approved by ${approved === '' ? 'nobody on record' : approved}; ended ${time(result.at)}.`,
    ...seen,
    ...(result.reason === '' ? [] : [`  * ${line(`Result: ${result.reason}.`)}`]),
    ...(lost === undefined
      ? []
      : [`  * ${lostWords(lost.certain)} ${time(lost.at)}: ${line(lost.reason)}`]),
  ].join('\n');
}

function onHost(what: string, host: string): string {
  return namesHost(what, host) ? what : `${what} on ${host}`;
}

function lostWords(certain: boolean): string {
  return certain ? '**Lost again**' : '**Not seen any more since**';
}

function otherPart({ line }: PostmortemTelling, fix: FixState): string {
  const why = fix.reason === undefined ? '' : `: ${line(fix.reason)}`;
  return `* ${line(fix.offer.fix)} on ${line(fix.host)}: ${fix.status}${why}`;
}

/** What will not last, and what lies about on hosts because of it. */
export function lossesSection({ story, line }: PostmortemTelling): string {
  const items = story.changes.flatMap(({ host, plan, result, lost, offer }) => {
    const did = line(plan?.summary ?? offer.fix);
    const { lostWhen } = result ?? {};
    const ran = (result?.steps.length ?? 0) > 0;
    return [
      ...(lostWhen === undefined || lost?.certain === true
        ? []
        : [`* ${line(host)}: ${did}: lost when ${line(lostWhen)}.`]),
      ...(lost?.certain === true ? [`* ${line(host)}: ${did}: lost ${time(lost.at)}.`] : []),
      ...(ran && plan?.saved.kind === 'file'
        ? [
            `* ${line(host)}: a copy lies in ${line(plan.saved.path)} (${line(plan.saved.what)}); remove it when nobody needs it.`,
          ]
        : []),
      ...(ran && plan?.saved.kind === 'incident' ? [`* ${line(savedWords(plan.saved))}`] : []),
      ...(ran && plan?.saved.kind === 'loss'
        ? [`* ${line(host)}: ${line(savedWords(plan.saved))}`]
        : []),
      ...(ran && SET_ASIDE.has(offer.fix)
        ? [`* ${line(host)}: what ${line(offer.fix)} set aside is still there: ${did}.`]
        : []),
    ];
  });
  const text = items.length === 0 ? 'Nothing that the record names.' : items.join('\n');
  return `## What is not permanent\n\n${text}`;
}

/** Fixes that move things instead of removing them. */
const SET_ASIDE: ReadonlySet<string> = new Set(['quarantine-image', 'set-aside-directory']);
