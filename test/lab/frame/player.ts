import { diagnostics } from '../../../src/diagnostics/registry.ts';
import { fixes } from '../../../src/fixes/registry.ts';
import type { Lab } from '../host/lab.ts';
import { closeRoom, requireKept, requireNeverSaid } from './close-room.ts';
import { expectLook } from './look.ts';
import { playExpectedFix, playLoss } from './play-expected-fix.ts';
import { foundWords } from './record.ts';
import { enterRoom, type Room, untilFound, untilQuiet, untilSaid } from './room.ts';
import type { ExpectedFix, Scenario } from './scenario.ts';
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
  const possible = wanted.filter((one) => has.fix(one.fix) && has.code(one.from.code));
  const verified = await playFixes(room, possible, { lab, say });
  await end(room, scenario, verified);
  return {
    codes: [...new Set(all.map(({ finding }) => finding.code))],
    secondsToFirst,
    verified: verified.map(({ expected }) => expected.fix),
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

interface PlayedFix {
  readonly expected: ExpectedFix;
  /** One for each host. */
  readonly ids: readonly string[];
}

async function playFixes(
  room: Room,
  wanted: readonly ExpectedFix[],
  { lab, say }: { readonly lab: Lab; readonly say: Say },
): Promise<readonly PlayedFix[]> {
  const done: PlayedFix[] = [];
  for (const expected of wanted) {
    const ids = await playExpectedFix(room, expected, lab);
    const where = ids.length > 1 ? ` on ${ids.length} hosts` : '';
    say(`${expected.fix}: verified${where}`);
    done.push({ expected, ids });
  }
  for (const one of done.filter(({ expected }) => expected.lost !== undefined)) {
    say(`${one.expected.fix}: lost, ${await playLoss(room, one, lab)}; offered again`);
  }
  return done;
}

/** What is kept is in the archive, and nothing was said that nobody may read. */
async function end(room: Room, { expect }: Scenario, done: readonly PlayedFix[]): Promise<void> {
  const kept = done.flatMap(({ expected: { fix, keeps }, ids: [id = ''] }) =>
    keeps === undefined ? [] : [{ id, fix, says: keeps }],
  );
  const folder = kept.length === 0 ? null : await closeRoom(room);
  if (folder !== null) for (const one of kept) await requireKept(room, folder, one);
  requireNeverSaid(room, folder, expect.neverSaid ?? []);
}
