import { foldNames } from '../fleet/fold-names.ts';
import type { Plan, Saved } from '../plan.ts';
import type { FixState } from './fix-state.ts';

/** What is copied away before anything changes, and where to; or that nothing is. */
export function savedText(saved: Saved): string {
  switch (saved.kind) {
    case 'file':
      return `${saved.what}, to ${saved.path}`;
    case 'incident':
      return `${saved.what}, into this incident as ${saved.name}`;
    case 'loss':
      return `nothing: the content is lost for good ("${saved.words}")`;
    case 'nothing-needed':
    default:
      return 'nothing needs saving';
  }
}

/** How all of it is taken back, in one line: what cannot be comes first. */
export function undoText({ steps }: Plan): string {
  // The mark of a fix stays as the record: nobody takes it back.
  const changes = steps.filter(({ id }) => id !== 'claim');
  const never = changes.filter(({ undo }) => undo === null).map(({ id }) => id);
  const rest = changes.filter(({ undo }) => undo !== null);
  const said = rest.map(({ id, undo }) => (changes.length === 1 ? undo : `${id}: ${undo}`));
  if (never.length === 0) return said.length === 0 ? 'nothing is changed' : said.join('; ');
  const impossible =
    changes.length === 1
      ? 'impossible, this cannot be taken back'
      : `impossible: ${never.join(', ')} cannot be taken back`;
  return [impossible, ...said].join('; ');
}

/** Stands for the id of the fix, which differs on every host, where hosts are told of together. */
const OWN_ID = '<fix id>';

/** Equal lines once, with the hosts they hold for: `web-[1-4]: its last lines, to /save/<fix id>-it.log`. */
export function foldedByHost(
  fixes: readonly FixState[],
  lineOf: (fix: FixState) => string,
): readonly string[] {
  const hosts = new Map<string, string[]>();
  for (const fix of fixes) {
    const line = lineOf(fix).replaceAll(fix.id, OWN_ID);
    hosts.set(line, [...(hosts.get(line) ?? []), fix.host]);
  }
  return [...hosts].map(([line, names]) => `${foldNames(names)}: ${line}`);
}
