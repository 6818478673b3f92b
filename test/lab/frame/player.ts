import { playRequest } from '../../../src/app/demo/play-fix.ts';
import { buttonsOf, textOf } from '../../../src/app/demo/read-message.ts';
import { PEOPLE } from '../../../src/app/demo/world.ts';
import { decodeDecisionValue, decodeFixValue } from '../../../src/core/approval/fix-value.ts';
import type { EventRecord } from '../../../src/core/incident/event.ts';
import { diagnostics } from '../../../src/diagnostics/registry.ts';
import { fixes } from '../../../src/fixes/registry.ts';
import type { Lab } from '../host/lab.ts';
import { expectLook } from './look.ts';
import { poll } from './poll.ts';
import { eventsOf, expectedWords, type Found, foundIn, foundWords, isExpected } from './record.ts';
import type { ExpectedFinding, ExpectedFix, Scenario } from './scenario.ts';
import type { Site } from './site.ts';

/** What came of an incident that was played unattended. */
export interface Played {
  /** Distinct codes that the runs before any fix found, worst run first as they came. */
  readonly codes: readonly string[];
  readonly secondsToFirst: number;
  /** Fixes that were verified. */
  readonly verified: readonly string[];
  /** Expected by the scenario, but this installation does not have it. */
  readonly missing: readonly string[];
}

type Say = (line: string) => void;

/** How long a finding may take to stand in the room, and a fix to be verified. */
const SECONDS = 90;

/**
 * From the alert's payload to verified fixes: the alert arrives over HTTP, Housecall looks by itself, Ada
 * reviews and requests, Grace approves.
 * @throws Error with what was expected and what there was instead.
 */
export async function play(
  scenario: Scenario,
  lab: Lab,
  { site, say }: { readonly site: Site; readonly say: Say },
): Promise<Played> {
  const { findings, fixes: wanted, never = [] } = scenario.expect;
  const has = installed();
  for (const look of scenario.expect.looks ?? []) await expectLook(lab, look);
  const [first, ...others] = findings.filter(({ code }) => has.code(code));
  if (first === undefined) throw new Error('nothing that is expected here is installed');
  const posted = Date.now();
  await site.postAlert(scenario.alert(lab));
  const room = await enterRoom(site);
  say(`#${room.name}`);
  const found = await untilFound(room, first);
  await untilSaid(room, found.finding.title);
  const secondsToFirst = (Date.now() - posted) / 1000;
  say(`after ${secondsToFirst.toFixed(1)} s: ${found.finding.title}`);
  for (const expected of others) say((await untilFound(room, expected)).finding.title);
  const all = await untilQuiet(room);
  const wrong = all.filter(({ finding }) => never.includes(finding.code));
  if (wrong.length > 0) throw new Error(`wrong here: ${wrong.map(foundWords).join('\n')}`);
  const verified: string[] = [];
  for (const fix of wanted.filter((one) => has.fix(one.fix) && has.code(one.from.code))) {
    await playFix(room, fix);
    verified.push(fix.fix);
    say(`${fix.fix}: verified`);
    await untilHolds(fix, lab);
  }
  return {
    codes: [...new Set(all.map(({ finding }) => finding.code))],
    secondsToFirst,
    verified,
    missing: [
      ...findings.map(({ code }) => code).filter((code) => !has.code(code)),
      ...wanted.map(({ fix }) => fix).filter((fix) => !has.fix(fix)),
    ],
  };
}

/** What this installation knows: a scenario may be ahead of it. */
function installed(): { code(code: string): boolean; fix(fix: string): boolean } {
  const codes = new Set(diagnostics.flatMap((one) => Object.keys(one.codes)));
  const ids = new Set(fixes.map(({ id }) => id));
  return { code: (code) => codes.has(code), fix: (fix) => ids.has(fix) };
}

interface Room {
  readonly id: string;
  readonly name: string;
  readonly site: Site;
  records(): Promise<readonly EventRecord[]>;
}

async function enterRoom(site: Site): Promise<Room> {
  const { control } = site.workspace;
  const rooms = () => control.channels().find(({ name }) => /^inc-\d+-\d+-/.test(name));
  const { id, name } = await poll(rooms, { what: 'a room for the incident', seconds: 30 });
  const stream = /^inc-(\d+-\d+)-/.exec(name)?.[1] ?? '';
  return { id, name, site, records: () => site.store.journal.read(stream) };
}

async function untilFound(room: Room, expected: ExpectedFinding): Promise<Found> {
  let all: readonly Found[] = [];
  return await poll(
    async () => {
      all = foundIn(await room.records());
      return all.find((one) => isExpected(one, expected));
    },
    {
      what: expectedWords(expected),
      seconds: SECONDS,
      last: () => `found:\n${all.map(foundWords).join('\n')}`,
    },
  );
}

/** It stands in the room, for people. */
async function untilSaid(room: Room, title: string): Promise<void> {
  // What stands between backquotes is shown as code.
  const words = title.replaceAll('`', '');
  const messages = () => room.site.workspace.control.messages(room.id);
  await poll(() => messages().find((one) => textOf(one).includes(words)), {
    what: `"${words}" in the room`,
    seconds: 30,
    last: () => `it says:\n${messages().map(textOf).join('\n---\n')}`,
  });
}

/** Every run that began by itself has ended; returns what they found. */
async function untilQuiet(room: Room): Promise<readonly Found[]> {
  return await poll(
    async () => {
      const records = await room.records();
      const started = eventsOf(records, 'run.started').length;
      const finished = eventsOf(records, 'run.finished').length;
      return started === finished ? foundIn(records) : null;
    },
    { what: 'the end of all runs', seconds: SECONDS },
  );
}

async function playFix(room: Room, expected: ExpectedFix): Promise<void> {
  const { control } = room.site.workspace;
  const button = await offered(room, expected);
  const ask = { person: PEOPLE.ada.id, room: room.id, ...button };
  const asked = await playRequest(control, ask);
  const decision = buttonsOf(asked).find(({ action }) => action === 'fix.approve');
  const { fix } = decodeDecisionValue(decision?.value ?? '');
  const clicked = await control.click(PEOPLE.grace.id, room.id, asked.ts, 'fix.approve');
  if (!clicked.ok) throw new Error(`${expected.fix}: approving it failed: ${clicked.error}`);
  const end = await poll(
    async () => eventsOf(await room.records(), 'fix.finished').find((one) => one.fix === fix),
    { what: `the outcome of ${expected.fix}`, seconds: SECONDS },
  );
  if (end.outcome === 'verified') return;
  const steps = end.steps.map((step) => `${step.id}: exit ${step.exitCode} ${step.output}`);
  throw new Error(`${expected.fix}: ${end.outcome}, ${end.reason}\n${steps.join('\n')}`);
}

/** The Review button of the fix, on a finding as expected. */
async function offered(room: Room, expected: ExpectedFix): Promise<{ ts: string; value: string }> {
  const { control } = room.site.workspace;
  return await poll(
    async () => {
      const from = foundIn(await room.records()).filter((one) => isExpected(one, expected.from));
      for (const message of control.messages(room.id)) {
        for (const { action, value } of buttonsOf(message)) {
          if (action !== 'fix.review') continue;
          const at = decodeFixValue(value);
          const match = from.some(({ run, host, index, finding }) => {
            const here = at.run === run && at.host === host && at.finding === index;
            return here && finding.fixes[at.offer]?.fix === expected.fix;
          });
          if (match) return { ts: message.ts, value };
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
