import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { DOCKER_SOCKET } from './docker.ts';
import type { LabHost } from './host.ts';

const SCRIPT = '/etc/init.d/docker';

const OPTIONS =
  '--storage-driver=overlay2 --bridge=none --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false --group=docker --shutdown-timeout=3';

/** A daemon that `service docker start|stop` keeps, so that a fix can stop and start it. It ends with the host. */
export interface DockerService {
  docker(...args: string[]): string;
  /** The same with standard input. */
  feed(input: Buffer, ...args: string[]): string;
  /** `service docker start`; returns when the daemon answers. */
  start(): void;
  /**
   * The host loses power: nobody is told, what is in memory is gone, everything on disk stays as it is.
   * `meanwhile` is what else is lost, as a bash script.
   */
  powerCut(meanwhile: string): void;
}

/** Debian's own init script with everything at its usual place; all of it is the host's. */
export function startDockerService(host: LabHost): DockerService {
  host.run(`mkdir -p ${SCRIPT.slice(0, SCRIPT.lastIndexOf('/'))} /etc/default`);
  // Not every machine allows to raise limits.
  const script = readFileSync(SCRIPT, 'utf8').replaceAll('ulimit -', ': ulimit -');
  writeFileSync(host.path(SCRIPT), script, { mode: 0o755 });
  // It would mount cgroups unless fstab says that somebody else does.
  host.run(`echo 'cgroup /sys/fs/cgroup cgroup defaults 0 0' >>/etc/fstab
    echo "DOCKER_OPTS='${OPTIONS}'" >/etc/default/docker`);
  const feed = (input: Buffer, ...args: string[]): string => {
    const [program = '', ...words] = [...host.enter, 'docker', ...args];
    const done = spawnSync(program, words, { input, encoding: 'utf8', cwd: '/', timeout: 60_000 });
    if (done.status === 0) return done.stdout.trim();
    throw new Error(`docker ${args.join(' ')}: ${done.stderr.trim() || String(done.error)}`);
  };
  const service: DockerService = {
    docker: (...args) => feed(Buffer.alloc(0), ...args),
    feed,
    start: () => void host.run(START_DOCKER),
    powerCut: (meanwhile) => void host.run(`${POWER_CUT}\n${meanwhile}`),
  };
  service.start();
  return service;
}

/** Bash: starts the service; goes on when the daemon answers. */
export const START_DOCKER = `
  service docker start >/run/said 2>&1 </dev/null || { tail -n 5 /run/said >&2; exit 1; }
  for n in $(seq 300); do
    ! docker version >/dev/null 2>&1 || break
    [ $n -lt 300 ] || { tail -n 5 /var/log/docker.log >&2; exit 1; }
    sleep 0.1
  done`;

const POWER_CUT = `
  doomed=$(docker ps -q | xargs -r docker inspect -f '{{.State.Pid}}')
  for process in /proc/[0-9]*; do
    case $(cat $process/comm 2>/dev/null) in dockerd | containerd*) doomed="$doomed \${process#/proc/}" ;; esac
  done
  for pid in $doomed; do kill -KILL $pid; done
  for pid in $doomed; do
    for n in $(seq 100); do case $(cut -d' ' -f3 /proc/$pid/stat 2>/dev/null || echo gone) in Z | gone) break ;; esac; sleep 0.05; done
  done
  awk '$5 ~ "^/(run|var/lib)/docker/" { print $5 }' /proc/self/mountinfo | sort -r | xargs -r -n 1 umount -l
  rm -rf /run/docker /run/docker.pid /run/docker-ssd.pid /run/containerd ${DOCKER_SOCKET}`;
