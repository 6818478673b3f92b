import { archiveSinks } from '../../archives/registry.ts';
import type { Config } from '../../config/load-config.ts';
import { HousecallError } from '../../core/errors.ts';
import type { CheckLine } from './check-lines.ts';

/** Whether the bucket of the archive takes a file now; nothing when there is none. */
export async function checkBucket({ archive }: Config): Promise<readonly CheckLine[]> {
  const module = archiveSinks.find(({ id }) => id === 's3');
  if (archive.s3 === undefined || module === undefined) return [];
  const { bucket, prefix } = archive.s3;
  const sink = await module.open(archive.s3);
  try {
    await sink.probe();
    return [{ area: 'files', verdict: 'good', text: `s3://${bucket}/${prefix}: can be written` }];
  } catch (error) {
    if (!(error instanceof HousecallError)) throw error;
    const remedy = '`/incident close` writes there: until that works, rooms stay open.';
    return [{ area: 'files', verdict: 'bad', text: `${error.message}\n${remedy}` }];
  } finally {
    await sink.close();
  }
}
