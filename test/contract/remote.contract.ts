import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Argv, Probe } from '../../src/core/command.ts';
import { HousecallError } from '../../src/core/errors.ts';
import type { Step } from '../../src/core/plan.ts';
import type { RemoteReader, RemoteWriter } from '../../src/ports/remote.ts';

/** What the suite needs: one host that answers, one that does not, one whose connection breaks. */
export interface RemoteSetup {
  readonly remote: RemoteReader & RemoteWriter;
  readonly host: string;
  readonly unreachableHost: string;
  readonly unreachableStage: string;
  /** Breaks the connection of `host` while `HANGS` runs on it. */
  breakConnection(): Promise<void>;
  close(): Promise<void>;
}

/** Commands that a real host understands; a fake is scripted to answer them alike. */
export const COMMANDS = {
  SPEAKS: ['sh', '-c', 'echo out; echo err >&2'],
  FAILS: ['sh', '-c', 'echo before; exit 3'],
  ECHOES: ['cat'],
  DIES: ['sh', '-c', 'kill -9 $$'],
  HANGS: ['sleep', '60'],
  CHATTERS: ['sh', '-c', 'i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i+1)); done'],
} as const satisfies Record<string, Argv>;

/** The promises of `ports/remote.ts`. */
export function remoteContract(name: string, setUp: () => Promise<RemoteSetup>): void {
  describe(`remote (${name})`, () => {
    let setup: RemoteSetup;
    beforeAll(async () => {
      setup = await setUp();
    });
    afterAll(() => setup.close());

    const probe = (argv: Argv, more: Partial<Probe> = {}): Probe => ({
      argv,
      timeoutSeconds: 20,
      outputLimitBytes: 65_536,
      ...more,
    });
    const step = (argv: Argv): Step => ({
      id: 'one',
      argv,
      equivalent: '',
      why: '',
      undo: null,
      timeoutSeconds: 20,
    });
    const failure = async (promise: Promise<unknown>): Promise<HousecallError> => {
      const error: unknown = await promise.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(HousecallError);
      return error as HousecallError;
    };

    it('keeps output, errors and exit status apart', async () => {
      const result = await setup.remote.read(setup.host, probe(COMMANDS.SPEAKS));
      expect(result).toMatchObject({
        stdout: 'out\n',
        stderr: 'err\n',
        exitCode: 0,
        signal: null,
        timedOut: false,
        outputTruncated: false,
      });
    });

    it('reports a non-zero exit as a result', async () => {
      const result = await setup.remote.read(setup.host, probe(COMMANDS.FAILS));
      expect(result).toMatchObject({ stdout: 'before\n', exitCode: 3, signal: null });
    });

    it('reports a command killed by a signal without an exit status', async () => {
      const result = await setup.remote.read(setup.host, probe(COMMANDS.DIES));
      expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
    });

    it('feeds standard input', async () => {
      const stdin = 'a line\nand one without its end';
      const result = await setup.remote.read(setup.host, probe(COMMANDS.ECHOES, { stdin }));
      expect(result.stdout).toBe(stdin);
    });

    it('says when the time limit ended a command', async () => {
      const result = await setup.remote.read(
        setup.host,
        probe(COMMANDS.HANGS, { timeoutSeconds: 1 }),
      );
      expect(result).toMatchObject({ timedOut: true, exitCode: null });
    });

    it('keeps head and tail of too much output', async () => {
      const outputLimitBytes = 1000;
      const result = await setup.remote.read(
        setup.host,
        probe(COMMANDS.CHATTERS, { outputLimitBytes }),
      );
      expect(result.outputTruncated).toBe(true);
      expect(result.stdout).toMatch(/^line 0\n/);
      expect(result.stdout).toMatch(/line 1999\n$/);
      expect(result.stdout).toMatch(/\[… \d+ bytes dropped …\]/);
      expect(result.stdout.length).toBeLessThan(outputLimitBytes + 60);
    });

    it('changes a host with the same answers', async () => {
      const result = await setup.remote.change(setup.host, step(COMMANDS.FAILS));
      expect(result).toMatchObject({ stdout: 'before\n', exitCode: 3 });
    });

    it('refuses a host that is not in the inventory', async () => {
      const error = await failure(setup.remote.read('nobody-knows', probe(COMMANDS.SPEAKS)));
      expect(error.code).toBe('TARGET_UNKNOWN');
    });

    it('names the stage at which a host could not be reached', async () => {
      const error = await failure(setup.remote.read(setup.unreachableHost, probe(COMMANDS.SPEAKS)));
      expect(error.code).toBe('SSH_UNREACHABLE');
      expect(error.context).toMatchObject({
        host: setup.unreachableHost,
        stage: setup.unreachableStage,
        detail: expect.any(String),
      });
      expect(error.message).toContain(setup.unreachableHost);
    });

    it('starts nothing when the signal has fired already', async () => {
      const signal = AbortSignal.abort();
      const error = await failure(
        setup.remote.read(setup.host, probe(COMMANDS.SPEAKS), { signal }),
      );
      expect(error.code).toBe('CANCELLED');
    });

    it('ends a running command when the signal fires', async () => {
      const signal = AbortSignal.timeout(200);
      const error = await failure(setup.remote.read(setup.host, probe(COMMANDS.HANGS), { signal }));
      expect(error.code).toBe('CANCELLED');
    });

    it('does not know the outcome when the connection breaks', async () => {
      const running = failure(setup.remote.read(setup.host, probe(COMMANDS.HANGS)));
      await setup.breakConnection();
      expect((await running).code).toBe('SSH_LOST');
    });
  });
}
