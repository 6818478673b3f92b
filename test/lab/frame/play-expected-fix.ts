import { playRequest } from '../../../src/app/demo/play-fix.ts';
import { buttonsOf } from '../../../src/app/demo/read-message.ts';
import { PEOPLE } from '../../../src/app/demo/world.ts';
import {
  decodeDecisionValue,
  decodeFixValue,
  decodeRolloutValue,
  ROLLOUT,
} from '../../../src/core/approval/fix-value.ts';
import { wavesOf } from '../../../src/core/approval/rollout.ts';
import type { EventRecord } from '../../../src/core/incident/event.ts';
import type { Lab } from '../host/lab.ts';
import { poll } from './poll.ts';
import { eventsOf, expectedWords, type Found, foundIn, isExpected } from './record.ts';
import { type Room, SECONDS, untilFound, untilSaid } from './room.ts';
import type { ExpectedFix } from './scenario.ts';

/**
 * Ada reviews and requests the fix where it is offered, Grace approves with one click, and it must be
 * verified on every host, and hold. Returns the ids of the fixes, one for each host.
 */
export async function playExpectedFix(
  room: Room,
  expected: ExpectedFix,
  lab: Lab,
): Promise<readonly string[]> {
  const { control } = room.site.workspace;
  const button = await offered(room, expected);
  const asked = await playRequest(control, { person: PEOPLE.ada.id, room: room.id, ...button });
  const decision = buttonsOf(asked).find(({ action }) => action === 'fix.approve');
  const { fix } = decodeDecisionValue(decision?.value ?? '');
  const clicked = await control.click(PEOPLE.grace.id, room.id, asked.ts, 'fix.approve');
  if (!clicked.ok) throw new Error(`${expected.fix}: approving it failed: ${clicked.error}`);
  const ids = fix.startsWith(ROLLOUT) ? hostsOf(await room.records(), fix, expected) : [fix];
  await verified(room, expected, ids);
  await untilHolds(expected, lab);
  return ids;
}

/** The Review button of the fix, on a finding as expected; for several hosts, the one for all of them. */
async function offered(
  room: Room,
  expected: ExpectedFix,
  but: ReadonlySet<string> = new Set(),
): Promise<{ ts: string; value: string }> {
  const { control } = room.site.workspace;
  return await poll(
    async () => {
      const from = foundIn(await room.records())
        .filter((one) => !but.has(one.run))
        .filter((one) => isExpected(one, expected.from));
      for (const message of control.messages(room.id)) {
        for (const { action, value } of buttonsOf(message)) {
          if (action !== 'fix.review' || !stands(value, expected, from)) continue;
          return { ts: message.ts, value };
        }
      }
      return null;
    },
    {
      what: `a button for ${expected.fix} from ${expectedWords(expected.from)}`,
      seconds: 30,
    },
  );
}

/** Whether the button is for this fix, of one of these findings. */
function stands(value: string, { fix, on }: ExpectedFix, from: readonly Found[]): boolean {
  const all = decodeRolloutValue(value);
  if (on !== undefined) {
    const here = from.filter(({ run }) => run === all?.run);
    return all?.module === fix && on.every((name) => here.some(({ host }) => host === name));
  }
  if (all !== null) return false;
  const at = decodeFixValue(value);
  return from.some(({ run, host, index, finding }) => {
    const here = at.run === run && at.host === host && at.finding === index;
    return here && finding.fixes[at.offer]?.fix === fix;
  });
}

/** The fixes of a rollout in their order; it must be for the expected hosts and no others. */
function hostsOf(
  records: readonly EventRecord[],
  rollout: string,
  { fix, on = [] }: ExpectedFix,
): readonly string[] {
  const id = rollout.slice(ROLLOUT.length);
  const asked = new Set(eventsOf(records, 'fix.requested').map((one) => one.fix));
  const members = eventsOf(records, 'fix.reviewed')
    .filter((one) => one.rollout?.id === id && asked.has(one.fix))
    .toSorted((a, b) => (a.rollout?.place ?? 0) - (b.rollout?.place ?? 0));
  const hosts = members.map(({ host }) => host).toSorted();
  if (hosts.join() !== on.toSorted().join()) {
    throw new Error(`${fix} was approved for ${hosts.join()}, and not for ${on.join()}`);
  }
  return members.map((one) => one.fix);
}

async function verified(room: Room, { fix }: ExpectedFix, ids: readonly string[]): Promise<void> {
  const ends = await poll(
    async () => {
      const records = await room.records();
      const found = eventsOf(records, 'fix.finished').filter((one) => ids.includes(one.fix));
      const bad = found.some(({ outcome }) => outcome !== 'verified');
      return bad || found.length === ids.length ? found : null;
    },
    { what: `the outcome of ${fix}`, seconds: SECONDS },
  );
  for (const end of ends) {
    if (end.outcome === 'verified') continue;
    const steps = end.steps.map((step) => `${step.id}: exit ${step.exitCode} ${step.output}`);
    throw new Error(`${fix}: ${end.outcome}, ${end.reason}\n${steps.join('\n')}`);
  }
  requireWaves(await room.records(), fix, ids);
}

/** The canary first, then 2, 4, 8 …: a wave begins when the one before is verified. */
function requireWaves(records: readonly EventRecord[], fix: string, ids: readonly string[]): void {
  const at = (type: 'fix.claimed' | 'fix.finished', wave: readonly string[]): number[] =>
    records.flatMap(({ event }, n) => (event.type === type && wave.includes(event.fix) ? [n] : []));
  let before = -1;
  for (const wave of wavesOf(ids)) {
    if (Math.min(...at('fix.claimed', wave)) < before) {
      throw new Error(`${fix}: a wave began before the one before it was verified`);
    }
    before = Math.max(...at('fix.finished', wave));
  }
}

async function untilHolds({ fix, holds }: ExpectedFix, lab: Lab): Promise<void> {
  if (holds === undefined) return;
  let wrong: string | null = null;
  const look = (): true | null => {
    wrong = holds(lab);
    return wrong === null ? true : null;
  };
  await poll(look, {
    what: `what ${fix} is for`,
    seconds: 30,
    last: () => `on the host: ${wrong}`,
  });
}

/**
 * The change is made to be lost on one host: the room is told, the diagnosis runs again by itself and
 * offers the fix anew. Returns what was told.
 */
export async function playLoss(
  room: Room,
  played: { readonly expected: ExpectedFix; readonly ids: readonly string[] },
  lab: Lab,
): Promise<string> {
  const { expected, ids } = played;
  if (expected.lost === undefined) return '';
  const before = eventsOf(await room.records(), 'run.started');
  const but = new Set(before.map(({ run }) => run));
  expected.lost.cause(lab);
  const lost = await poll(
    async () =>
      eventsOf(await room.records(), 'fix.lost').find(
        (one) => ids.includes(one.fix) && one.certain,
      ),
    { what: `${expected.fix} being told as lost`, seconds: SECONDS },
  );
  await untilSaid(room, `Lost: ${expected.fix} on`);
  await untilFound(room, expected.lost.again, but);
  const { on: _, ...single } = expected;
  await offered(room, { ...single, from: expected.lost.again }, but);
  return lost.reason;
}
