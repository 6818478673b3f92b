import type { CommandResult } from '../../src/core/command.ts';
import { FIXTURE_NONCE, resultOf } from './diagnostic-fixture.ts';

/** One small output of the disk probe with every kind of line in it. */
const SECTIONS = {
  host: ['uid 0', 'boot b-1', 'btime 1795225170', 'tick 100', 'pid1 visible'],
  processes: ['total 9', 'kernel 2'],
  mounts: [
    'query mount local ext4 8:1 /srv',
    'query docker local ext4 8:1 /srv',
    'mount 1 8:1 local ext4 rw rw 0 rw /dev/sda1 / /srv',
    'also 1 /export',
    'under 1 /srv/in',
    'skipped nfs4 /mnt/a\\040b',
    'prune /srv/in',
    'avoid /mnt',
  ],
  sample: ['at 1000', '1024 100 50 40 16 10'],
  containers: [
    'at 1000',
    'root /srv/docker',
    'log c1 8192 4096',
    'name c1 "Name":"/shop"',
    'option c1 "max-size":"10m"',
    'running c1 shop web:1.4',
  ],
  deleted: [
    'denied 1',
    'sum 8:1 1 4096',
    'file 8:1 8:1 13 8192 4096 297 3 0102001 ext4 4711 2 2 297,299',
    'name 297 3 /srv/my app.log (deleted)',
    'comm 297 my app\\012',
    `cgroup 297 ${'f03b'.repeat(16)}.scope`,
  ],
  mapped: [
    'mapped 300 2049 17 9999 4096 /srv/my map.bin (deleted)',
    'comm 300 java x\\012',
    'loop loop3 8 /srv/a disk.img (deleted)',
  ],
  walk: [
    'mount 1',
    'total 8192 3 0',
    'dir 8192 2 /srv',
    'file 4096 8192 /srv/my file',
    'many 2 /srv',
    'denied 4',
    'elapsed 150',
  ],
  finish: ['elapsed 202'],
} as const;

/** With one text in one section replaced. Throws when the section does not have it. */
export function diskOutput(
  change?: { readonly name: string; readonly before: string; readonly after: string },
  facts: Partial<CommandResult> = {},
): CommandResult {
  const sections = Object.entries(SECTIONS).map(([name, lines]) => {
    const body = lines.join('\n');
    const changed = name === change?.name ? replaced(body, change) : body;
    return `@${FIXTURE_NONCE} begin ${name}\n${changed}\n@${FIXTURE_NONCE} end ${name} 0\n`;
  });
  return resultOf(sections.join(''), facts);
}

function replaced(body: string, { before, after }: { before: string; after: string }): string {
  if (!body.includes(before)) throw new Error(`no "${before}"`);
  return body.replace(before, () => after);
}
