import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveSink } from '../../src/archives/contract.ts';
import { filesystem } from '../../src/archives/filesystem/index.ts';

const body = new TextEncoder().encode('secret evidence');
const mediaType = 'text/plain';
let directory: string;
let sink: ArchiveSink;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'housecall-archive-'));
  sink = await filesystem.open({ directory });
});
afterEach(async () => {
  await sink.close();
  await rm(directory, { recursive: true });
});

describe('an archive in a directory', () => {
  it('can be read by its owner alone', async () => {
    const { location } = await sink.put({ key: '2026/11/x/a.json', mediaType, body });
    expect((await stat(location)).mode & 0o777).toBe(0o600);
    for (const folder of ['2026', '2026/11', '2026/11/x', '.unfinished']) {
      expect((await stat(path.join(directory, folder))).mode & 0o777).toBe(0o700);
    }
  });

  it('leaves nothing unfinished behind, also when it fails', async () => {
    await sink.put({ key: 'a/b', mediaType, body });
    await sink.probe();
    await mkdir(path.join(directory, 'folder'));
    await expect(sink.put({ key: 'folder', mediaType, body })).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: `could not store folder in ${directory}: EISDIR`,
    });
    expect(await readdir(path.join(directory, '.unfinished'))).toEqual([]);
  });

  it('is never written or read through a link that leads out of it', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'housecall-outside-'));
    try {
      await symlink(outside, path.join(directory, '2026'));
      await writeFile(path.join(outside, 'a'), 'outside');
      await expect(sink.put({ key: '2026/a', mediaType, body })).rejects.toMatchObject({
        code: 'ARCHIVE_INVALID',
      });
      await expect(sink.get('2026/a')).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
      expect(await readFile(path.join(outside, 'a'), 'utf8')).toBe('outside');
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('replaces a link in a file’s place instead of writing through it', async () => {
    const target = path.join(directory, 'target');
    await writeFile(target, 'untouched');
    await symlink(target, path.join(directory, 'a'));
    await sink.put({ key: 'a', mediaType, body });
    expect(await readFile(target, 'utf8')).toBe('untouched');
  });

  it('says why it cannot be opened or written to', async () => {
    const file = path.join(directory, 'file');
    await writeFile(file, '');
    await expect(filesystem.open({ directory: file })).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: `could not open the archive ${file}: ENOTDIR`,
    });
    await rm(path.join(directory, '.unfinished'), { recursive: true });
    await expect(sink.probe()).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });
});
