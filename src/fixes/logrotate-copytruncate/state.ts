import type { HostDirectory } from '../../core/approval/host-directory.ts';

/** What the probe saw, as JSON. */
export interface State {
  readonly bootId: string;
  /** Effective user id of the probe. */
  readonly uid: number;
  /** What `sudo -n` said when it refused. */
  readonly sudoRefused?: string;
  readonly place:
    | { readonly kind: 'here' | 'missing' | 'denied' }
    | { readonly kind: 'link'; readonly what: string };
  /** Why its directory could be changed by somebody else; null: it could not. */
  readonly unsafe: string | null;
  readonly file: ConfigFile | null;
  /** Whether this user may write it and its directory. */
  readonly writable: boolean;
  /** What `/etc/logrotate.conf` includes. */
  readonly includes: readonly string[];
  readonly package: { readonly manager: string; readonly name: string } | null;
  readonly logrotate: Logrotate | null;
  readonly saveDirectory: HostDirectory;
  /** Where mark and copy go when `saveDirectory` has no room. */
  readonly runDirectory: HostDirectory;
}

export interface ConfigFile {
  /** Device, inode, links, mode, owner and group as stat(1) prints them. */
  readonly facts: string;
  readonly inode: string;
  readonly links: number;
  readonly regular: boolean;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  /** Null: it may not be read. */
  readonly sha256: string | null;
  /** Null: no UTF-8, or longer than 64 KiB; or it may not be read. */
  readonly text: string | null;
}

/** Errors that `logrotate -d` tells; null: not asked, or it did not end. */
export interface Logrotate {
  readonly errors: number | null;
  readonly ownErrors: number | null;
}
