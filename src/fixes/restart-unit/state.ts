import type { HostDirectory } from '../../core/approval/host-directory.ts';

/** What the probe saw, as JSON. */
export interface State {
  readonly bootId: string;
  /** Effective user id of the probe. */
  readonly uid: number;
  /** What `sudo -n` said when it refused. */
  readonly sudoRefused?: string;
  readonly manager: Manager;
  /** In words: why it cannot be looked at, or that there is none. */
  readonly target: Target | string;
  /** Units that stop and start with it, those that run now. */
  readonly dependents: readonly string[];
  /** Of the docker daemon, when it is what restarts or what restarts the container. */
  readonly docker: Docker | null;
  /** Where marks of fixes are kept, and where else when there is no room. */
  readonly saveDirectory: HostDirectory;
  readonly runDirectory: HostDirectory;
}

/** Who restarts it. `sysv`: a script in `/etc/init.d`. */
export type Manager = 'systemd' | 'sysv' | 'docker' | 'none';

export interface Target {
  /** Its own name: systemd's `Id`, the script, the container's full id. */
  readonly id: string;
  /** What people call it. Untrusted. */
  readonly name: string;
  /** `active` (running) for all kinds; else systemd's, docker's or LSB's word. */
  readonly state: string;
  /** Main process; null: none, or none to be seen. */
  readonly main: { readonly pid: string; readonly startTime: string } | null;
  /** Changes with every start, where there is such a thing: systemd's InvocationID, docker's StartedAt. */
  readonly start: string;
  /** Why it must not be restarted by hand now, in words. */
  readonly obstacle?: string;
  /** Worth knowing before, in words. */
  readonly notes: readonly string[];
}

export interface Docker {
  /** Null: the daemon did not say. */
  readonly liveRestore: boolean | null;
  /** Data root. */
  readonly root: string;
  /** Null: the data root could not be looked at. */
  readonly room: Room | null;
  /** Null: the daemon did not say which run. */
  readonly running: readonly Container[] | null;
  /** Data of the container's image that is missing or cannot be found by the driver. */
  readonly missingLayers: readonly string[];
}

export interface Container {
  readonly id: string;
  readonly name: string;
  /** Comes back when the daemon is restarted. */
  readonly comesBack: boolean;
  /** Lives in a namespace of the container that is restarted. */
  readonly shares: boolean;
}

export interface Room {
  /** Free for root, reserve included. */
  readonly freeBytes: number;
  /** Null: the file system does not count them. */
  readonly freeInodes: number | null;
  readonly readOnly: boolean;
}
