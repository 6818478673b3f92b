import type { Control } from '../../src/workspace/control/control.ts';

/** Names that somebody could give a file to hurt whoever keeps it. */
export const HOSTILE_NAMES: readonly string[] = [
  '../../../etc/passwd',
  '..\\..\\boot.ini',
  'a\nb\r\nc.txt',
  `${'x'.repeat(300)}.log`,
  'CON',
  '.htaccess',
  '<script>alert(1)</script>.html',
  '$(touch pwned).txt',
  'файл 😀.txt',
  '',
];

export interface Script {
  readonly control: Control;
  readonly channel: string;
  readonly people: readonly string[];
  /** How many messages are said in all. */
  readonly messages: number;
}

/** So many are under way at once: as many as a very busy room. */
const AT_ONCE = 200;

/**
 * Says so many messages: every fifth a reply in one of many threads, some edited once or three times,
 * some deleted, also first messages of threads, with emoji, mentions and reactions. All of it is told
 * to the app as it happens.
 */
export async function playRoom({ control, channel, people, messages }: Script): Promise<void> {
  const roots: string[] = [];
  for (let n = 0; n < messages; n += 1) {
    const who = people[n % people.length] ?? '';
    const other = people[(n + 1) % people.length] ?? '';
    const isReply = n % 5 === 0 && roots.length > 0;
    const root = isReply ? roots[n % Math.min(roots.length, 60)] : undefined;
    const { ts } = control.say(who, channel, textOf(n, other), root);
    if (!isReply) roots.push(ts);
    if (n % 23 === 0) control.react(other, channel, ts, n % 2 === 0 ? 'eyes' : 'fire');
    if (n % 46 === 0) control.unreact(other, channel, ts, n % 2 === 0 ? 'eyes' : 'fire');
    if (n % 29 === 0) control.edit(who, channel, ts, `corrected ${n}`);
    if (n % 290 === 0) {
      control.edit(who, channel, ts, `corrected again ${n}`);
      control.edit(who, channel, ts, `corrected at last ${n}`);
    }
    if (n % 61 === 60) control.remove(who, channel, ts);
    if (n % AT_ONCE === AT_ONCE - 1) await control.idle();
  }
  // Threads whose first message goes away afterwards.
  for (const ts of roots.slice(0, 3)) {
    const message = control.messages(channel).find((one) => one.ts === ts);
    if (message !== undefined) control.remove(message.user, channel, ts);
  }
  await control.idle();
}

function textOf(n: number, other: string): string {
  if (n % 17 === 0) return `${n} 😀 :fire: é 漢字 <@${other}> & <b>bold</b> \`code\``;
  if (n % 41 === 0) return `${n} first line\n\nsecond *line*\n> quoted`;
  return `message ${n}`;
}
