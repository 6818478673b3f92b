import { describe, expect, it } from 'vitest';
import type { CommandResult } from '../../../../src/core/command.ts';
import { parse } from '../../../../src/diagnostics/disk/parse.ts';
import type { Reading } from '../../../../src/diagnostics/disk/reading.ts';
import { FIXTURE_NONCE } from '../../../support/diagnostic-fixture.ts';
import { diskOutput } from '../../../support/disk-output.ts';

const read = (result: CommandResult): Reading => parse(result, FIXTURE_NONCE);

describe('an output of the disk probe that is whole', () => {
  it('is read whole, names with blanks and all', () => {
    expect(read(diskOutput())).toMatchInlineSnapshot(`
      {
        "asked": {
          "kind": "local",
          "mountpoint": "/srv",
          "type": "ext4",
        },
        "containers": [
          {
            "atSeconds": 10,
            "logs": [
              {
                "diskBytes": 4096,
                "id": "c1",
                "maxSize": "10m",
                "name": "shop",
                "path": "/srv/docker/containers/c1/c1-json.log",
                "sizeBytes": 8192,
              },
            ],
            "mountpoint": "/srv",
            "root": "/srv/docker",
            "running": [
              {
                "id": "c1",
                "image": "web:1.4",
                "name": "shop",
              },
            ],
            "unreadable": false,
          },
        ],
        "cutAt": null,
        "deleted": {
          "files": [
            {
              "containerId": "f03bf03bf03bf03bf03bf03bf03bf03bf03bf03bf03bf03bf03bf03bf03bf03b",
              "descriptors": 2,
              "device": "8:1",
              "disk": "8:1",
              "fd": 3,
              "flags": 33793,
              "holders": 2,
              "inode": 13,
              "lengthBytes": 8192,
              "path": "/srv/my app.log",
              "pid": 297,
              "pids": [
                297,
                299,
              ],
              "process": "my app",
              "sizeBytes": 4096,
              "startTicks": 4711,
              "type": "ext4",
            },
          ],
          "scanned": true,
          "sums": Map {
            "8:1" => {
              "bytes": 4096,
              "count": 1,
            },
          },
        },
        "host": {
          "bootId": "b-1",
          "bootTime": 1795225170,
          "dockerGroup": false,
          "missingTools": [],
          "pid1Visible": true,
          "tick": 100,
          "uid": 0,
        },
        "loops": [
          {
            "atMostBytes": 4096,
            "name": "loop3",
            "path": "/srv/a disk.img",
          },
        ],
        "mapped": [
          {
            "device": "8:1",
            "inode": 17,
            "path": "/srv/my map.bin",
            "pid": 300,
            "process": "java x",
            "sizeBytes": 4096,
          },
        ],
        "mounts": [
          {
            "also": [
              "/export",
            ],
            "device": "8:1",
            "errorsRemount": false,
            "fstab": "rw",
            "index": 1,
            "kind": "local",
            "mountpoint": "/srv",
            "readOnlyMount": false,
            "readOnlySuper": false,
            "root": "/",
            "source": "/dev/sda1",
            "type": "ext4",
            "under": [
              "/srv/in",
            ],
          },
        ],
        "privilege": "root",
        "problem": null,
        "processes": {
          "denied": 1,
          "total": 9,
        },
        "samples": [
          {
            "atSeconds": 10,
            "facts": [
              {
                "availableBytes": 40960,
                "freeBytes": 51200,
                "inodes": 16,
                "inodesFree": 10,
                "sizeBytes": 102400,
              },
            ],
          },
        ],
        "skipped": [
          {
            "mountpoint": "/mnt/a b",
            "type": "nfs4",
          },
        ],
        "sudoRefused": null,
        "walks": [
          {
            "crowded": [
              {
                "entries": 2,
                "path": "/srv",
              },
            ],
            "deniedDirectories": 4,
            "directories": [
              {
                "bytes": 8192,
                "entries": 2,
                "path": "/srv",
              },
            ],
            "elapsedSeconds": 1.5,
            "files": [
              {
                "bytes": 4096,
                "lengthBytes": 8192,
                "path": "/srv/my file",
              },
            ],
            "finished": true,
            "inodes": 3,
            "mount": 1,
            "visibleBytes": 8192,
          },
        ],
      }
    `);
  });
});

describe('an output that ends early', () => {
  const from = (marker: string, facts: Partial<CommandResult> = {}): Reading => {
    const result = diskOutput(undefined, facts);
    const at = result.stdout.indexOf(`@${FIXTURE_NONCE} ${marker}`);
    return read({ ...result, stdout: result.stdout.slice(0, at) });
  };

  it('lacks what came later, and nobody is taken as seen', () => {
    expect(from('begin containers')).toMatchObject({
      cutAt: 'its output ends early, in the part "sample"',
      processes: { total: 9, denied: 9 },
      deleted: { scanned: false, sums: new Map(), files: [] },
      mapped: [],
      loops: [],
      containers: [],
      walks: [],
    });
  });

  it.each<[what: string, seen: Reading, cutAt: string | null]>([
    ['at its end', read(diskOutput()), null],
    ['in its last part', from('end finish'), 'its output ends early, in the part "finish"'],
    [
      'within a part, by its time limit',
      from('end walk', { timedOut: true }),
      'it ran into its time limit, in the part "walk"',
    ],
    ['after a part', from('begin finish'), 'its output ends early, in the part "walk"'],
    [
      'too large',
      read(diskOutput(undefined, { outputTruncated: true })),
      'its output was larger than the limit',
    ],
    [
      'too large and cut',
      from('end walk', { outputTruncated: true }),
      'its output was larger than the limit',
    ],
    ['timed out after all was said', read(diskOutput(undefined, { timedOut: true })), null],
  ])('says where: %s', (_what, seen, cutAt) => {
    expect(seen.cutAt).toBe(cutAt);
  });

  it('says whose rights it had', () => {
    const facts = { privilege: 'none', sudoRefused: 'no' } as const;
    expect(read(diskOutput(undefined, facts))).toMatchObject(facts);
  });
});
