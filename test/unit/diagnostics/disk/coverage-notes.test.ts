import { describe, expect, it } from 'vitest';
import { coverage } from '../../../../src/diagnostics/disk/assess/coverage.ts';
import type { Reading } from '../../../../src/diagnostics/disk/reading.ts';
import {
  containers,
  facts,
  GB,
  host,
  mount,
  reading,
  walk,
} from '../../../support/disk-reading.ts';

describe('the notes of what disk could not see', () => {
  it('are none when all was seen', () => {
    const seen = reading({ walks: [walk()], containers: [containers([])] });
    expect(coverage(seen)).toEqual({ privilege: 'root', notes: [] });
  });

  it.each<[what: string, seen: Partial<Reading>, notes: string[]]>([
    [
      'sudo refused',
      { sudoRefused: 'a password is required' },
      ['sudo was refused: a password is required'],
    ],
    [
      'the group docker',
      { host: host({ dockerGroup: true }) },
      ['this account is in the group docker, which is as good as root; that is not used'],
    ],
    ['processes of others', { processes: { total: 9, denied: 2 } }, ['7 of 9 processes readable']],
    [
      'hidepid',
      { host: host({ pid1Visible: false }), processes: { total: 9, denied: 2 } },
      ['7 processes readable; those of other users are hidden (hidepid)'],
    ],
    [
      'hidepid with all that is shown readable',
      { host: host({ pid1Visible: false }) },
      ['9 processes readable; those of other users are hidden (hidepid)'],
    ],
    [
      'no scan of open files, which says more than hidepid',
      {
        deleted: { scanned: false, sums: new Map(), files: [] },
        host: host({ pid1Visible: false }),
      },
      ['open files were not looked at'],
    ],
    [
      'one unreadable directory',
      { walks: [walk({ deniedDirectories: 1 })] },
      ['1 directory unreadable below `/srv`'],
    ],
    [
      'unreadable directories',
      { walks: [walk({ deniedDirectories: 1200 })] },
      ['1,200 directories unreadable below `/srv`'],
    ],
    [
      'a walk that ran out of time',
      { walks: [walk({ finished: false, elapsedSeconds: 19.6 })] },
      ['walk of `/srv` stopped after 20 s'],
    ],
    [
      'a walk stopped at once',
      { walks: [walk({ finished: false, elapsedSeconds: 0.2 })] },
      ['walk of `/srv` stopped after 1 s'],
    ],
    [
      'a walk that was denied and stopped',
      { walks: [walk({ finished: false, deniedDirectories: 2 })] },
      ['2 directories unreadable below `/srv`', 'walk of `/srv` stopped after 3 s'],
    ],
    [
      'a walk of no listed mount',
      { walks: [walk({ mount: 7, finished: false })] },
      ['walk of `?` stopped after 3 s'],
    ],
    [
      'unreadable container logs',
      { containers: [containers([], { unreadable: true })] },
      ['container logs unreadable'],
    ],
    [
      'a file system whose statfs failed',
      {
        mounts: [mount(), mount({ index: 2, mountpoint: '/data' })],
        samples: [{ atSeconds: 100, facts: [facts(GB), null] }],
      },
      ['`/data` could not be measured'],
    ],
    [
      'missing tools',
      { host: host({ missingTools: ['timeout', 'nice'] }) },
      ['the host lacks timeout, nice'],
    ],
    [
      'a probe cut short',
      { cutAt: 'its output ends early' },
      ['The probe did not finish: its output ends early'],
    ],
  ])('tell of %s', (_what, seen, notes) => {
    expect(coverage(reading({ privilege: 'none', ...seen }))).toEqual({ privilege: 'none', notes });
  });

  it('come in one order, the end of the probe last', () => {
    const seen = reading({
      sudoRefused: 'no',
      host: host({ dockerGroup: true, missingTools: ['nice'] }),
      processes: { total: 3, denied: 3 },
      walks: [walk({ deniedDirectories: 1 })],
      containers: [containers([], { unreadable: true })],
      cutAt: 'it ran into its time limit',
    });
    expect(coverage(seen).notes).toMatchInlineSnapshot(`
      [
        "sudo was refused: no",
        "this account is in the group docker, which is as good as root; that is not used",
        "0 of 3 processes readable",
        "1 directory unreadable below \`/srv\`",
        "container logs unreadable",
        "the host lacks nice",
        "The probe did not finish: it ran into its time limit",
      ]
    `);
  });

  it('are only of the walks, samples and logs there are', () => {
    expect(coverage(reading({ samples: [] })).notes).toEqual([]);
  });
});
