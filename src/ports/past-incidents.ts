import type { PastIncident } from '../core/incident/similar.ts';

/** Closed incidents, to be named when one like them begins. Kept as long as records are. */
export interface PastIncidents {
  /** The same id again replaces it. */
  put(incident: PastIncident): Promise<void>;
  /** Latest first. */
  recent(limit: number): Promise<readonly PastIncident[]>;
}
