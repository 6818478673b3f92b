import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CaseState } from '../../../src/core/incident/case.ts';
import { readCase } from '../../../src/workflows/record/transact.ts';
import type { FaultRule } from '../../../src/workspace/faults.ts';
import { ADA, createInstallation, GRACE, type Installation } from '../../support/installation.ts';
import {
  eventsOf,
  expectOnceInOrder,
  recordOf,
  rooms,
  streamOf,
  untilAllSaid,
} from '../../support/observe.ts';
import { OPSGENIE_TOKEN } from '../../support/opsgenie-alert.ts';
import type { RoleProcess } from '../../support/role-process.ts';
import {
  drawnHalf,
  HEARD_GROUP,
  makeStorm,
  STORM_HOSTS,
  STORM_ROUTES,
} from '../../support/storm-alerts.ts';
import { callsOf, expectedOnRecord, onRecord, stormFigures } from '../../support/storm-record.ts';
import { type Accepted, sendStorm } from '../../support/storm-senders.ts';

const TOKENS = {
  alertmanager: 'test-alertmanager-token',
  opsgenie: OPSGENIE_TOKEN,
  generic: 'test-generic-token',
};

/** Incidents a minute; what is more gathers in one room. */
const STORM_PER_MINUTE = 20;

/** A minute of escalation: pages fall into the storm, and around both kills. */
const MINUTE_MS = 15_000;

/** When the web role is killed, milliseconds after the beginning: pages are on their way then. */
const KILLS = [17_000, 34_000];

const SETTINGS = {
  alerts: {
    stormPerMinute: STORM_PER_MINUTE,
    sources: {
      alertmanager: { token: TOKENS.alertmanager },
      opsgenie: { token: TOKENS.opsgenie },
      generic: { token: TOKENS.generic },
    },
    routes: STORM_ROUTES,
  },
  escalation: {
    ackMinutes: 1,
    steps: [{ page: [ADA] }, { page: [GRACE], afterMinutes: 1 }],
    repeat: 0,
    immediate: ['SEV1'],
    acknowledgedMinutes: 0,
  },
  incidents: { idleHours: 0 },
};

/** Slack answers half of the calls with 429: which ones is drawn, and the same in every run. */
const HALF: readonly FaultRule[] = drawnHalf(12_000).map((skip) => ({
  method: /^(?!apps\.|auth\.)/,
  kind: 'rate-limit',
  retryAfterSeconds: 1,
  skip,
}));

const LONG = { timeout: 120_000, interval: 500 };

describe('a minute of 2,000 alerts while Slack refuses every second call and the web role is killed twice', () => {
  let site: Installation;
  let web: RoleProcess;
  let accepted: readonly Accepted[];
  let states: readonly CaseState[];
  let lasted = 0;
  const storm = makeStorm(Date.now());
  const groupOf = new Map(storm.alerts.map(({ key, group }) => [key, group]));

  beforeAll(async () => {
    site = await createInstallation({ hosts: STORM_HOSTS, rateLimits: 'off', settings: SETTINGS });
    const times = { minuteMs: MINUTE_MS };
    web = await site.start('web', { times });
    for (const rule of HALF) site.workspace.control.addFault(rule);
    const began = performance.now();
    const killing = (async () => {
      for (const at of KILLS) {
        await sleep(Math.max(0, at - (performance.now() - began)));
        await web.kill();
        web = await site.start('web', { times });
      }
    })();
    const sending = sendStorm(storm.deliveries, { address: () => web.address, tokens: TOKENS });
    [accepted] = await Promise.all([sending, killing]);
    lasted = performance.now() - began;
    await untilOver().catch((error: unknown) => {
      site.printLogs();
      throw error;
    });
    process.stdout.write(
      stormFigures({ accepted, states, lasted, site, all: performance.now() - began }),
    );
  }, 240_000);
  afterAll(() => site?.close());
  beforeEach(({ onTestFailed }) => onTestFailed(() => site.printLogs()));

  /** Everything routed, every page sent, everything said. */
  async function untilOver(): Promise<void> {
    await vi.waitFor(async () => {
      const streams = await site.store.journal.open();
      states = await Promise.all(streams.map((one) => readCase(site.store.journal, one)));
      const waiting = states.filter(
        ({ incident }) => incident?.acknowledged === null && incident.pagesExhaustedAt === null,
      );
      expect({ waiting: waiting.map(({ stream }) => stream), missing: missingKeys() }).toEqual({
        waiting: [],
        missing: [],
      });
    }, LONG);
    await untilAllSaid(site);
  }

  /** Alerts that are in no incident yet. */
  function missingKeys(): readonly string[] {
    const there = new Set(states.flatMap(({ alerts }) => [...alerts.keys()]));
    return storm.alerts
      .filter(({ key, group }) => group !== null && !there.has(key))
      .map(({ key }) => key);
  }

  const streamsWith = (key: string): readonly string[] =>
    states.filter(({ alerts }) => alerts.has(key)).map(({ stream }) => stream);

  it('took every delivery in, although the web role was away', () => {
    expect(accepted).toHaveLength(storm.deliveries.length);
    expect(accepted.length).toBeGreaterThanOrEqual(2_000);
    expect(accepted.some(({ failed }) => failed > 0)).toBe(true);
  });

  it('has each alert in one incident, firing or ended as its source says; what was over opened none', () => {
    const wrong = storm.alerts.flatMap(({ key, group, firing }) => {
      const streams = streamsWith(key);
      const now = states.find(({ alerts }) => alerts.has(key))?.alerts.get(key)?.firing;
      const right = group === null ? streams.length === 0 : streams.length === 1 && now === firing;
      return right ? [] : [`${key} of ${group}: in ${streams.join()}, firing ${now}`];
    });
    expect(wrong).toEqual([]);
  });

  it('has one incident for each group, whatever source told of it, and one room for all beyond the limit', () => {
    const groups = new Map<string, Set<string>>();
    for (const { key, group } of storm.alerts) {
      if (group === null) continue;
      groups.set(group, new Set([...(groups.get(group) ?? []), ...streamsWith(key)]));
    }
    const storms = states.filter(({ incident }) => incident?.storm === true);
    const torn = [...groups].filter(([, streams]) => streams.size !== 1);
    expect(torn).toEqual([]);
    expect(storms).toHaveLength(1);
    const named = [...groups].filter(([group]) => !group.startsWith('misc'));
    const own = new Set(named.flatMap(([, streams]) => [...streams]));
    expect(own.size).toBe(named.length);
    expect(own.has(storms[0]?.stream ?? '')).toBe(false);
    const gathered = [...(storms[0]?.alerts.keys() ?? [])].length;
    const misc = groups.size - named.length;
    expect(states).toHaveLength(named.length + 1 + misc - gathered);
    expect(states.length - 1).toBeGreaterThanOrEqual(STORM_PER_MINUTE);
  });

  it('has every delivery that was answered with 2xx on record once, and no other', async () => {
    const records = await Promise.all(states.map(({ stream }) => recordOf(site, stream)));
    const { must, may } = expectedOnRecord(accepted, storm);
    const there = onRecord(records.flat());
    expect([...must].filter((one) => !there.includes(one))).toEqual([]);
    expect(there.filter((one) => !must.has(one) && !may.has(one))).toEqual([]);
    expect(there).toHaveLength(new Set(there).size);
  });

  it('paged every step of every incident that nobody heard, once; each person was told once', async () => {
    for (const { stream, incident, alerts } of states) {
      const records = await recordOf(site, stream);
      const steps = eventsOf(records, 'page.sent').map(({ step }) => step);
      const heard = [...alerts.keys()].some((key) => groupOf.get(key) === HEARD_GROUP);
      const every = incident?.severity === 'SEV1' ? [null] : [0, 1];
      const types = records.map(({ event }) => event.type);
      const acknowledged = types.indexOf('incident.acknowledged');
      const pagedAfter = types.slice(acknowledged).includes('page.sent');
      // On a slow machine the acknowledgement may come when everybody was called already.
      const since = heard ? types.slice(acknowledged) : types;
      const told = { steps, exhausted: since.includes('page.exhausted'), pagedAfter };
      const wanted = heard
        ? { steps: every.slice(0, steps.length), exhausted: false, pagedAfter: false }
        : { steps: every, exhausted: true, pagedAfter };
      expect(told, `${stream} ${incident?.title}`).toEqual(wanted);
      expect(acknowledged >= 0, `${stream} is acknowledged`).toBe(heard);
    }
    const { lost, doubled } = await callsOf(site, states);
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
  });

  it('said each message once, in rooms that exist once, with one panel', () => {
    const open = rooms(site);
    expect(open.map(streamOf).toSorted()).toEqual(states.map(({ stream }) => stream).toSorted());
    for (const room of open) {
      expect(room.pins).toHaveLength(1);
      expectOnceInOrder(site, room.id);
    }
    expectOnceInOrder(site, '#incidents');
  });
});
