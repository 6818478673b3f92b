import { HousecallError } from '../errors.ts';
import type { Figures } from '../plan.ts';
import type { Section } from '../sections.ts';

/** A directory for copies and marks, as a host shows it. Numbers of bytes unless said otherwise. */
export type HostDirectory =
  | { readonly kind: 'unsafe'; readonly reason: string }
  | {
      readonly kind: 'ready' | 'creatable';
      /** Physical path. */
      readonly path: string;
      /** major:minor */
      readonly device: string;
      readonly fileSystem: FileSystem;
      readonly availableBytes: number;
    };

export interface FileSystem {
  /** Magic number, hexadecimal (statfs(2)). */
  readonly type: string;
  readonly blockSize: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly inodes: number;
}

/** Holds the mark when the directory for copies is on the full file system. */
export const RUN_DIRECTORY = '/run/housecall';

/**
 * The function `directory DIR`, to be run after `CLAIM_SCRIPT`: says whether marks may be kept there,
 * which is what `enter` will ask of it, and how full its file system is. Read-only.
 */
export const DIRECTORY_SCRIPT =
  String.raw`# A directory for copies and marks: ready, creatable, or why not; then its file system.
directory() {
  parent=\${1%/*}; name=\${1##*/}; parent=\${parent:-/}
  case $1 in /*[!/]) ;; *) echo "unsafe not an absolute path"; return ;; esac
  up=$(cd -P "$parent" 2>/dev/null && pwd -P) || { echo "unsafe $parent does not exist or cannot be entered"; return; }
  why=$(unsafe_path "$up"); real=\${up%/}/$name
  if [ -n "$why" ]; then echo "unsafe $why"
  elif [ -L "$real" ]; then echo "unsafe it is a symbolic link"
  elif [ -d "$real" ]; then
    set -- $(stat -c '%u %a' "$real")
    if [ "$1" != "$(id -u)" ]; then echo "unsafe it belongs to uid $1, not $(id -u)"
    elif [ "$2" != 700 ]; then echo "unsafe its mode is $2, not 700"
    else echo "ready $real"; up=$real; fi
  elif [ -e "$real" ]; then echo "unsafe it is no directory"
  elif [ -w "$up" ]; then echo "creatable $real"
  else echo "unsafe it does not exist and cannot be made by uid $(id -u)"; fi
  stat -c '%d' "$up" && stat -f -c '%t %S %b %f %c %a' "$up"
}
`.replaceAll('\\$', '$');

/** The function `mounted PATH`: the type of its file system, and `ro` or `rw`. Read-only. */
export const MOUNTED_SCRIPT = String.raw`# Type of the file system below PATH, and ro or rw, from the table alone: whoever touches a network file system hangs
# when its server is gone.
mounted() {
  P=$1 awk '
    function enc(s,  i, c, o) {
      for (i = 1; i <= length(s); i++) { c = substr(s, i, 1)
        o = o (c == " " ? "\\040" : c == "\t" ? "\\011" : c == "\n" ? "\\012" : c == "\\" ? "\\134" : c) }
      return o
    }
    BEGIN { p = enc(ENVIRON["P"]) }
    p == $5 || $5 == "/" || index(p, $5 "/") == 1 {
      if (length($5) < length(best)) next
      for (s = 7; s <= NF && $s != "-"; s++);
      best = $5; type = $(s + 1); ro = ("," $6 "," $(s + 3) ",") ~ /,ro,/
    }
    END { print type, ro ? "ro" : "rw" }' /proc/self/mountinfo
}
`;

/** The body of a section that `directory` printed. @throws HousecallError OUTPUT_UNREADABLE */
export function parseDirectory(section: Section): HostDirectory {
  const [first = '', device = '', facts = ''] = section.body.trimEnd().split('\n');
  const [kind, ...rest] = first.split(' ');
  const text = rest.join(' ');
  if (kind === 'unsafe') return { kind, reason: text };
  if (kind !== 'ready' && kind !== 'creatable') throw unreadable(section.name, first);
  const parts = facts.trim().split(' ');
  const [available] = parts.splice(5);
  const fileSystem = parseFileSystem(section.name, parts);
  return {
    kind,
    path: text,
    device: majorMinor(device.trim()),
    fileSystem,
    availableBytes: integer(section.name, available) * fileSystem.blockSize,
  };
}

/** The words of `stat -f -c '%t %S %b %f %c'`. @throws HousecallError OUTPUT_UNREADABLE */
export function parseFileSystem(section: string, words: readonly string[]): FileSystem {
  const [type = '', ...numbers] = words;
  if (numbers.length !== 4) throw unreadable(section, words.join(' '));
  const [blockSize, blocks, freeBlocks, inodes] = numbers.map((text) => integer(section, text));
  return {
    type,
    blockSize: blockSize ?? 0,
    blocks: blocks ?? 0,
    freeBlocks: freeBlocks ?? 0,
    inodes: inodes ?? 0,
  };
}

/** st_dev as glibc packs it (makedev(3)). @throws HousecallError OUTPUT_UNREADABLE */
export function majorMinor(dev: string): string {
  integer('device', dev);
  const number = BigInt(dev);
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & ~0xfffn);
  const minor = (number & 0xffn) | ((number >> 12n) & ~0xffn);
  return `${major}:${BigInt.asUintN(32, minor)}`;
}

/** How full it is, as df counts. */
export function usage(system: FileSystem): Figures {
  const { blockSize, blocks, freeBlocks } = system;
  return { fileSystemBytes: blocks * blockSize, usedBytes: (blocks - freeBlocks) * blockSize };
}

/** tmpfs, ramfs, hugetlbfs: statfs(2). */
const MEMORY = new Set(['1021994', '858458f6', '958458f6']);

export function inMemory(system: FileSystem): boolean {
  return MEMORY.has(system.type);
}

/** Something with a place on a disk. */
interface Placed {
  readonly device: string;
  readonly fileSystem: FileSystem;
}

/**
 * By device; and by size and free blocks, because an overlay, a btrfs subvolume or a data set of a
 * pool has a device of its own on the same disk. Two different disks that are equal in all of it
 * are taken for one: nothing is lost by that but the copy, and it is said.
 */
export function sameFileSystem(one: Placed, other: Placed): boolean {
  const [a, b] = [one.fileSystem, other.fileSystem];
  if (one.device === other.device) return true;
  if (a.blockSize !== b.blockSize || a.blocks !== b.blocks || a.blocks === 0) return false;
  return Math.abs(a.freeBlocks - b.freeBlocks) <= Math.max(1024, a.blocks / 1000);
}

/** A name for a file on the host and for a person to type: only letters, digits, `.`, `_` and `-`. */
export function plainName(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const plain = last
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 80);
  return plain === '' ? 'file' : plain;
}

function integer(section: string, text = ''): number {
  if (!/^\d{1,20}$/.test(text)) throw unreadable(section, text);
  return Number(text);
}

function unreadable(section: string, text: string): HousecallError {
  return new HousecallError('OUTPUT_UNREADABLE', `unexpected probe output: ${section} "${text}"`);
}
