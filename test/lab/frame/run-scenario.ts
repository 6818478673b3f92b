import type { Log } from '../../../src/ports/log.ts';
import { createLab, type Lab } from '../host/lab.ts';
import { type Played, play } from './player.ts';
import type { Scenario } from './scenario.ts';
import { type Site, startLabRedis, startSite } from './site.ts';

/** A scenario that is up: its hosts with the fault, and a Housecall that knows them. */
export interface Incident {
  readonly lab: Lab;
  readonly site: Site;
  /** Ends and removes everything. */
  close(): Promise<void>;
}

/** Boots, makes the fault, starts Housecall. The alert is not posted yet. */
export async function startIncident(
  scenario: Scenario,
  options: { readonly log: Log; readonly say: (line: string) => void },
): Promise<Incident> {
  const { log, say } = options;
  const lab = createLab();
  const undo: (() => Promise<void> | void)[] = [() => lab.close()];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      try {
        await step();
      } catch (error) {
        say(`could not clean up: ${String(error)}`);
      }
    }
  };
  try {
    const redis = await startLabRedis(lab, log);
    undo.push(() => redis.stop());
    undo.push(() => scenario.down?.());
    await scenario.up(lab);
    for (const { name, address } of lab.hosts.values()) say(`host        ${name} ${address}`);
    for (const line of scenario.status(lab)) say(`fault       ${line}`);
    const site = await startSite(scenario, lab, { redisUrl: redis.url, namespace: 'lab', log });
    undo.push(() => site.stop());
    return { lab, site, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One row of the table. */
export interface Row {
  readonly name: string;
  readonly played?: Played;
  readonly seconds: number;
  readonly error?: string;
  /** Why it was not played. */
  readonly skipped?: string;
}

/** Unattended: up, alert, finding, fixes, down. Never throws: what failed stands in the row. */
export async function runScenario(
  scenario: Scenario,
  options: { readonly log: Log; readonly say: (line: string) => void },
): Promise<Row> {
  const { name } = scenario;
  const began = Date.now();
  const seconds = (): number => (Date.now() - began) / 1000;
  const skipped = scenario.problem?.() ?? null;
  if (skipped !== null) return { name, seconds: 0, skipped };
  let incident: Incident | undefined;
  try {
    incident = await startIncident(scenario, options);
    const played = await play(scenario, incident.lab, { site: incident.site, say: options.say });
    return { name, played, seconds: seconds() };
  } catch (error) {
    return {
      name,
      seconds: seconds(),
      error: error instanceof Error ? error.message : String(error),
    };
  } finally {
    await incident?.close();
  }
}
