import { fileURLToPath } from 'node:url';
import { afterEach, expect } from 'vitest';
import type { CommandResult } from '../../src/core/command.ts';
import type { Coverage, Finding } from '../../src/core/finding.ts';
import { logs } from '../../src/diagnostics/logs/index.ts';
import { type Box, createBox, type ProbeOptions } from './box.ts';
import { FIXTURE_NONCE } from './diagnostic-fixture.ts';

/** Writes a log: `python3 WRITER <path> append|plain <KiB> [bytes per second]`. */
export const WRITER = fileURLToPath(new URL('./log-writer.py', import.meta.url));

export interface Look {
  readonly result: CommandResult;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
  readonly codes: readonly string[];
  readonly get: (code: string) => Finding;
}

/** Runs `logs` in the box and judges it. */
export function look(box: Box, params: Record<string, unknown>, options: ProbeOptions = {}): Look {
  const bound = logs.bind(params, FIXTURE_NONCE);
  const result = box.probe(bound.probe, options);
  expect(result.stderr).toBe('');
  const { coverage, findings } = bound.judge(result);
  const codes = findings.map((one) => one.code.replace('logs.', ''));
  const get = (code: string): Finding => {
    const found = findings.find((one) => one.code === `logs.${code}`);
    if (found === undefined) throw new Error(`no ${code} among ${codes.join(', ')}`);
    return found;
  };
  return { result, coverage, findings, codes, get };
}

const open: Box[] = [];
afterEach(() => {
  for (const box of open.splice(0)) box.close();
});

/** A box with a /var/log, an /etc and a /srv of its own, all on a small ext4 disk. */
export async function logBox(mebibytes = 96): Promise<Box> {
  const box = await createBox();
  open.push(box);
  const image = `${box.directory}/logs.img`;
  box.run(`truncate -s ${mebibytes}M ${image}; mkfs.ext4 -q ${image}; mkdir ${box.directory}/etc
    cp -a /etc/. ${box.directory}/etc; mount --bind ${box.directory}/etc /etc
    rm -rf /etc/logrotate.d/*; printf 'weekly\\nrotate 4\\ncreate\\ninclude /etc/logrotate.d\\n' >/etc/logrotate.conf
    mount -o loop ${image} /srv; chmod 755 /srv; mkdir /srv/log; mount --bind /srv/log /var/log
    mount -t tmpfs -o mode=755 tmpfs /var/lib/docker 2>/dev/null || true`);
  return box;
}
