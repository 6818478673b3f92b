import { Redis } from 'ioredis';
import { HousecallError } from '../../core/errors.ts';

/** Only what was made to be thrown away may be. */
const THROW_AWAY = /^housecall-demo-[a-z0-9]+$/;

/** Removes every key of a demo from a Redis that others use too. Returns how many there were. */
export async function dropNamespace(url: string, namespace: string): Promise<number> {
  if (!THROW_AWAY.test(namespace)) {
    throw new HousecallError('USAGE', `redis: the keys of ${namespace} are not a demo's to remove`);
  }
  const redis = new Redis(url, { protocol: 2, maxRetriesPerRequest: 1 });
  let removed = 0;
  try {
    for await (const keys of redis.scanStream({ match: `${namespace}:*`, count: 500 })) {
      const found = keys as string[];
      if (found.length > 0) removed += await redis.unlink(...found);
    }
    return removed;
  } finally {
    redis.disconnect();
  }
}
