import { foldNames } from '../../fleet/fold-names.ts';
import { namesHost } from './names-host.ts';
import type { PostmortemTelling } from './postmortem-telling.ts';
import { time } from './telling.ts';

/** What is left to do: everything in it follows from the record, in the order of its urgency. */
export function followUpsSection(telling: PostmortemTelling): string {
  const items = [
    ...stillBad(telling),
    ...alertsThatFire(telling),
    ...fixesThatDidNot(telling),
    ...notPermanent(telling),
    ...offersLeft(telling),
    ...lookAgain(telling),
    'Write down the cause behind what was found, and who was affected.',
  ];
  return `## Follow-ups\n\n${[...new Set(items)].map((item) => `- [ ] ${item}`).join('\n')}`;
}

/** One box for everything of one kind: it is one thing to do. */
function stillBad({ story, line, words }: PostmortemTelling): readonly string[] {
  const bad = story.stillBad.filter(({ finding }) => finding.status !== 'unknown');
  return [...new Set(bad.map(({ finding }) => finding.code))].flatMap((code) => {
    const [first, ...more] = bad.filter(({ finding }) => finding.code === code);
    if (first === undefined) return [];
    const { finding, at, hosts } = first;
    const on = hosts.every((host) => namesHost(finding.title, host))
      ? ''
      : ` on ${line(foldNames(hosts))}`;
    const like = more.length === 0 ? '' : `, and ${more.length} more like it`;
    return [
      `Still **${finding.status}** at the last look (${time(at)}): ${words(finding.title)}${on}${like}; ${line(code)}.`,
    ];
  });
}

function alertsThatFire({ state, line }: PostmortemTelling): readonly string[] {
  return [...state.alerts.values()]
    .filter(({ firing }) => firing)
    .map(({ alert }) => `Still firing at ${line(alert.source)}: ${line(alert.title)}.`);
}

function fixesThatDidNot({ story, line }: PostmortemTelling): readonly string[] {
  return story.changes
    .filter(({ result }) => result?.outcome !== 'verified')
    .map(
      ({ plan, offer, host, result }) =>
        `Look at ${line(host)}: ${line(plan?.summary ?? offer.fix)} ended ${result?.outcome ?? 'unknown'}.`,
    );
}

function notPermanent({ story, line }: PostmortemTelling): readonly string[] {
  return story.changes.flatMap(({ host, plan, offer, result, lost }) => [
    ...(result?.lostWhen === undefined && lost === undefined
      ? []
      : [
          `Make it last on ${line(host)}: ${line(plan?.summary ?? offer.fix)}${result?.lostWhen === undefined ? '' : `, which is lost when ${line(result.lostWhen)}`}.`,
        ]),
    ...(plan?.saved.kind === 'file' && (result?.steps.length ?? 0) > 0
      ? [`Decide on the copy in ${line(plan.saved.path)} on ${line(host)}.`]
      : []),
  ]);
}

/** A fix that a finding offered, and that nobody ran on that host. */
function offersLeft({ story, state, line }: PostmortemTelling): readonly string[] {
  const ran = new Set(
    [...state.fixes.values()]
      .filter(({ result }) => result !== undefined)
      .map(({ offer, host }) => JSON.stringify([offer.fix, host])),
  );
  return story.causes.flatMap(({ finding, hosts }) =>
    finding.fixes.flatMap(({ fix }) => {
      const left = hosts.filter((host) => !ran.has(JSON.stringify([fix, host])));
      return left.length === 0
        ? []
        : [
            `Decide on ${line(fix)}, offered on ${line(foldNames(left))} for ${line(finding.code)} and not run.`,
          ];
    }),
  );
}

/** Findings name what to run next; what nobody ran is open. */
function lookAgain({ story, state, line }: PostmortemTelling): readonly string[] {
  const ran = new Set(
    [...state.runs.values()].flatMap(({ diagnostic, hosts }) =>
      hosts.map((host) => JSON.stringify([diagnostic, host])),
    ),
  );
  const suggested = story.causes.flatMap(({ finding, hosts }) =>
    finding.next
      .filter(({ diagnostic }) =>
        hosts.some((host) => !ran.has(JSON.stringify([diagnostic, host]))),
      )
      .map(
        ({ diagnostic }) =>
          `Run ${line(diagnostic)} on ${line(foldNames(hosts))}: ${line(finding.code)} suggested it, and nobody did.`,
      ),
  );
  const blind = story.unseen.map(
    ({ finding, hosts }) =>
      `Let Housecall see more on ${line(foldNames(hosts))}: ${line(finding.title)}.`,
  );
  return [...suggested, ...blind];
}
