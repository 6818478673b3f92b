import { HousecallError } from '../../core/errors.ts';
import type { CaseState } from '../../core/incident/case.ts';
import { namedIn } from '../../core/incident/inside.ts';
import type { Person } from '../../core/person.ts';
import { type OpenIncidentDeps, openIncident } from './open-incident.ts';

/** A closed room cannot be entered again: a new, linked one goes on. */
export async function reopenClosed(
  deps: OpenIncidentDeps,
  input: { readonly state: CaseState; readonly person: Person; readonly reason: string },
): Promise<CaseState> {
  const before = input.state.incident;
  if (before === null) {
    throw new HousecallError('NOT_FOUND', `incident ${input.state.stream}: there is none`);
  }
  if (before.mergedInto !== null) {
    const message = `incident ${before.id} goes on in ${before.mergedInto}: reopen that`;
    throw new HousecallError('STATE_CONFLICT', message);
  }
  const claim = `continues:${before.id}`;
  return openIncident(deps, {
    actor: { kind: 'person', ...input.person },
    title: before.title,
    severity: before.severity,
    state: 'active',
    hosts: before.hosts,
    // Nobody comes into a private room by themselves, and whoever was in the last one knows what it is about.
    invite: before.private ? namedIn(before) : before.invite,
    private: before.private,
    ...(before.runbook === null ? {} : { runbook: before.runbook }),
    continues: before.id,
    claims: [claim],
    diagnose: [],
  }).catch((error: unknown) => {
    const taken = error instanceof HousecallError && error.context['claim'] === claim;
    if (!taken) throw error;
    const message = `incident ${before.id} goes on in ${String(error.context['by'])} already`;
    throw new HousecallError('STATE_CONFLICT', message, { cause: error });
  });
}
