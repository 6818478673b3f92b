import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRoot } from '../support/deleted-file-lab.ts';

const FIXES = new URL('../../src/fixes/', import.meta.url);
const NOBODY = 65_534;

/** The functions of a script of a fix, without its main, and what calls them. */
function run(shell: readonly [string, ...string[]], script: string, call: string): string {
  const text = readFileSync(new URL(script, FIXES), 'utf8').replace(/^main "\$@".*$/m, '');
  const [program, ...args] = shell;
  return execFileSync(program, [...args, '-s'], {
    input: `set -f\n${text}\n${call}\n`,
    encoding: 'utf8',
  });
}

// Whoever may run programs on a host may call one dockerd, and give it any words.
describe.skipIf(!hasRoot()).each([
  ['dash', ['dash']],
  ['bash', ['bash']],
  ['busybox', ['busybox', 'sh']],
] as const)('a process of nobody that is called dockerd, under %s', (_name, shell) => {
  const place = mkdtempSync(join(tmpdir(), 'housecall-hostile-'));
  const id = 'e'.repeat(64);
  let child: ChildProcess;

  beforeAll(async () => {
    chmodSync(place, 0o755);
    const program = join(place, 'dockerd');
    copyFileSync('/bin/dash', program);
    chmodSync(program, 0o755);
    mkdirSync(join(place, 'containers', id), { recursive: true });
    writeFileSync(join(place, 'containers', id, 'config.v2.json'), '{"Name":"/web"}');
    const words = [
      '-c',
      'echo up; read -r end',
      '--data-root',
      place,
      '--host=unix:///tmp/evil.sock',
    ];
    child = spawn(program, words, { uid: NOBODY, gid: NOBODY, stdio: ['pipe', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
  });
  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(place, { recursive: true });
  });

  it('is no daemon for quarantine-image, so no image is sent to it', () => {
    const found = run(shell, 'quarantine-image/store.sh', 'daemons').trim().split('\n');
    expect(found).not.toContain(String(child.pid));
  });

  it('does not tell reuse-time-wait which container has a name', () => {
    const found = run(shell, 'reuse-time-wait/probe.sh', 'value=web; ids_by_name; :');
    expect(found).not.toContain(id);
  });
});
