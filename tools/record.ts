/**
 * Records what a diagnostic's probe prints on a real host as a fixture, redacted:
 *   npm run record -- disk <case> [--host user@host [--sudo]] [-- key=value …]
 *   npm run record -- disk <case> --judge      judges a changed output.txt again
 * Without --host the probe runs on this machine; --through "setpriv --reuid 65534 busybox" puts words before its `sh`
 * and --privilege says with which rights that is.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { argvText, type CommandResult, type Privilege, type Probe } from '../src/core/command.ts';
import { redact } from '../src/core/redaction/redact.ts';
import { diagnostics } from '../src/diagnostics/registry.ts';
import {
  DIAGNOSTICS_DIRECTORY,
  FIXTURE_NONCE,
  judge,
  readFixture,
  resultOf,
} from '../test/support/diagnostic-fixture.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string' },
    sudo: { type: 'boolean', default: false },
    through: { type: 'string', default: '' },
    privilege: { type: 'string' },
    judge: { type: 'boolean', default: false },
  },
});
const [id = '', name = '', ...given] = positionals;
const diagnostic = diagnostics.find((one) => one.id === id);
if (diagnostic === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
  console.error(
    `usage: npm run record -- <${diagnostics.map((one) => one.id).join('|')}> <case> [--host user@host [--sudo]] [--judge] [-- key=value …]`,
  );
  process.exit(64);
}

const directory = join(DIAGNOSTICS_DIRECTORY, id, 'fixtures', name);
if (values.judge) {
  const { params, result } = readFixture({ directory, name });
  save('expected.json', judge(diagnostic, params, result));
} else {
  const params = Object.fromEntries(given.map(pair));
  const { probe } = diagnostic.bind(params, FIXTURE_NONCE);
  const result = run(probe);
  mkdirSync(directory, { recursive: true });
  save('params.json', params);
  writeFileSync(join(directory, 'output.txt'), result.stdout);
  const { exitCode, privilege, stderr } = result;
  save('result.json', { exitCode, privilege, stderr });
  save('expected.json', judge(diagnostic, params, result));
}
console.log(directory);
console.log('Read output.txt before you commit it: redaction knows shapes, not your names.');

function pair(argument: string): [string, string] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument, ''] : [argument.slice(0, at), argument.slice(at + 1)];
}

function run(probe: Probe): CommandResult {
  const before = values.through.split(' ').filter((word) => word !== '');
  const argv = [...(values.sudo ? ['sudo', '-n'] : before), ...probe.argv];
  const [program = '', ...args] =
    values.host === undefined ? argv : ['ssh', '-T', '--', values.host, argvText(argv)];
  const done = spawnSync(program, args, {
    input: probe.stdin ?? '',
    encoding: 'utf8',
    maxBuffer: probe.outputLimitBytes,
    timeout: probe.timeoutSeconds * 1000,
  });
  if (done.error !== undefined) throw done.error;
  return resultOf(clean(done.stdout), {
    exitCode: done.status,
    stderr: clean(done.stderr),
    privilege: privilegeOf(),
  });
}

function privilegeOf(): Privilege {
  const { privilege } = values;
  if (privilege === 'root' || privilege === 'sudo' || privilege === 'none') return privilege;
  if (values.sudo) return 'sudo';
  const user = values.host === undefined ? userInfo().username : values.host.split('@')[0];
  return user === 'root' ? 'root' : 'none';
}

/** Secrets by their shape; this machine's and this user's names. */
function clean(text: string): string {
  const own = [hostname(), values.host?.split('@').at(-1) ?? '', homedir()].filter(
    (word) => word.length > 3 && word !== '/root',
  );
  return own.reduce((out, word) => out.replaceAll(word, 'host-17'), redact(text));
}

function save(file: string, value: unknown): void {
  writeFileSync(join(directory, file), `${JSON.stringify(value, null, 2)}\n`);
}
