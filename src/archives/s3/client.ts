import { S3Client } from '@aws-sdk/client-s3';
import type { S3Options } from './options.ts';

/** Tries of one request, waits between them included in `TOTAL_MS`. */
const TRIES = 3;
const CONNECT_MS = 5_000;
/** Without a byte in either direction. */
const SILENCE_MS = 20_000;
/** From the first byte sent to the answer: a large file goes over a slow line. */
const ANSWER_MS = 100_000;

const ANYWHERE = 'us-east-1';

/** A client that gives up in time, follows no redirect and logs nothing. */
export async function createClient({ region, endpoint }: S3Options): Promise<S3Client> {
  const settings = {
    maxAttempts: TRIES,
    followRegionRedirects: false,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      socketTimeout: SILENCE_MS,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  };
  if (region !== undefined) return new S3Client({ ...settings, region });
  const client = new S3Client(settings);
  try {
    await client.config.region();
    return client;
  } catch {
    // Neither the environment nor a profile names one.
    client.destroy();
    return new S3Client({ ...settings, region: ANYWHERE });
  }
}
