import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { segmentsOf } from '../../core/archive-name.ts';
import { HousecallError } from '../../core/errors.ts';
import { type ArchiveRecord, defineArchiveSink, type Receipt } from '../contract.ts';

/** Unfinished files, beside the archives and not in them: a crash leaves nothing odd in an archive. */
const SCRATCH = '.unfinished';
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** Archives in a directory of this machine, readable by this user alone. */
export const filesystem = defineArchiveSink({
  id: 'filesystem',
  title: 'Directory',
  options: z.object({ directory: z.string().min(1) }),
  async open({ directory }) {
    const wanted = path.resolve(directory);
    const base = await attempt(`open the archive ${wanted}`, async () => {
      await mkdir(path.join(wanted, SCRATCH), { recursive: true, mode: DIRECTORY_MODE });
      return realpath(wanted);
    });
    return {
      probe: () =>
        attempt(`write to the archive ${base}`, async () => {
          const file = await writeScratch(base, new Uint8Array([10]));
          await rm(file);
        }),
      put: (record) => attempt(`store ${record.key} in ${base}`, () => put(base, record)),
      get: (key) => attempt(`read ${key} from ${base}`, () => get(base, key)),
      close: async () => {},
    };
  },
});

async function put(base: string, { key, body }: ArchiveRecord): Promise<Receipt> {
  const segments = segmentsOf(key);
  const folder = await folderFor(base, segments.slice(0, -1));
  const location = path.join(folder, segments.at(-1) ?? '');
  const scratch = await writeScratch(base, body);
  try {
    // Read back before it gets its name: afterwards somebody else may have put the same key.
    const stored = await readFile(scratch);
    if (!stored.equals(body)) throw new Error('what was read back is not what was written');
    await rename(scratch, location);
  } catch (error) {
    await rm(scratch, { force: true });
    throw error;
  }
  await syncDirectory(folder);
  return { location, sha256: createHash('sha256').update(body).digest('hex') };
}

async function get(base: string, key: string): Promise<Uint8Array | null> {
  const location = path.join(base, ...segmentsOf(key));
  try {
    const real = await realpath(location);
    if (!isInside(base, real)) throw new Error('a link leads out of the archive');
    return await readFile(real);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Makes the folders on the way, each made durable in its parent, and never follows a link out. */
async function folderFor(base: string, segments: readonly string[]): Promise<string> {
  let folder = base;
  for (const segment of segments) {
    const next = path.join(folder, segment);
    const made = await mkdir(next, { mode: DIRECTORY_MODE }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        return false;
      },
    );
    if (made) await syncDirectory(folder);
    folder = await realpath(next);
    if (!isInside(base, folder)) throw new Error('a link leads out of the archive');
  }
  return folder;
}

/** Complete and on disk before anybody sees it under its name. */
async function writeScratch(base: string, body: Uint8Array): Promise<string> {
  const file = path.join(base, SCRATCH, randomUUID());
  const handle = await open(file, 'wx', FILE_MODE);
  try {
    await handle.writeFile(body);
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return file;
}

/** A rename survives a power cut only when its directory is on disk (fsync(2), NOTES). */
async function syncDirectory(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isInside(base: string, file: string): boolean {
  return file.startsWith(base + path.sep);
}

/** What a person does about it, by the system's code. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'Housecall may not write there',
  EDQUOT: 'the quota is used up',
  ENOENT: 'the directory is not there as it was at start; is it mounted?',
  ENOSPC: 'the disk is full',
  EPERM: 'Housecall may not write there',
  EROFS: 'it is mounted read-only',
};

async function attempt<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof HousecallError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code ?? message;
    const words = WORDS[reason];
    const why = words === undefined ? reason : `${reason}: ${words}`;
    throw new HousecallError('ARCHIVE_INVALID', `could not ${what}: ${why}`, { cause: error });
  }
}
