import { HousecallError } from '../core/errors.ts';
import type { CaseState } from '../core/incident/case.ts';
import type { Person } from '../core/person.ts';
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
  return openIncident(deps, {
    actor: { kind: 'person', ...input.person },
    title: before.title,
    severity: before.severity,
    state: 'active',
    hosts: before.hosts,
    invite: before.invite,
    ...(before.runbook === null ? {} : { runbook: before.runbook }),
    continues: before.id,
    claims: [],
    diagnose: [],
  });
}
