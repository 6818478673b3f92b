import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { segmentsOf } from '../../core/archive-name.ts';
import { HousecallError } from '../../core/errors.ts';
import type { ArchiveRecord, ArchiveSink } from '../contract.ts';
import { createClient } from './client.ts';
import type { S3Options } from './options.ts';
import { codeOf, s3Error } from './s3-error.ts';

/** For one record with all its tries. */
const TOTAL_MS = 120_000;
/** More than any record of ours: what is larger was not written by Housecall. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Written to see whether writing works; one and the same, so that no second one is ever left. */
const PROBE = 'housecall-probe.txt';

export async function openS3(options: S3Options): Promise<ArchiveSink> {
  return sinkOf(await createClient(options), options);
}

function sinkOf(client: S3Client, { bucket, prefix }: S3Options): ArchiveSink {
  const objectOf = (key: string): { Bucket: string; Key: string } => ({
    Bucket: bucket,
    Key: `${prefix}${segmentsOf(key).join('/')}`,
  });
  const attempt = async <Result>(
    verb: string,
    key: string,
    act: (object: { Bucket: string; Key: string }, abortSignal: AbortSignal) => Promise<Result>,
  ): Promise<Result> => {
    const object = objectOf(key);
    try {
      return await act(object, AbortSignal.timeout(TOTAL_MS));
    } catch (error) {
      throw s3Error(`${verb} s3://${bucket}/${object.Key}`, error, { bucket, key: object.Key });
    }
  };
  const put = (record: ArchiveRecord): Promise<{ location: string; sha256: string }> =>
    attempt('store', record.key, async (object, abortSignal) => {
      const { body, mediaType } = record;
      const digest = createHash('sha256').update(body).digest();
      await client.send(
        new PutObjectCommand({
          ...object,
          Body: body,
          ContentType: mediaType,
          // The server refuses what arrives changed.
          ChecksumSHA256: digest.toString('base64'),
        }),
        { abortSignal },
      );
      return { location: `s3://${bucket}/${object.Key}`, sha256: digest.toString('hex') };
    });
  return {
    put,
    async probe() {
      await put({ key: PROBE, mediaType: 'text/plain', body: new TextEncoder().encode('ok\n') });
      await attempt('delete', PROBE, async (object, abortSignal) => {
        await client.send(new DeleteObjectCommand(object), { abortSignal });
      }).catch(() => {
        // A bucket that lets nobody delete is what an archive should be.
      });
    },
    get: (key) =>
      attempt('read', key, async (object, abortSignal) => {
        try {
          const { Body: body } = await client.send(new GetObjectCommand(object), { abortSignal });
          return body === undefined ? new Uint8Array() : await bytesOf(body, object.Key);
        } catch (error) {
          if (codeOf(error) === 'NoSuchKey') return null;
          throw error;
        }
      }),
    close: async () => client.destroy(),
  };
}

async function bytesOf(body: unknown, key: string): Promise<Uint8Array> {
  if (!isStream(body))
    throw new HousecallError('ARCHIVE_INVALID', `could not read ${key}: no body`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new HousecallError('ARCHIVE_INVALID', `could not read ${key}: it is too large`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function isStream(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
