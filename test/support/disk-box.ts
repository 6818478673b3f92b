import { fileURLToPath } from 'node:url';
import { afterEach, expect } from 'vitest';
import type { CommandResult } from '../../src/core/command.ts';
import type { Coverage, Finding } from '../../src/core/finding.ts';
import { disk } from '../../src/diagnostics/disk/index.ts';
import { type Box, createBox, type ProbeOptions } from './box.ts';
import { FIXTURE_NONCE } from './diagnostic-fixture.ts';

/** Holds files open: `python3 HOLDER <directory> <case>…`. */
export const HOLDER = fileURLToPath(new URL('./file-holder.py', import.meta.url));
export const MIB = 1024 * 1024;

/** A 64 MB ext4, mounted inside. */
export function ext4(box: Box, at: string, options = ''): void {
  const image = `${box.directory}/${at.replaceAll('/', '_')}.img`;
  box.run(
    `truncate -s 64M ${image} && mkfs.ext4 -q ${options} ${image} && mkdir -p ${at} && mount -o loop ${image} ${at} && chmod 755 ${at}`,
  );
}

interface Look {
  readonly result: CommandResult;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
  readonly codes: readonly string[];
  readonly get: (code: string) => Finding;
}

/** Runs `disk` in the box and judges it. */
export function look(box: Box, params: Record<string, unknown>, options: ProbeOptions = {}): Look {
  const bound = disk.bind({ sampleSeconds: 0, ...params }, FIXTURE_NONCE);
  const result = box.probe(bound.probe, options);
  expect(result.stderr).toBe('');
  const judged = bound.judge(result);
  const { coverage } = judged;
  // Without mount= the disks of the machine are seen too, and those of tests next door.
  const findings = judged.findings.filter(
    (one) => params['mount'] !== undefined || one.subject.startsWith('/srv/'),
  );
  const codes = findings.map((one) => one.code.replace('disk.', ''));
  const get = (code: string): Finding => {
    const found = findings.find((one) => one.code === `disk.${code}`);
    if (found === undefined) throw new Error(`no ${code} among ${codes.join(', ')}`);
    return found;
  };
  return { result, coverage, findings, codes, get };
}

export const paths = (findings: readonly Finding[]) =>
  findings.filter((one) => one.code === 'disk.deleted-open-file').map((one) => one.data['path']);

const open: Box[] = [];
// Loop devices are seen by every box: each test has the machine for itself.
afterEach(() => {
  for (const box of open.splice(0)) box.close();
});

export async function boxed(): Promise<Box> {
  const box = await createBox();
  open.push(box);
  box.run('mount -t tmpfs tmpfs /srv && mkdir /srv/d');
  return box;
}

/** A box with a 64 MB ext4 at /srv/d and somebody who holds files there. */
export async function held(cases: readonly string[], options = ''): Promise<Box> {
  const box = await boxed();
  ext4(box, '/srv/d', options);
  if (cases.length > 0) await box.start('python3', HOLDER, '/srv/d', ...cases);
  return box;
}
