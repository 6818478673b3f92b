import { isPlain } from '../../../core/display-name.ts';
import type { FixOffer } from '../../../core/finding.ts';
import { looksLikeLog } from '../../../core/log-name.ts';
import type { Reading } from '../reading.ts';
import type { LogView } from './view.ts';

/** The fix that empties this log, or in a sentence which right it lacks; neither: it is no log of this host to be emptied. */
export function offer(
  view: LogView,
  reading: Reading,
): { readonly fixes: readonly FixOffer[]; readonly lacks: string | null } {
  if (!canBeEmptied(view)) return { fixes: [], lacks: null };
  const missing = missingRight(view, reading);
  return missing === null
    ? { fixes: [{ fix: 'truncate-log', params: { path: view.log.path } }], lacks: null }
    : { fixes: [], lacks: `The fix \`truncate-log\` is not offered: ${missing}` };
}

/** A file of this host with a name that says log: emptied, with samples kept. */
function canBeEmptied({ log: { path, deleted, unit }, large, writer }: LogView): boolean {
  const ours = writer?.foreign !== true;
  return large && !unit && !deleted && ours && isPlain(path) && looksLikeLog(path);
}

/** A fix runs with the rights of a look: what it would refuse then is said now. */
function missingRight({ log }: LogView, reading: Reading): string | null {
  const { privilege, host, processes, sudoRefused } = reading;
  if (privilege !== 'none') {
    return log.writable === false
      ? 'not even root can write to this file: its file system is read-only, or it is immutable.'
      : null;
  }
  const account = `this account (uid ${host.uid})`;
  if (processes.denied > 0 || !host.pid1Visible) {
    const sees = 'it must see who writes the log, which takes root, and';
    return sudoRefused === null
      ? `${sees} ${account} has neither root nor sudo. Give it sudo on the host and set sudo: true in the inventory.`
      : `${sees} sudo refused ${account}: ${sudoRefused}.`;
  }
  return log.writable === true ? null : `uid ${host.uid} may not write to this file.`;
}
