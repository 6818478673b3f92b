import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBucket } from '../../src/app/cli/check-bucket.ts';
import { s3 } from '../../src/archives/s3/index.ts';
import type { Config } from '../../src/config/load-config.ts';
import { archiveSinkContract } from '../contract/archive-sinks.contract.ts';
import { MINIMAL, parse } from '../support/config.ts';
import { S3_BUCKET, type S3Server, startS3Server, useS3Credentials } from '../support/s3-server.ts';

const record = {
  key: '2026/11/20261120-7/incident.json',
  mediaType: 'application/json',
  body: new TextEncoder().encode('{}'),
};

let server: S3Server;
let restore: () => void;
beforeAll(async () => {
  restore = useS3Credentials();
  server = await startS3Server();
});
afterAll(async () => {
  await server.stop();
  restore();
});

const options = (more: Readonly<Record<string, string>> = {}) => ({
  bucket: S3_BUCKET,
  prefix: 'housecall/',
  endpoint: server.endpoint,
  ...more,
});

describe('the archive sink s3, on a real S3 server', () => {
  let n = 0;
  archiveSinkContract(async () => {
    n += 1;
    return {
      sink: await s3.open(options({ prefix: `contract-${n}/` })),
      cleanUp: async () => {},
    };
  });
});

describe('what is stored in S3', () => {
  it('stands under its prefix, and says where', async () => {
    const sink = await s3.open(options());
    const { location } = await sink.put(record);
    expect(location).toBe('s3://incidents/housecall/2026/11/20261120-7/incident.json');
    const bare = await s3.open(options({ prefix: '' }));
    expect(await bare.get(`housecall/${record.key}`)).toEqual(Buffer.from(record.body));
    await Promise.all([sink.close(), bare.close()]);
  });

  it('is gone again after the probe', async () => {
    const sink = await s3.open(options({ prefix: 'probed/' }));
    await sink.probe();
    expect(await sink.get('housecall-probe.txt')).toBeNull();
    await sink.close();
  });
});

describe('housecall check', () => {
  const configOf = (bucket: string): Config =>
    parse(
      `${MINIMAL}archive: { s3: { bucket: ${bucket}, prefix: housecall/, endpoint: "${server.endpoint}" } }\n`,
    );

  it('says whether the bucket takes a file', async () => {
    expect(await checkBucket(configOf(S3_BUCKET))).toEqual([
      { area: 'files', verdict: 'good', text: 's3://incidents/housecall/: can be written' },
    ]);
    const [line] = await checkBucket(configOf('not-there'));
    expect(line).toMatchObject({ area: 'files', verdict: 'bad' });
    expect(line?.text).toContain('there is no such bucket');
  });
});

describe('an S3 that does not take the archive', () => {
  it('is told by bucket and key, without a secret', async () => {
    const sink = await s3.open(options({ bucket: 'not-there' }));
    const error = await sink.put(record).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ARCHIVE_INVALID',
      message:
        'could not store s3://not-there/housecall/2026/11/20261120-7/incident.json: NoSuchBucket (HTTP 404): there is no such bucket',
    });
    await expect(sink.get(record.key)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    await expect(sink.probe()).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    await sink.close();
  });

  it('is told when the keys are wrong, and no key stands in the error', async () => {
    const undo = useS3Credentials({
      AWS_ACCESS_KEY_ID: 'AKIDNOBODY',
      AWS_SECRET_ACCESS_KEY: 'swordfish-swordfish',
    });
    try {
      const sink = await s3.open(options());
      const error = await sink.put(record).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'ARCHIVE_INVALID' });
      expect(String(error)).toContain(
        'InvalidAccessKeyId (HTTP 403): the access key is not known there',
      );
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(
        /swordfish|AKIDNOBODY|Credential=/,
      );
      expect(error).not.toHaveProperty('cause');
      await sink.close();
    } finally {
      undo();
    }
  });

  it('is given up after a few tries when it answers only errors', async () => {
    let asked = 0;
    const broken = await serve((respond) => {
      asked += 1;
      respond(503);
    });
    const sink = await s3.open(options({ endpoint: broken.endpoint }));
    await expect(sink.put(record)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(asked).toBe(3);
    await sink.close();
    await broken.stop();
  });

  it('is tried again after one error', async () => {
    let asked = 0;
    const shaky = await serve((respond) => {
      asked += 1;
      respond(asked === 1 ? 503 : 200);
    });
    const sink = await s3.open(options({ endpoint: shaky.endpoint }));
    await expect(sink.put(record)).resolves.toMatchObject({ location: expect.any(String) });
    await sink.close();
    await shaky.stop();
  });

  it('is not followed to another place', async () => {
    let elsewhere = 0;
    const other = await serve((respond) => {
      elsewhere += 1;
      respond(200);
    });
    const sending = await serve((respond) => respond(307, { location: other.endpoint }));
    const sink = await s3.open(options({ endpoint: sending.endpoint }));
    await expect(sink.put(record)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(elsewhere).toBe(0);
    await sink.close();
    await Promise.all([sending.stop(), other.stop()]);
  });

  it('is told when nobody listens', async () => {
    const gone = await serve((respond) => respond(200));
    await gone.stop();
    const sink = await s3.open(options({ endpoint: gone.endpoint }));
    await expect(sink.get(record.key)).rejects.toThrow(
      'could not read s3://incidents/housecall/2026/11/20261120-7/incident.json',
    );
    await sink.close();
  });
});

type Respond = (status: number, headers?: Readonly<Record<string, string>>) => void;

/** A server that answers every request alike, and sends the checksum that it was given. */
async function serve(
  answer: (respond: Respond) => void,
): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const one: Server = createServer((request, response) => {
    request.resume();
    request.once('end', () =>
      answer((status, headers = {}) => response.writeHead(status, headers).end()),
    );
  });
  await new Promise<void>((resolve) => void one.listen(0, '127.0.0.1', resolve));
  const { port } = one.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      one.closeAllConnections();
      await new Promise((resolve) => one.close(resolve));
    },
  };
}
