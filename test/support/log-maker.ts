import { closeSync, openSync, writeSync } from 'node:fs';

/** The message that fills the log, and stands neither in its first nor in its last tenth. */
export const WINNER = 'connect() failed: Cannot assign requested address';

const WORDS =
  'alpha beta gamma delta cache queue worker user order invoice redis socket session token payment cart shard index merge flush commit rollback replica leader follower snapshot'.split(
    ' ',
  );

/** The same numbers each time: a linear congruential generator (Numerical Recipes). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/**
 * A log of several thousand messages whose shares change along it: each is frequent for a while. The winner
 * comes in waves; it makes about a third of all bytes.
 */
export function makeLog(file: string, bytes: number, seed = 7): void {
  const random = seeded(seed);
  const number = (below: number): number => Math.floor(random() * below);
  const message = (): string =>
    Array.from({ length: 5 + number(25) }, () =>
      random() < 0.15 ? String(number(100_000)) : WORDS[number(WORDS.length)],
    ).join(' ');
  const lineOf = (text: string): Buffer =>
    Buffer.from(`[2026-11-20T00:00:00.000Z] host-17 app[${1000 + number(9000)}]: ${text}\n`);
  const others = Array.from({ length: 4000 }, () => lineOf(message()));
  const winners = Array.from({ length: 64 }, () =>
    lineOf(`PHP Warning:  Redis::${WINNER} in /srv/app/lib/Redis.php on line ${number(900)}`),
  );
  const chunk = Buffer.alloc(8 << 20);
  const descriptor = openSync(file, 'w');
  let clock = Buffer.from('');
  for (let done = 0, lines = 0; done < bytes; ) {
    let filled = 0;
    const at = done / bytes;
    const wave = at < 0.1 || at > 0.9 ? 0 : 0.9 * Math.abs(Math.sin(at * 40));
    const front = Math.floor(at * 3000);
    while (filled < chunk.length - 1024) {
      // Thousandths would cost more than the log is worth: a second every 200 lines.
      if (lines++ % 200 === 0)
        clock = Buffer.from(new Date(1_790_000_000_000 + lines * 5).toISOString());
      const line =
        random() < wave
          ? winners[number(winners.length)]
          : others[(front + Math.floor(random() * random() * 2500)) % others.length];
      if (line === undefined) continue;
      filled += line.copy(chunk, filled);
      clock.copy(chunk, filled - line.length + 1);
    }
    done += writeSync(descriptor, chunk, 0, filled);
  }
  closeSync(descriptor);
}
