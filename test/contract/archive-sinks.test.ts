import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesystem } from '../../src/archives/filesystem/index.ts';
import { archiveSinks } from '../../src/archives/registry.ts';
import { createFakeSink } from '../support/fake-sink.ts';
import { archiveSinkContract } from './archive-sinks.contract.ts';

describe('the archive sink in memory', () => {
  archiveSinkContract(async () => ({ sink: createFakeSink(), cleanUp: async () => {} }));
});

describe('the archive sink filesystem', () => {
  archiveSinkContract(async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'housecall-sink-'));
    return {
      sink: await filesystem.open({ directory: path.join(directory, 'new', 'archive') }),
      cleanUp: () => rm(directory, { recursive: true }),
    };
  });
});

describe('the registry of archive sinks', () => {
  it('names every sink once, and each is a folder with a README', () => {
    const root = path.join(import.meta.dirname, '../../src/archives');
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const ids = archiveSinks.map((sink) => sink.id);
    expect(folders.map((entry) => entry.name).toSorted()).toEqual(ids.toSorted());
    for (const id of ids) expect(existsSync(path.join(root, id, 'README.md'))).toBe(true);
  });

  it('refuses options that are not those of the sink', () => {
    for (const sink of archiveSinks) expect(() => sink.open({ directory: 7 })).toThrow('directory');
  });
});
