import { fileURLToPath } from 'node:url';
import type { CommandResult } from '../../src/core/command.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import type { Fix, Verdict } from '../../src/fixes/contract.ts';
import { type Box, createBox, type ProbeOptions } from './box.ts';
import { type Dockerd, prepareDockerd } from './dockerd.ts';

const SYSTEMCTL = fileURLToPath(new URL('./systemctl-stand-in.sh', import.meta.url));

/** Where data of docker is, in the box: an ext4 of its own. */
export const DATA_ROOT = '/srv/d';
/** `fixes.saveDirectory`, in the box. */
export const SAVE = '/srv/save';

/** A box with its own /run, /etc, /srv and /var/log: services there meet nobody else's. */
export async function createServiceBox(): Promise<Box> {
  const box = await createBox();
  try {
    box.run(`
      mount -t tmpfs tmpfs /srv; chmod 755 /srv
      mount -t tmpfs tmpfs /var/log
      cp -a /etc ${box.directory}/etc && mount --bind ${box.directory}/etc /etc
      mount -t tmpfs -o mode=755 tmpfs /run`);
    return box;
  } catch (error) {
    box.close();
    throw error;
  }
}

/** Another systemctl, and what says that systemd runs. */
export function standInForSystemd(box: Box): void {
  box.run(`
    cp ${SYSTEMCTL} /run/systemctl; chmod 755 /run/systemctl
    mount --bind /run/systemctl /usr/bin/systemctl
    mkdir -p /run/systemd/system /run/units`);
}

export function addUnit(box: Box, name: string, command: string, properties = ''): void {
  box.run(`mkdir -p '/run/units/${name}'; cd '/run/units/${name}'
    cat >command <<'end'
${command}
end
    cat >properties <<'end'
${properties}
end`);
}

export interface ServiceDockerd {
  readonly dockerd: Dockerd;
  /** `service docker start|stop` of Debian's own script. */
  service(verb: string): string;
  close(): void;
}

/** Debian's own /etc/init.d/docker with a real daemon whose data is on an ext4 at DATA_ROOT. */
export async function dockerAsService(
  box: Box,
  options: { driver?: 'overlay2' | 'vfs'; megabytes?: number; args?: readonly string[] } = {},
): Promise<ServiceDockerd> {
  const image = `${box.directory}/docker.img`;
  box.run(`truncate -s ${options.megabytes ?? 256}M ${image}; mkfs.ext4 -q ${image}
    mkdir -p ${DATA_ROOT}; mount -o loop ${image} ${DATA_ROOT}; chmod 711 ${DATA_ROOT}`);
  const dockerd = prepareDockerd({
    enter: box.enter,
    dataRoot: DATA_ROOT,
    driver: options.driver ?? 'overlay2',
    socket: '/var/run/docker.sock',
    args: ['--shutdown-timeout', '3', ...(options.args ?? [])],
  });
  // The script would mount cgroups, for all of the machine, unless fstab says that somebody else does;
  // and it raises limits, which not every machine allows.
  box.run(`sed -i 's/ulimit -/: ulimit -/' /etc/init.d/docker
    echo 'cgroup /sys/fs/cgroup cgroup defaults 0 0' >>/etc/fstab
    echo "DOCKER_OPTS='${withoutPidFile(dockerd.argv.slice(1)).join(' ')}'" >/etc/default/docker`);
  const service = (verb: string): string =>
    box.run(
      `service docker ${verb} >/run/said 2>&1 || { tail -n 5 /run/said >&2; false; }; cat /run/said`,
    );
  const close = (): void => dockerd.stop();
  try {
    service('start');
    await answers(dockerd);
    return { dockerd, service, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The script has one of its own. */
function withoutPidFile(args: readonly string[]): readonly string[] {
  const kept = args.filter((arg) => !arg.startsWith('--pidfile='));
  if (kept.length !== args.length - 1)
    throw new Error(`one --pidfile= expected: ${args.join(' ')}`);
  return kept;
}

export async function answers(dockerd: Dockerd): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    try {
      dockerd.docker('version');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('docker does not answer');
}

export interface FixLook {
  readonly result: CommandResult;
  readonly state: unknown;
  readonly plan: Plan | string;
  readonly words: string;
  verify(before: FixLook): Verdict;
}

let count = 0;

/** A fix in a box, under one id: looks and steps as the worker runs them. */
export class FixInBox {
  readonly id = `fix${String(++count).padStart(13, '0')}`;
  readonly #box: Box;
  readonly #fix: Fix;
  readonly #params: Readonly<Record<string, unknown>>;
  readonly #options: ProbeOptions;

  constructor(
    box: Box,
    of: { fix: Fix; params: Readonly<Record<string, unknown>>; options?: ProbeOptions },
  ) {
    this.#box = box;
    this.#fix = of.fix;
    this.#params = of.params;
    this.#options = of.options ?? {};
  }

  look(options = this.#options): FixLook {
    const context = { fix: this.id, host: 'host-17', saveDirectory: SAVE, nonce: 'f1x7u2e0' };
    const bound = this.#fix.bind(this.#params, context);
    const result = this.#box.probe(bound.probe, options);
    const state = JSON.parse(JSON.stringify(bound.parse(result))) as unknown;
    return {
      result,
      state,
      plan: bound.plan(state),
      words: bound.describe(state),
      verify: (before) => bound.verify(before.state, state),
    };
  }

  /** The plan; throws with the reason when there is none. */
  plan(): Plan {
    const { plan } = this.look();
    if (typeof plan === 'string') throw new Error(plan);
    return plan;
  }

  /** Runs one step, with other arguments where a test says so (counted from the start of argv). */
  step(step: Step, forged: Readonly<Record<number, string>> = {}): CommandResult {
    const [program, ...args] = step.argv.map((part, at) => forged[at] ?? part);
    return this.#box.probe(
      {
        argv: [program ?? 'sh', ...args],
        stdin: step.stdin ?? '',
        timeoutSeconds: step.timeoutSeconds,
        outputLimitBytes: 1024 * 1024,
      },
      this.#options,
    );
  }

  /** Runs all steps, also after one that failed: exit statuses, and what they said. */
  run(steps: readonly Step[]): { codes: (number | null)[]; said: string } {
    const results = steps.map((step) => this.step(step));
    return {
      codes: results.map(({ exitCode }) => exitCode),
      said: results.map(({ stdout, stderr }) => stdout + stderr).join(''),
    };
  }
}

export function stepOf(plan: Plan, id: string): Step {
  const step = plan.steps.find((one) => one.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step;
}
