import type { Finding } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import type { FileSystem } from './file-system.ts';
import { count, evidence, inodesEvidence, quote } from './words.ts';

export function inodesExhausted(system: FileSystem): Finding[] {
  const { mount, facts, walk, inodesLevel, inodesUsedPercent } = system;
  if (inodesLevel === 'ok' || inodesUsedPercent === null) return [];
  const crowd = walk?.crowded[0];
  const most =
    crowd === undefined
      ? ''
      : `; ${quote(crowd.path)} alone has ${count(crowd.entries, 'entry', 'entries')}`;
  const none = facts.inodesFree === 0;
  return [
    {
      code: 'disk.inodes-exhausted',
      status: inodesLevel,
      subject: mount.mountpoint,
      title: `${quote(mount.mountpoint)} ${none ? 'has no inode left' : `has used ${formatPercent(inodesUsedPercent)} of its inodes`}${most}`,
      detail: [
        `${count(facts.inodes - facts.inodesFree, 'inode')} of ${facts.inodes.toLocaleString('en-US')} are used, ${formatPercent(system.usedPercent)} of the space.`,
        'Without a free inode new files fail with "No space left on device" although df shows room; appending to existing files still works.',
        ...(walk === null
          ? []
          : [
              `Most entries: ${walk.crowded
                .slice(0, 5)
                .map((one) => `${quote(one.path)} ${one.entries.toLocaleString('en-US')}`)
                .join(', ')}.`,
            ]),
        ...(walk === null || walk.finished
          ? []
          : ['The walk stopped at its time limit; counts are lower bounds.']),
      ].join('\n'),
      data: {
        mount: mount.mountpoint,
        inodesUsedPercent: Math.round(inodesUsedPercent * 10) / 10,
        inodes: facts.inodes,
        inodesFree: facts.inodesFree,
        ...(crowd === undefined ? {} : { directory: crowd.path, entries: crowd.entries }),
      },
      evidence: [
        inodesEvidence(system),
        ...(walk === null
          ? []
          : [
              evidence(
                ['find', mount.mountpoint, '-xdev'],
                walk.crowded
                  .slice(0, 10)
                  .map((one) => `${one.entries}\t${one.path}`)
                  .join('\n'),
              ),
            ]),
      ],
      fixes: [],
      next: [],
    },
  ];
}
