import type { Incident } from './case.ts';

/** The incident as those may know it who are not in its room: a private one keeps what it is about. */
export function announced(incident: Incident): Incident {
  return incident.private ? { ...incident, title: 'a private incident', hosts: [] } : incident;
}
