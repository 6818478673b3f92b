import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish, housecall as run } from '../support/housecall.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'housecall-usage-'));
  write(
    'housecall.yaml',
    `ssh: { user: ops }
hosts:
  host-17: { address: 192.0.2.17, groups: [docker] }
  "web-[1-4]": { address: "{name}.example.org", groups: [web] }
`,
  );
  write('empty.yaml', 'ssh: { user: ops }\nhosts: {}\n');
  write('key.yaml', 'ssh: { user: ops }\nhosts: { host-17: { address: 192.0.2.17, prot: 22 } }\n');
  write(
    'value.yaml',
    'ssh: { user: ops }\nhosts: { host-17: { address: 192.0.2.17, port: 70000 } }\n',
  );
  write('syntax.yaml', 'ssh: { user: ops\nhosts: [\n');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
const housecall = (...args: string[]) =>
  run(args, { HOUSECALL_CONFIG: path.join(directory, 'housecall.yaml'), HOME: directory });

// No host is reached for: each is a process of its own that only reads files.
describe.concurrent('what the command line says about itself', () => {
  it('lists the diagnostics, and tells their parameters with defaults', async () => {
    const [list, help] = await Promise.all([
      housecall('diag', 'list'),
      housecall('diag', 'help', 'disk'),
    ]);
    expect(list).toMatchObject({ status: 0, stderr: '' });
    expect(list.stdout).toContain('housecall diag disk <targets>');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(
      /^ {2}mount +– .*\n {2}warnPercent +75 .*\n {2}criticalPercent +90 /m,
    );
    expect(help.stdout).toContain('Permissions: ');
    expect(list.stdout + help.stdout).not.toContain('`/diag');
  });

  it('lists the hosts by group, and those that match', async () => {
    const [all, some] = await Promise.all([
      housecall('diag', 'hosts'),
      housecall('diag', 'hosts', 'web'),
    ]);
    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect(all.stdout).toMatch(/^5 hosts\n[^]*@docker +host-17\n +@web +web-\[1-4\]\n$/);
    expect(some.stdout).toMatch(/^4 hosts matching "web"\n[^]*@web +web-\[1-4\]\n$/);
  });

  it.each([
    [['--help'], /Usage: housecall [^]*diag [^]*check [^]*verify /],
    [['help', 'diag'], /Usage: housecall diag [^]*--json/],
    [['diag', '--help'], /Exit status: 0 ok, 1 warning, 2 critical, 3 unknown[^]*Examples:/],
    [['start', '-h'], /Usage: housecall start [^]*--role/],
    [['check', '--help'], /--accept-new-host-keys[^]*--config[^]*0 good, 1 bad/],
    [['verify', '--help'], /<directory>[^]*--head/],
    [['demo', '--help'], /--script/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('%j ends with 0', async (args, text) => {
    const { status, stdout, stderr } = await housecall(...args);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(text);
  });
});

describe.concurrent('a mistake on the command line', () => {
  it.each([
    [[], /Usage: housecall/],
    [['dig'], /unknown command 'dig'[^]*Did you mean diag/],
    [['diag'], /missing required argument 'diagnostic'/],
    [
      ['diag', 'dsik', 'host-17'],
      /^housecall: diag: .*"dsik"; did you mean "disk"\? \(known: .*disk/,
    ],
    [['diag', 'help', 'dsik'], /did you mean "disk"/],
    [['diag', 'disk'], /no targets; for example: housecall diag disk host-17/],
    [['diag', 'disk', 'hots-17'], /unknown host "hots-17".*"host-17"/],
    [['diag', 'disk', '@wbe'], /unknown group "@wbe"; did you mean "web"/],
    [['diag', 'disk', 'host-17', '--json', 'warnPercent=200'], /warnPercent="200": .*100/],
    [['diag', 'disk', 'host-17', 'mount=var'], /mount="var": must be an absolute path/],
    [
      ['diag', 'disk', 'host-17', 'warnpercent=5'],
      /unknown parameter warnpercent; did you mean "warnPercent"\? \(known: mount, warnPercent, /,
    ],
    [['diag', 'disk', 'host-17', 'mount=/', 'mount=/var'], /mount is given twice/],
    [['diag', 'disk', 'host-17', '--jsn'], /unknown option '--jsn'[^]*--json/],
    [['check', 'host-17'], /too many arguments/],
    [['start', '--role', 'boss'], /'boss' is invalid.*all, web, worker/],
    [['verify', '.', '--head', 'beef'], /--head is 64 hexadecimal digits/],
  ])('%j ends with 64 and says why on standard error alone', async (args, message) => {
    const { status, stdout, stderr } = await housecall(...args);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at |`\/(diag|incident)/m);
  });
});

describe.concurrent('an output that nobody takes', () => {
  /** The exit status of the command when its output goes as the shell is told. */
  async function statusOf(words: string, redirect: string): Promise<string> {
    const status = path.join(directory, `status-${words}`.replaceAll(/\W+/g, '-'));
    const command = `{ "$0" --import tsx src/main.ts ${words}; echo $? >"$1"; } ${redirect}`;
    const child = spawn('sh', ['-c', command, process.execPath, status], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOUSECALL_CONFIG: path.join(directory, 'housecall.yaml') },
    });
    const { stderr } = await finish(child);
    return `${readFileSync(status, 'utf8').trim()} ${stderr}`;
  }

  it('does not change the status when the reader is gone', async () => {
    // Bytes enough to find out; on standard error too.
    expect(await statusOf('diag help disk', '| true')).toBe('0 ');
    expect(await statusOf('diag dsik host-17', '2>&1 | true')).toBe('64 ');
  });

  it.skipIf(!existsSync('/dev/full'))('is no success when it could not be written', async () => {
    const said = await statusOf('diag list', '>/dev/full');
    expect(said).toMatch(/^3 housecall: standard output could not be written: ENOSPC/);
  });
});

describe.concurrent('a configuration that cannot be used', () => {
  it.each([
    ['nowhere.yaml', /nowhere\.yaml: not found/],
    ['key.yaml', /hosts\.host-17\.prot.*"port"/],
    ['value.yaml', /hosts\.host-17\.port.*70000.*65535/],
    ['syntax.yaml', /syntax\.yaml/],
  ])('%s ends diag with 78 and names the key path and what is allowed', async (name, message) => {
    const file = path.join(directory, name);
    const { status, stdout, stderr } = await housecall('diag', 'disk', 'host-17', '-c', file);
    expect([status, stdout]).toEqual([78, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is bad for check', async () => {
    const { status, stdout } = await housecall('check', '-c', path.join(directory, 'key.yaml'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^bad +configuration .*hosts\.host-17\.prot/);
  });

  it('is not needed for help', async () => {
    const file = path.join(directory, 'nowhere.yaml');
    expect(await housecall('-c', file, 'diag', 'list')).toMatchObject({ status: 0, stderr: '' });
  });
});
