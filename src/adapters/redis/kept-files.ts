import type { KeptFiles } from '../../ports/kept-files.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';

/** One hash per case, name → content; HSETNX lets the first content stay. */
export function createKeptFiles({ call }: Connection, keys: Keys): KeptFiles {
  const key = (stream: string): string => keys.key('kept', stream);
  return {
    put: (stream, name, content) =>
      call(`keep ${name} (case ${stream})`, async (redis) => {
        await redis.hsetnx(key(stream), name, content);
      }),
    all: (stream) =>
      call(`read the kept files of case ${stream}`, async (redis) => {
        const files = Object.entries(await redis.hgetall(key(stream)));
        return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
      }),
  };
}
