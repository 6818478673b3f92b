import type { FixOffer } from '../../../core/finding.ts';
import type { Reading } from '../reading.ts';

/** `truncate-log` for these logs, or in a sentence which right it lacks: a fix runs with the rights of a look. */
export function logFixes(
  paths: readonly string[],
  { privilege, host, sudoRefused }: Reading,
): { readonly fixes: readonly FixOffer[]; readonly lacks: readonly string[] } {
  if (paths.length === 0) return { fixes: [], lacks: [] };
  if (privilege !== 'none') {
    return { fixes: paths.map((path) => ({ fix: 'truncate-log', params: { path } })), lacks: [] };
  }
  const account = `this account (uid ${host.uid})`;
  const why =
    sudoRefused === null
      ? `${account} has neither root nor sudo. Give it sudo on the host and set sudo: true in the inventory.`
      : `sudo refused ${account}: ${sudoRefused}.`;
  return {
    fixes: [],
    lacks: [
      `The fix \`truncate-log\` is not offered: it must see who writes a log, which takes root, and ${why}`,
    ],
  };
}
