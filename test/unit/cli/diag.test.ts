import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type DiagDeps, diag } from '../../../src/app/cli/diag.ts';
import { errorText, exitCodeOf } from '../../../src/app/cli/exit-code.ts';
import type { CommandResult } from '../../../src/core/command.ts';
import { HousecallError } from '../../../src/core/errors.ts';
import type { RunReport, Status } from '../../../src/core/finding.ts';
import { defineDiagnostic } from '../../../src/diagnostics/contract.ts';
import type { RemoteReader } from '../../../src/ports/remote.ts';
import { codeDoc } from '../../support/code-doc.ts';
import { parse } from '../../support/config.ts';
import { fakeTerminal } from '../../support/fake-terminal.ts';

/** Says what the host printed: `warning full` is a warning about "full". */
const toy = defineDiagnostic({
  id: 'toy',
  title: 'Toy',
  summary: 'Repeats what the host says.',
  permissions: 'none',
  params: z.strictObject({ limit: z.coerce.number().max(9).default(3).describe('A limit.') }),
  codes: { 'toy.said': codeDoc('the host said something') },
  probe: () => ({ argv: ['true'], timeoutSeconds: 1, outputLimitBytes: 10 }),
  parse: ({ stdout }) => stdout,
  coverage: (said) => ({ privilege: 'none', notes: said === 'ok' ? [] : ['7 of 9 seen'] }),
  assess: (said) =>
    said === 'ok'
      ? []
      : [
          {
            code: 'toy.said',
            status: said.split(' ')[0] as Status,
            subject: 'x',
            title: said.slice(said.indexOf(' ') + 1),
            detail: '',
            data: {},
            evidence: [
              { argv: ['df', '-P'], exitCode: 0, output: 'line\u001b[2J', truncated: false },
            ],
            fixes: [],
            next: [
              { diagnostic: 'toy', params: { limit: 5 } },
              { diagnostic: 'planned', params: {} },
            ],
          },
        ],
});

const CONFIG = `ssh: { user: ops }
hosts: { host-17: { groups: [docker] }, "web-[1-4]": { groups: [web] } }
alerts: { sources: { generic: { token: own-secret-token } } }
`;

function result(stdout: string): CommandResult {
  return {
    stdout,
    stderr: '',
    exitCode: 0,
    signal: null,
    timedOut: false,
    outputTruncated: false,
    durationMs: 5,
    privilege: 'none',
  };
}

type Says = string | HousecallError | (string | HousecallError)[];

/** Hosts that answer as told; a list is one answer after the other. */
function setup(says: Readonly<Record<string, Says>>, options: { interactive?: boolean } = {}) {
  const terminal = fakeTerminal(options);
  const cancelling = new AbortController();
  let closed = 0;
  const reader: RemoteReader = {
    async read(host) {
      const said = says[host] ?? 'ok';
      const answer = Array.isArray(said) ? (said.shift() ?? 'ok') : said;
      if (answer === 'ctrl-c') cancelling.abort();
      if (answer instanceof HousecallError) throw answer;
      return result(answer);
    },
  };
  const deps: DiagDeps = {
    config: () => parse(CONFIG),
    diagnostics: [toy],
    fixes: [],
    openRemote: async () => ({
      reader,
      close: async () => {
        closed++;
      },
    }),
    clock: { now: () => new Date(0), id: () => 'n'.repeat(16) },
    terminal,
    signal: cancelling.signal,
  };
  const run = (word: string, ...rest: string[]) =>
    diag({ word, rest, json: false, evidence: false }, deps);
  const json = async (...rest: string[]) => {
    const status = await diag({ word: 'toy', rest, json: true, evidence: false }, deps);
    return { status, report: JSON.parse(terminal.output()) as RunReport };
  };
  return { terminal, run, json, deps, closed: () => closed };
}

async function failure(work: Promise<unknown>): Promise<{ code: number; text: string }> {
  const error = await work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  return { code: exitCodeOf(error, 3), text: errorText(error) };
}

describe('housecall diag', () => {
  it.each([
    ['ok', 0],
    ['warning full', 1],
    ['critical full', 2],
    ['unknown full', 3],
  ])('ends with the status of the host: %s is %i', async (says, status) => {
    expect(await setup({ 'host-17': says }).run('toy', 'host-17')).toBe(status);
  });

  it('ends with the worst of several hosts and tells equal answers once, worst first', async () => {
    const { terminal, run } = setup({ 'web-3': 'critical disk is full' });
    expect(await run('toy', '@web')).toBe(2);
    expect(terminal.output()).toMatch(/^toy on web-\[1-4\]: CRITICAL/);
    expect(terminal.output()).toMatch(
      /web-3: CRITICAL[^]*disk is full[^]*web-\[1-2,4\] \(3 hosts\): OK/,
    );
    expect(terminal.output()).toContain('next: housecall diag toy web-3 limit=5');
    expect(terminal.output()).toMatch(/^ {2}coverage: 7 of 9 seen$/m);
  });

  it('suggests no diagnostic that there is not', async () => {
    const { terminal, run } = setup({ 'host-17': 'warning full' });
    await run('toy', 'host-17');
    expect(terminal.output().match(/next: .*/g)).toEqual([
      'next: housecall diag toy host-17 limit=5',
    ]);
  });

  it('prints one JSON document of the documented shape and nothing else with --json', async () => {
    const { json, terminal } = setup({ 'host-17': 'warning full' }, { interactive: true });
    const { status, report } = await json('host-17', 'limit=7');
    expect(status).toBe(1);
    expect(report).toMatchObject({
      diagnostic: 'toy',
      params: { limit: 7 },
      startedAt: '1970-01-01T00:00:00.000Z',
      durationMs: 0,
      status: 'warning',
      hosts: [{ host: 'host-17', status: 'warning', findings: [{ code: 'toy.said' }] }],
    });
    expect(terminal.errors()).toContain('looking… 1 of 1 hosts');
  });

  it('says a host it could not reach, and still tells the others', async () => {
    const error = new HousecallError('SSH_UNREACHABLE', 'ssh web-1 (web-1:22): refused', {
      context: { stage: 'refused', host: 'web-1' },
    });
    const { report, status } = await setup({ 'web-1': error }).json('web-[1-2]');
    expect(status).toBe(3);
    expect(report.hosts.map(({ host, status: s }) => [host, s])).toEqual([
      ['web-1', 'unknown'],
      ['web-2', 'ok'],
    ]);
    expect(report.hosts[0]?.findings[0]).toMatchObject({
      code: 'host.unreachable',
      data: { stage: 'refused' },
    });
  });

  it('looks again once when the connection broke, then says unknown', async () => {
    const lost = new HousecallError('SSH_LOST', 'ssh web-1: connection lost');
    const { report } = await setup({ 'web-1': [lost, 'ok'], 'web-2': [lost, lost] }).json('@web');
    expect(report.hosts.map(({ host, status }) => `${host} ${status}`)).toEqual([
      'web-2 unknown',
      'web-1 ok',
      'web-3 ok',
      'web-4 ok',
    ]);
  });

  it('removes own secrets, and what could steer the terminal', async () => {
    const { terminal, deps } = setup({ 'host-17': 'warning \u001b[31mown-secret-token' });
    await diag({ word: 'toy', rest: ['host-17'], json: false, evidence: true }, deps);
    expect(terminal.output()).not.toContain('own-secret-token');
    expect(terminal.output()).not.toContain('\u001b');
    expect(terminal.output()).toContain('$ df -P  (exit 0)');
  });

  it('stops at Ctrl-C with 130, and closes its connections', async () => {
    const interrupted = new HousecallError('CANCELLED', 'ssh web-2: interrupted');
    const { run, closed, terminal } = setup({ 'web-1': 'ctrl-c', 'web-2': interrupted });
    expect((await failure(run('toy', '@web'))).code).toBe(130);
    expect(closed()).toBe(1);
    expect(terminal.output()).toBe('');
  });

  it.each([
    [['tyo', 'host-17'], 64, 'did you mean "toy"'],
    [['toy'], 64, 'no targets'],
    [['toy', 'hots-17'], 64, 'did you mean "host-17"'],
    [['toy', '@dcoker'], 64, 'did you mean "docker"'],
    [['toy', 'host-17', 'limit=99'], 64, 'limit="99"'],
    [['toy', 'host-17', 'limits=2'], 64, 'unknown parameter limits'],
    [['toy', 'host-17', 'limit=1', 'limit=2'], 64, 'limit is given twice'],
    [['help', 'tyo'], 64, 'did you mean "toy"'],
  ])('%j ends with %i and says why', async ([word = '', ...rest], code, text) => {
    const { run, terminal } = setup({});
    const failed = await failure(run(word, ...rest));
    expect(failed.code).toBe(code);
    expect(failed.text).toContain(text);
    expect(failed.text).not.toContain('`/diag');
    expect(terminal.output()).toBe('');
  });

  it('ends with 78 for a configuration error', async () => {
    const { deps } = setup({});
    const bad = { ...deps, config: () => parse('hosts: {}') };
    const options = { word: 'toy', rest: ['host-17'], json: true, evidence: false };
    expect((await failure(diag(options, bad))).code).toBe(78);
  });

  it('tells what there is: list, help, hosts', async () => {
    const { run, terminal } = setup({});
    expect(await run('list')).toBe(0);
    expect(await run('help', 'toy')).toBe(0);
    expect(await run('hosts', 'web')).toBe(0);
    expect(terminal.output()).toMatch(
      /housecall diag toy[^]*limit +3 +A limit\.[^]*@web +web-\[1-4\]/,
    );
  });
});
