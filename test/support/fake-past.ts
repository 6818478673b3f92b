import type { PastIncident } from '../../src/core/incident/similar.ts';
import type { Openings } from '../../src/ports/openings.ts';
import type { PastIncidents } from '../../src/ports/past-incidents.ts';

/** Closed incidents in memory. */
export function createFakePast(): PastIncidents {
  const incidents = new Map<string, PastIncident>();
  return {
    put: async (incident) => void incidents.set(incident.id, structuredClone(incident)),
    recent: async (limit) =>
      [...incidents.values()]
        .toSorted((a, b) => (a.closedAt < b.closedAt ? 1 : -1))
        .slice(0, limit),
  };
}

/** Openings in memory. */
export function createFakeOpenings(): Openings {
  const openings = new Map<string, number>();
  return {
    note: async (id, at, windowSeconds) => {
      if (!openings.has(id)) openings.set(id, at.getTime());
      const from = at.getTime() - windowSeconds * 1000;
      return [...openings.values()].filter((time) => time >= from).length;
    },
  };
}
