import { fileURLToPath } from 'node:url';
import { afterEach, expect } from 'vitest';
import type { CommandResult } from '../../src/core/command.ts';
import type { Coverage, Finding } from '../../src/core/finding.ts';
import { ports } from '../../src/diagnostics/ports/index.ts';
import { type Box, createBox, type ProbeOptions } from './box.ts';
import { FIXTURE_NONCE } from './diagnostic-fixture.ts';

/** `python3 BURNER <argument>…`, see there. */
export const BURNER = fileURLToPath(new URL('./port-burner.py', import.meta.url));

/** A "remote" destination that is reached within one namespace, and one where nobody answers. */
export const REMOTE = '10.77.0.1';
export const SILENT = '10.78.0.2';

const open: Box[] = [];
afterEach(() => {
  for (const box of open.splice(0)) box.close();
});

export async function boxed(): Promise<Box> {
  const box = await createBox();
  open.push(box);
  return box;
}

/** `ip_local_port_range` and the like, by name. */
export type Sysctls = Readonly<Record<string, string>>;

/**
 * A network namespace of its own in the box, in which `port-burner.py` does what `burn` says; its
 * process id in the box. Narrow by default: 200 ports.
 */
export async function burning(
  box: Box,
  burn: readonly string[],
  sysctls: Sysctls = {},
): Promise<{ pid: number; said: string }> {
  const settings = { ip_local_port_range: '33000 33199', ...sysctls };
  const lines = Object.entries(settings).map(
    ([key, value]) => `echo '${value}' >/proc/sys/net/${key.includes('/') ? key : `ipv4/${key}`}`,
  );
  const name = `${box.directory}/space-${++spaces}`;
  const setup = [
    'ip link set lo up',
    `ip address add ${REMOTE}/32 dev lo`,
    'ip -6 address add fd77::1/128 dev lo nodad',
    // What goes to a wrong hardware address is dropped.
    'ip link add silent type veth peer name other',
    'ip address add 10.78.0.1/24 dev silent',
    'ip link set silent up; ip link set other up',
    `ip neighbour add ${SILENT} lladdr 02:00:00:00:00:99 dev silent`,
    ...lines,
    `echo $$ >${name}.pid`,
    `exec /usr/bin/python3 ${BURNER} ${burn.join(' ')} | tee ${name}.out`,
  ];
  await box.start('unshare', '--net', 'bash', '-euc', setup.join('\n'));
  const pid = Number(box.run(`cat ${name}.pid`));
  return { pid, said: box.run(`cat ${name}.out`) };
}
let spaces = 0;

interface Look {
  readonly result: CommandResult;
  readonly coverage: Coverage;
  /** Without what is said about the network of the machine itself, which tests next door use too. */
  readonly findings: readonly Finding[];
  readonly codes: readonly string[];
  readonly get: (code: string) => Finding;
}

/** Runs `ports` in the box and judges it. */
export function look(
  box: Box,
  options: ProbeOptions = {},
  params: Record<string, unknown> = {},
): Look {
  const bound = ports.bind(params, FIXTURE_NONCE);
  const result = box.probe(bound.probe, options);
  expect(result.stderr).toBe('');
  const { coverage, findings: all } = bound.judge(result);
  const findings = all.filter(
    ({ code, subject }) =>
      !(code === 'ports.ephemeral-exhausted' && subject.startsWith('the host')),
  );
  const codes = findings.map((one) => one.code.replace('ports.', ''));
  const get = (code: string): Finding => {
    const found = findings.find((one) => one.code === `ports.${code}`);
    if (found === undefined) throw new Error(`no ${code} among ${codes.join(', ')}`);
    return found;
  };
  return { result, coverage, findings, codes, get };
}
