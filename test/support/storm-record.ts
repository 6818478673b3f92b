import { alertSources } from '../../src/alerts/registry.ts';
import type { Alert } from '../../src/core/alert.ts';
import { alertKey, type CaseState } from '../../src/core/incident/case.ts';
import type { EventRecord } from '../../src/core/incident/event.ts';
import type { Installation } from './installation.ts';
import { eventsOf } from './observe.ts';
import type { Storm } from './storm-alerts.ts';
import { type Accepted, percentile } from './storm-senders.ts';

/** What one alert of one delivery says, as text: the same twice is two deliveries, told apart by `n`. */
function said(alert: Alert): string {
  const { action, startsAt, description } = alert;
  return [alertKey(alert), action, startsAt, action === 'note' ? description : ''].join(' ');
}

/** With a number for each repetition: a list of such texts is compared as it is counted. */
function numbered(texts: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const n = (seen.get(text) ?? 0) + 1;
    seen.set(text, n);
    return `${text} #${n}`;
  });
}

/**
 * What must be on record: each delivery that was taken, once, however often it was sent. What may be
 * there besides: what was stored as news, because it came again after the time in which it counts as a
 * copy, and notes, because one about an alert without an incident is kept, and nothing more.
 */
export function expectedOnRecord(
  accepted: readonly Accepted[],
  storm: Storm,
): { readonly must: ReadonlySet<string>; readonly may: ReadonlySet<string> } {
  const deliveries = new Map<string, { readonly alerts: readonly Alert[]; stored: number }>();
  for (const { delivery, status } of accepted) {
    const source = alertSources.find(({ id }) => id === delivery.source);
    if (source === undefined) throw new Error(`no source ${delivery.source}`);
    const key = `${delivery.source}:${source.deliveryKey(delivery.body)}`;
    const one = deliveries.get(key) ?? { alerts: source.decode(delivery.body), stored: 0 };
    if (status === 202) one.stored += 1;
    deliveries.set(key, one);
  }
  const known = new Set(storm.alerts.flatMap(({ key, group }) => (group === null ? [] : [key])));
  const told = [...deliveries.values()].map(({ alerts, stored }) => ({
    alerts: alerts.filter((alert) => known.has(alertKey(alert))),
    more: Math.max(0, stored - 1),
  }));
  const once = told.flatMap(({ alerts }) => alerts);
  const again = told.flatMap(({ alerts, more }) =>
    Array.from({ length: more }, () => alerts).flat(),
  );
  const must = once.filter(isState).map(said);
  const texts = numbered([...must, ...again.filter(isState).map(said)]);
  const notes = numbered([...once, ...again].filter((alert) => !isState(alert)).map(said));
  return {
    must: new Set(texts.slice(0, must.length)),
    may: new Set([...texts.slice(must.length), ...notes]),
  };
}

function isState({ action }: Alert): boolean {
  return action === 'firing' || action === 'resolved';
}

export function onRecord(records: readonly EventRecord[]): readonly string[] {
  return numbered(eventsOf(records, 'alert.received').map(({ alert }) => said(alert)));
}

/** Pages on record that reached somebody not at all, or more than once; by direct message and in the room. */
export async function callsOf(
  site: Installation,
  states: readonly CaseState[],
): Promise<{ readonly lost: readonly string[]; readonly doubled: readonly string[] }> {
  const wanted = states.flatMap(({ stream, incident }) =>
    (incident?.pages ?? []).flatMap(({ page, called = [] }) =>
      [`room:${stream}` as const, ...called.map((user) => `channel:${user}` as const)].map(
        (lane) => ({ lane, key: `page:${stream}:${page}`, heard: incident?.acknowledged !== null }),
      ),
    ),
  );
  const shown = new Map<string, number>();
  for (const channel of site.workspace.control.channels()) {
    for (const { ts } of site.workspace.control.messages(channel.id)) {
      shown.set(`${channel.id} ${ts}`, (shown.get(`${channel.id} ${ts}`) ?? 0) + 1);
    }
  }
  const looked = await Promise.all(
    wanted.map(async ({ lane, key, heard }) => {
      const ref = await site.store.outbox.ref(lane, key);
      const place = ref === null ? '' : `${ref.channel} ${ref.ts}`;
      return { name: `${lane} ${key}`, place, heard };
    }),
  );
  // What an acknowledgement overtook calls nobody any more.
  const places = looked.filter(({ place, heard }) => place !== '' || !heard);
  const users = new Set(wanted.flatMap(({ lane }) => (lane.startsWith('channel:') ? [lane] : [])));
  const direct = places.filter(({ name }) => name.startsWith('channel:'));
  const directChannels = new Set(direct.map(({ place }) => place.split(' ')[0] ?? ''));
  const inDirect = [...shown.keys()].filter((place) =>
    directChannels.has(place.split(' ')[0] ?? ''),
  );
  const more = inDirect.filter((place) => !direct.some((one) => one.place === place));
  return {
    lost: places.filter(({ place }) => !shown.has(place)).map(({ name }) => name),
    doubled: [...more, ...(directChannels.size > users.size ? ['more channels than people'] : [])],
  };
}

/** For whoever reads the test's output. */
export function stormFigures(run: {
  readonly accepted: readonly Accepted[];
  readonly states: readonly CaseState[];
  readonly site: Installation;
  /** Milliseconds: of the sending, and until everything was said. */
  readonly lasted: number;
  readonly all: number;
}): string {
  const { accepted, states, site, lasted, all } = run;
  const times = accepted.map(({ answerMs }) => answerMs);
  const calls = site.workspace.requestLog;
  const pages = states.reduce((sum, { incident }) => sum + (incident?.pages.length ?? 0), 0);
  const alerts = states.reduce((sum, state) => sum + state.alerts.size, 0);
  const events = states.reduce((sum, { seq }) => sum + seq, 0);
  const failed = accepted.reduce((sum, one) => sum + one.failed, 0);
  const busy = accepted.reduce((sum, one) => sum + one.busy, 0);
  const stored = accepted.filter(({ status }) => status === 202).length;
  const lines = [
    `${accepted.length} deliveries in ${seconds(lasted)} s: ${(accepted.length / (lasted / 1000)).toFixed(1)} a second, ${stored} stored; ${failed} tries found nobody, ${busy} were put off`,
    `answered in ${percentile(times, 0.5).toFixed(1)} ms (half), ${percentile(times, 0.99).toFixed(1)} ms (99 of 100)`,
    `${states.length} incidents, ${alerts} alerts, ${events} events, ${pages} pages`,
    `${calls.length} calls of Slack, ${calls.filter(({ status }) => status === 429).length} answered 429; all said after ${seconds(all)} s`,
  ];
  return `\nstorm: ${lines.join('\nstorm: ')}\n`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
