import type { CaseState } from '../incident/case.ts';

/** The name that `/incident freeze` claims: while it is owned, no fix is requested, approved or run. */
export const FREEZE_CLAIM = 'freeze';
/** The case that owns it: of no incident, so that closing one lifts nothing. Never swept. */
export const FREEZE_STREAM = 'freeze';

/** Why no fix may be asked for, approved or run now; null: it may. */
export function blockedReason(state: CaseState, frozenBy: string | null): string | null {
  if (frozenBy !== null) return `all fixes are frozen (${frozenBy})`;
  const { incident } = state;
  if (incident === null) return null;
  if (incident.state === 'closed') return `incident ${incident.id} is closed`;
  return incident.closing ? `incident ${incident.id} is being closed` : null;
}
