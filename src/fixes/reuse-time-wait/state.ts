import type { HostDirectory } from '../../core/approval/host-directory.ts';

/** What the probe saw, as JSON. Names hold plain letters only. */
export interface State {
  readonly bootId: string;
  /** Effective user id of the probe. */
  readonly uid: number;
  /** What `sudo -n` said when it refused. */
  readonly sudoRefused?: string;
  /** What enters a network namespace: `nsenter`, `busybox nsenter`, or `none`. */
  readonly enter: string;
  /** Or in words why there is none. */
  readonly target: Target | string;
  readonly saveDirectory: HostDirectory;
  /** Where marks go when `saveDirectory` is full. */
  readonly runDirectory: HostDirectory;
}

/** The network namespace, and the process that stands for it. */
export interface Target {
  readonly pid: number;
  /** Field 22 of `/proc/PID/stat`, clock ticks since boot (proc(5)). */
  readonly startTime: string;
  readonly process: string;
  /** Inode of `/proc/PID/net/tcp`: the same for all processes of a namespace, and only for them. */
  readonly namespace: string;
  /** It is the host's: of process 1, or of the probe. */
  readonly host: boolean;
  /** It is the one of the probe: it need not be entered. */
  readonly own: boolean;
  /** Id of the container that the process is in. */
  readonly container: string | null;
  /** Containers that share the namespace with it, as a pod's do. */
  readonly shared: number;
  /** Null: they could not be read. */
  readonly settings: Settings | null;
  /** Sockets in TIME_WAIT, and how often one was used again since the namespace began; null: not readable. */
  readonly timeWait: number | null;
  readonly recycled: number | null;
}

export interface Settings {
  /** net.ipv4.tcp_tw_reuse; null: this kernel does not have it for namespaces. */
  readonly reuse: string | null;
  readonly timestamps: string | null;
  readonly writable: boolean;
}
