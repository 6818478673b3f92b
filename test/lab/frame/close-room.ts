import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectOk } from '../../../src/app/demo/play-fix.ts';
import { textOf } from '../../../src/app/demo/read-message.ts';
import { PEOPLE } from '../../../src/app/demo/world.ts';
import { verifyDirectory } from '../../../src/app/verify-directory.ts';
import { poll } from './poll.ts';
import { eventsOf } from './record.ts';
import { type Room, SECONDS, untilQuiet } from './room.ts';

/** What the announcement channel is told at close: where the archive is, and the end of its audit chain. */
const ANCHOR = /archive (\S+) · audit chain head ([0-9a-f]{64})/;

/**
 * Ada resolves and closes the incident; the archive that is announced must verify. Returns its folder.
 */
export async function closeRoom(room: Room): Promise<string> {
  const { control } = room.site.workspace;
  const command = async (verb: 'resolve' | 'close'): Promise<void> => {
    await untilQuiet(room);
    expectOk(verb, await control.slash(PEOPLE.ada.id, room.id, '/incident', verb));
  };
  await command('resolve');
  const resolved = async () => eventsOf(await room.records(), 'incident.resolved')[0];
  await poll(resolved, { what: 'the incident being resolved', seconds: SECONDS });
  await command('close');
  const anchor = (): RegExpExecArray | undefined =>
    control
      .messages('#incidents')
      .map((message) => ANCHOR.exec(textOf(message)))
      .findLast((found) => found !== null) ?? undefined;
  const [, location = '', head = ''] = await poll(anchor, {
    what: 'the announcement of the archive',
    seconds: SECONDS,
    last: () =>
      `the room says:\n${control.messages(room.id).map(textOf).slice(-3).join('\n---\n')}`,
  });
  const { ok, anchored, lines } = await verifyDirectory(location, head);
  if (!ok || !anchored) throw new Error(`the archive does not verify:\n${lines.join('\n')}`);
  return location;
}

/** @throws Error unless the archive holds what this fix kept, and that says so. */
export async function requireKept(room: Room, folder: string, kept: Kept): Promise<void> {
  const steps = eventsOf(await room.records(), 'fix.finished').find(({ fix }) => fix === kept.id);
  const name = steps?.steps.find((step) => step.kept !== undefined)?.kept?.name;
  if (name === undefined) throw new Error(`${kept.fix} kept nothing in the incident`);
  const text = readFileSync(join(folder, 'files', name), 'utf8');
  if (kept.says.test(text)) return;
  throw new Error(`files/${name} does not say ${kept.says}:\n${text.slice(0, 1000)}`);
}

interface Kept {
  readonly id: string;
  readonly fix: string;
  readonly says: RegExp;
}

/** @throws Error with the first line of the room, or of the archive, that nobody may read. */
export function requireNeverSaid(
  room: Room,
  folder: string | null,
  never: readonly RegExp[],
): void {
  const said = room.site.workspace.control.messages(room.id).map(textOf);
  const kept = folder === null ? [] : textsIn(folder);
  for (const line of [...said, ...kept].flatMap((text) => text.split('\n'))) {
    const wrong = never.find((pattern) => pattern.test(line));
    if (wrong !== undefined) throw new Error(`${wrong} is said: ${line.slice(0, 500)}`);
  }
}

/** Every text of an archive; a JSON one with its strings on lines of their own. */
function textsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .map((text) => text.replaceAll('\\n', '\n'));
}
