import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

/** Debian's; others may lie before it in PATH. */
const DOCKERD = '/usr/sbin/dockerd';
const CLIENT = '/usr/bin/docker';

export interface DockerdOptions {
  /** What runs a command in the place of the daemon as root, e.g. `box.enter`; empty: here. */
  readonly enter: readonly string[];
  /** Where images and containers are kept, in that place; for overlay2 an ext4, say of a loop device. */
  readonly dataRoot: string;
  /** Default overlay2. */
  readonly driver?: 'overlay2' | 'vfs';
  /** Where its standard output goes (appended). Default: in a folder of its own. */
  readonly logFile?: string;
  /** What its own daemon.json says. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Another daemon.json, as it is (and then it may write /etc/docker/key.json). */
  readonly configFile?: string;
  /** Default: in a folder of its own. */
  readonly socket?: string;
  /** `bridge`: own network namespace with a docker0, which containers share. Default: they have none. */
  readonly network?: 'none' | 'bridge';
  /** More arguments of dockerd. */
  readonly args?: readonly string[];
}

/** A real daemon, without systemd. Its processes and mounts are gone after `stop`, and with its box. */
export interface Dockerd {
  readonly socket: string;
  readonly logFile: string;
  /** `--data-root=…`, `--exec-root=…`, `--pidfile=…`: as it is started. */
  readonly argv: readonly string[];
  /** Its process id in its place; null: not running (also a zombie). */
  pid(): number | null;
  /** Returns when it answers. Throws with its last words when it ends instead. */
  start(): Promise<void>;
  /** Signals the daemon alone; for signals that end it returns when it has ended. */
  kill(signal?: 'TERM' | 'KILL' | 'STOP' | 'CONT' | 'HUP' | 'USR1'): Promise<void>;
  restart(): Promise<void>;
  /** Ends the daemon, its containerd, shims and containers and takes away mounts and cgroups. Never throws. */
  stop(): void;
  /** Debian's client against its socket; throws when that fails or takes over 30 s. Trimmed. */
  docker(...args: string[]): string;
  /** The same with standard input. */
  feed(input: Buffer, ...args: string[]): string;
  /** All that it has said so far. */
  log(): string;
}

/** Why no docker daemon can run here, printed; null: it can. */
export function dockerProblem(): string | null {
  const problem = whyNoDockerd();
  if (problem !== null) console.warn(`dockerd: skipped, ${problem}`);
  return problem;
}

function whyNoDockerd(): string | null {
  if (process.getuid?.() !== 0) return 'needs root';
  for (const program of [DOCKERD, CLIENT, '/usr/bin/containerd', '/usr/sbin/runc']) {
    if (!existsSync(program)) return `${program} is missing (docker.io of Debian is needed)`;
  }
  const mounts = readFileSync('/proc/mounts', 'utf8');
  if (!/^\S+ \S+ (cgroup2|cgroup \S*memory\S*) /m.test(mounts)) return 'no cgroups are mounted';
  const known = readFileSync('/proc/filesystems', 'utf8');
  return known.includes('overlay') ? null : 'the kernel has no overlay file system';
}

/** Starts one and returns when it answers. */
export async function startDockerd(options: DockerdOptions): Promise<Dockerd> {
  const dockerd = prepareDockerd(options);
  try {
    await dockerd.start();
    return dockerd;
  } catch (error) {
    dockerd.stop();
    throw error;
  }
}

/** All but the start: for a daemon that is meant to die. */
export function prepareDockerd(options: DockerdOptions): Dockerd {
  const inside = (script: string, ...args: string[]): string =>
    run([...options.enter, 'bash', '-euo', 'pipefail', '-c', script, 'bash', ...args]);
  const own = inside('mktemp -d /tmp/housecall-docker-XXXXXX');
  // Else it writes /etc/docker/key.json.
  const config = { 'deprecated-key-path': `${own}/key.json`, ...options.config };
  inside('printf %s "$2" >"$1/daemon.json"', own, JSON.stringify(config));
  const name = own.slice(own.lastIndexOf('/') + 1);
  const socket = options.socket ?? `${own}/docker.sock`;
  const logFile = options.logFile ?? `${own}/log`;
  const argv = dockerdArguments(options, { own, name, socket });
  const client = [...options.enter, 'env', `DOCKER_HOST=unix://${socket}`, `DOCKER_CONFIG=${own}`];
  let started: number | null = null;
  let parent: ChildProcess | undefined;

  const pid = (): number | null => {
    if (started === null) return null;
    const state = inside('cut -d" " -f3 /proc/"$1"/stat 2>/dev/null || echo gone', `${started}`);
    return state === 'gone' || state === 'Z' ? null : started;
  };
  const feed = (input: Buffer, ...args: string[]): string =>
    run([...client, CLIENT, ...args], input);
  const log = (): string => inside('cat "$1" 2>/dev/null || true', logFile);
  const start = async (): Promise<void> => {
    if (pid() !== null) throw new Error(`dockerd ${started} is still there`);
    parent = launch([...options.enter], argv, logFile);
    started = await firstLine(parent);
    for (const until = Date.now() + 30_000; Date.now() < until; await pause(50)) {
      if (pid() === null) throw new Error(`dockerd ended:\n${lastWords(log())}`);
      try {
        run([...client, 'timeout', '2', CLIENT, 'version', '-f', '{{.Server.Version}}']);
        return;
      } catch {
        // It does not answer yet.
      }
    }
    throw new Error(`dockerd does not answer:\n${lastWords(log())}`);
  };
  const kill: Dockerd['kill'] = async (signal = 'TERM') => {
    const target = pid();
    if (target === null) return;
    inside('kill "-$1" "$2"', signal, `${target}`);
    // nsenter stops with what it waits for, and then reaps nobody.
    if (signal !== 'STOP') parent?.kill('SIGCONT');
    if (signal !== 'TERM' && signal !== 'KILL') return;
    for (let tries = 0; pid() !== null; tries += 1) {
      if (tries === 400) throw new Error(`dockerd ${target} survives SIG${signal}`);
      await pause(50);
    }
  };
  return {
    socket,
    logFile,
    argv,
    pid,
    start,
    kill,
    async restart() {
      await kill('TERM');
      await start();
    },
    stop() {
      parent?.kill('SIGCONT');
      try {
        inside(SWEEP, own, options.dataRoot, `${started ?? ''}`);
      } catch {
        // Its place is gone, and with it all but files.
        rmSync(own, { recursive: true, force: true });
      }
      sweepCgroups(name);
    },
    docker: (...args) => feed(Buffer.alloc(0), ...args),
    feed,
    log,
  };
}

/**
 * A small image of busybox and its libraries, as one layer; returns its id (`sha256:…`).
 * `extra`: files by path, so that images differ. Run it with `--stop-signal KILL`: a shell that is
 * process 1 ignores SIGTERM, and a daemon that is stopped or restarted waits 10 s for it.
 */
export function busyboxImage(
  dockerd: Pick<Dockerd, 'feed'>,
  tag = 'busybox:lab',
  extra: Readonly<Record<string, string>> = {},
): string {
  const archive = execFileSync(
    'bash',
    ['-euo', 'pipefail', '-c', ROOT_FILE_SYSTEM, 'bash', ...Object.entries(extra).flat()],
    {
      maxBuffer: 64 * 1024 * 1024,
      // With a socket as standard input bash takes itself for a remote shell and reads bashrc.
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const changes = ['-c', 'CMD ["/bin/sh"]', '-c', 'ENV PATH=/bin'];
  return dockerd.feed(archive, 'import', ...changes, '-', tag);
}

const ROOT_FILE_SYSTEM = `
  d=$(mktemp -d /tmp/housecall-rootfs-XXXXXX); trap 'rm -rf "$d"' EXIT
  mkdir -p $d/bin $d/etc $d/tmp $d/proc $d/sys $d/dev $d/root
  cp /bin/busybox $d/bin/
  for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$d/bin/$applet"; done
  ldd /bin/busybox | grep -o '/[^ ]*' | while read -r lib; do mkdir -p "$d\${lib%/*}"; cp -L "$lib" "$d$lib"; done || true
  printf 'root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534::/:/bin/false\\n' >$d/etc/passwd
  printf 'root:x:0:\\nnogroup:x:65534:\\n' >$d/etc/group
  while [ $# -gt 0 ]; do mkdir -p "$(dirname "$d/$1")"; printf %s "$2" >"$d/$1"; shift 2; done
  tar -C $d --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -c .`;

function dockerdArguments(
  options: DockerdOptions,
  { own, name, socket }: { own: string; name: string; socket: string },
): readonly string[] {
  const bridge = options.network === 'bridge';
  return [
    // Nothing of the machine's own network is touched.
    ...(bridge ? ['unshare', '--net', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh'] : []),
    ...`${DOCKERD} --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false`.split(
      ' ',
    ),
    `--data-root=${options.dataRoot}`,
    `--exec-root=${own}/exec`,
    `--pidfile=${own}/docker.pid`,
    `--host=unix://${socket}`,
    `--config-file=${options.configFile ?? `${own}/daemon.json`}`,
    `--storage-driver=${options.driver ?? 'overlay2'}`,
    `--cgroup-parent=/${name}`,
    ...(bridge ? [] : ['--bridge=none']),
    ...(options.args ?? []),
  ];
}

/** Under nsenter, which waits for it: a daemon that ends is no zombie. Prints its process id. */
function launch(enter: string[], argv: readonly string[], logFile: string): ChildProcess {
  const script = 'log=$1; shift; echo $$; exec setsid "$@" >>"$log" 2>&1 </dev/null';
  const [program = '', ...args] = [...enter, 'bash', '-c', script, 'bash', logFile, ...argv];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
  child.unref();
  return child;
}

function firstLine(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    child.once('exit', (code) => reject(new Error(`dockerd was not started: ${code}`)));
  });
}

// Only what names the daemon's own folder: containerd and shims do, containers are children of shims.
const SWEEP = `
  own=$1 root=$2 pid=$3
  ends() { for n in $(seq 100); do s=$(cut -d' ' -f3 /proc/$1/stat 2>/dev/null) || return 0; [ "$s" = Z ] && return 0; sleep 0.05; done; return 1; }
  [ -n "$pid" ] && grep -qsF "$own" /proc/$pid/cmdline && { kill -KILL $pid; ends $pid; } || true
  for cgroup in $(find /sys/fs/cgroup -path "*/\${own##*/}/*" -name cgroup.procs 2>/dev/null); do
    for p in $(cat $cgroup 2>/dev/null); do kill -KILL $p 2>/dev/null || true; done
  done
  for cmdline in /proc/[0-9]*/cmdline; do
    p=\${cmdline#/proc/}; p=\${p%/*}
    [ $p = $$ ] || ! grep -qsF "$own" $cmdline || kill -KILL $p 2>/dev/null || true
  done
  awk -v a="$own/" -v b="$root/" 'index($5, a) == 1 || index($5, b) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
    while read -r mount; do umount -l "$mount" 2>/dev/null || true; done
  rm -rf "$own"`;

/** A cgroup is busy until the last of its processes is reaped. */
function sweepCgroups(name: string): void {
  const script = `
    for n in $(seq 40); do
      find /sys/fs/cgroup -depth -type d -path "*/$1*" -exec rmdir {} ';' 2>/dev/null
      [ -n "$(find /sys/fs/cgroup -maxdepth 2 -name "$1")" ] || exit 0
      sleep 0.05
    done`;
  try {
    execFileSync('sh', ['-c', script, 'sh', name], { stdio: 'ignore' });
  } catch {
    // A group that a process is still leaving goes with the machine's next restart.
  }
}

function run(argv: readonly string[], input?: Buffer): string {
  const [program = '', ...args] = argv;
  const done = spawnSync(program, args, {
    encoding: 'utf8',
    cwd: '/',
    timeout: 30_000,
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
  if (done.status === 0) return done.stdout.trim();
  const words = done.stderr?.trim() || done.error?.message;
  throw new Error(`${args.slice(-4).join(' ')}: exit status ${done.status}, ${words}`);
}

function lastWords(log: string): string {
  return log.trim().split('\n').slice(-3).join('\n');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
