import { expect } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import type { Route } from '../../src/core/alert-route.ts';
import { HousecallError } from '../../src/core/errors.ts';
import { alertClaims } from '../../src/core/incident/group-claims.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { mergeIncidents } from '../../src/workflows/incident/merge-incidents.ts';
import { openIncident } from '../../src/workflows/incident/open-incident.ts';
import { readCase } from '../../src/workflows/record/transact.ts';
import { createFakeClock } from './fake-clock.ts';

const TEAM: Route = {
  match: {},
  severity: 'SEV2',
  diagnose: [],
  invite: [],
  groupBy: ['team'],
};

function alertOf(fingerprint: string): Alert {
  return {
    source: 'opsgenie',
    fingerprint,
    action: 'firing',
    title: `disk of ${fingerprint}`,
    description: '',
    labels: { team: fingerprint },
    annotations: {},
    hostHints: [],
    startsAt: '2026-11-20T11:59:00.000Z',
  };
}

/** Who goes on where: `B>A`, the alerts of B go on in A. */
export type Wish = `${string}>${string}`;

/** What became of a merge: `done`, or the code of its error. */
export function codeOf(outcome: unknown): string {
  if (outcome === null) return 'done';
  return outcome instanceof HousecallError ? outcome.code : 'unexpected';
}

/** An incident of one alert for each name, on this journal. */
export async function createMergeWorld(journal: Journal, names: readonly string[]) {
  const deps = {
    journal,
    clock: createFakeClock(),
    routes: [TEAM],
    inviteBySeverity: {},
    channelPrefix: 'inc',
    announceChannel: '#incidents',
    redact: (text: string) => text,
  };
  const streams = new Map<string, string>();
  for (const name of names) {
    const alert = alertOf(name);
    const { stream } = await openIncident(deps, {
      actor: { kind: 'alert', source: 'opsgenie' },
      title: alert.title,
      severity: 'SEV2',
      state: 'active',
      hosts: [],
      invite: [],
      alert,
      delivery: name,
      claims: alertClaims(alert, TEAM, []),
      diagnose: [],
    });
    streams.set(name, stream);
  }
  const streamOf = (name: string): string => streams.get(name) ?? '';

  /** Where an incident's alerts are by now. @throws when it goes round in circles. */
  const end = async (stream: string): Promise<string> => {
    let at = stream;
    for (let hops = 0; hops <= names.length; hops++) {
      const { incident } = await readCase(journal, at);
      if ((incident?.mergedInto ?? null) === null) return at;
      at = incident?.mergedInto ?? '';
    }
    throw new Error(`${stream} goes round in circles`);
  };
  const endOf = (name: string): Promise<string> => end(streamOf(name));

  /** Every alert fires in exactly one incident that stands, and its names lead there. */
  const checkAlerts = async (): Promise<void> => {
    const standing = await Promise.all(
      names.map(async (name) => ({ name, state: await readCase(journal, streamOf(name)) })),
    );
    for (const name of names) {
      const home = await endOf(name);
      const places = standing
        .filter(({ state }) => state.incident?.mergedInto === null)
        .filter(({ state }) => state.alerts.get(`opsgenie:${name}`)?.firing === true)
        .map(({ state }) => state.stream);
      expect({ name, places }).toEqual({ name, places: [home] });
      const owner = await journal.owner(`alert:opsgenie:${name}`);
      expect(await end(owner ?? '')).toBe(home);
      expect([null, streamOf(name)]).toContain(await journal.owner(`gone:${streamOf(name)}`));
    }
  };

  const mergeStreams = (from: string, into: string, through: Journal = journal): Promise<void> => {
    const person = { team: 'T1', user: 'UADA' };
    return mergeIncidents({ ...deps, journal: through }, { into, from, person });
  };

  return {
    journal,
    streamOf,
    endOf,
    merge: (wish: Wish, through: Journal = journal): Promise<void> => {
      const [from = '', into = ''] = wish.split('>').map(streamOf);
      return mergeStreams(from, into, through);
    },
    /** Nothing is held for ever: all that stand can go on in one of them. */
    async mergeAll(): Promise<void> {
      const ends = new Set(await Promise.all(names.map(endOf)));
      const [first = '', ...others] = ends;
      for (const other of others) await mergeStreams(other, first);
      await checkAlerts();
    },
    /** What was granted is so. */
    async check(wishes: readonly Wish[], outcomes: readonly unknown[]): Promise<void> {
      await checkAlerts();
      for (const [n, wish] of wishes.entries()) {
        const [from = '', into = ''] = wish.split('>');
        if (outcomes[n] !== null) continue;
        expect([wish, await endOf(from)]).toEqual([wish, await endOf(into)]);
      }
    },
  };
}
