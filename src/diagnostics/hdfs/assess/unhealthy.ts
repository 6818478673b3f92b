import type { Finding } from '../../../core/finding.ts';
import type { Params } from '../params.ts';
import type { Reading } from '../reading.ts';
import { count, evidence, finding, quote, shown } from '../words.ts';

export function unhealthy(reading: Reading, params: Params): Finding[] {
  return [...safeMode(reading), ...blocks(reading, params)];
}

/** `Safe mode is ON`, or per NameNode `Safe mode is ON in host/address:port`. */
function safeMode({ safeMode: look }: Reading): Finding[] {
  const on = (look?.output ?? '').match(/^Safe mode is ON.*$/gm) ?? [];
  const off = (look?.output ?? '').match(/^Safe mode is OFF.*$/gm) ?? [];
  if (look === null || on.length === 0) return [];
  // With several NameNodes the one that serves may well be out of it.
  const every = off.length === 0;
  return [
    finding({
      code: 'hdfs.unhealthy',
      status: every ? 'critical' : 'warning',
      subject: 'safe mode',
      title: every
        ? 'The NameNode is in safe mode: HDFS can be read, and every change is refused'
        : `${on.length} of ${on.length + off.length} NameNodes are in safe mode`,
      detail: [
        ...on.map(shown),
        'After a start it leaves by itself when the DataNodes have reported enough blocks. If it does not: DataNodes are missing, the disk of the NameNode is full, or somebody entered it on purpose. Find out which before anybody leaves it by force.',
      ],
      data: { path: null, what: 'safe-mode', missingBlocks: null, corruptBlocks: null },
      evidence: [evidence(['hdfs', 'dfsadmin', '-safemode', 'get'], look)],
    }),
  ];
}

function blocks({ fsck: look, directories }: Reading, { path }: Params): Finding[] {
  if (look === null || directories.length === 0) return [];
  const missing = sum(look.output, /^\s*Missing blocks:\s+(\d+)/gm);
  const corrupt = sum(look.output, /^\s*Corrupt blocks:\s+(\d+)/gm);
  const files = sum(look.output, /has (\d+) CORRUPT files/g);
  const said = /^Status: CORRUPT|is CORRUPT$/m.test(look.output);
  if (missing + corrupt + files === 0 && !said) return [];
  const name = quote(path);
  const parts = [
    ...(missing > 0 ? [count(missing, 'missing block')] : []),
    ...(corrupt > 0 ? [count(corrupt, 'corrupt block')] : []),
    ...(files > 0 ? [count(files, 'corrupt file')] : []),
  ];
  return [
    finding({
      code: 'hdfs.unhealthy',
      status: 'critical',
      subject: shown(path),
      title: `Below ${name} data cannot be read: ${parts.join(', ') || 'fsck says CORRUPT'}`,
      detail: [
        'No DataNode that is alive has a good copy of these blocks: whoever reads their files fails. Look for DataNodes that are down and bring them back: the blocks come back with them.',
        'Never run fsck -delete or -move before that.',
      ],
      data: { path, what: 'blocks', missingBlocks: missing, corruptBlocks: corrupt },
      evidence: [evidence(['hdfs', 'fsck', path], look)],
    }),
  ];
}

function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
}
