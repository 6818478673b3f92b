import type { ConfigFile, State } from './state.ts';

const MAIN = '/etc/logrotate.conf';
const DIRECTORY = '/etc/logrotate.d';
/** Endings that logrotate leaves out of an included directory (logrotate.conf(5), tabooext). */
const TABOO =
  /(?:,v|\.cfsaved|\.disabled|\.dpkg-(?:bak|del|dist|new|old)|\.rhn-cfg-tmp-.*|\.rpm(?:new|orig|save)|\.swp|\.ucf-(?:dist|new|old)|~)$/;
const OTHERS_WRITE = 0o022;

/** A file that may be edited, or in words why it may not. */
export function editable(
  state: State,
  config: string,
): (ConfigFile & { readonly sha256: string; readonly text: string }) | string {
  const { place, file, uid } = state;
  const as = `as uid ${uid}${state.sudoRefused === undefined ? '' : ` (sudo refused: ${state.sudoRefused})`}`;
  const away = whyElsewhere(state, config);
  if (away !== null) return away;
  if (place.kind === 'link') {
    return `it is reached through the symbolic link ${place.what}: name the file itself`;
  }
  if (place.kind === 'missing') return `there is no such file, or it is hidden ${as}`;
  if (place.kind === 'denied' || file === null) return `it cannot be looked at ${as}`;
  const unsafe = whyUnsafe(state, file);
  if (unsafe !== null) return unsafe;
  const { sha256, text } = file;
  if (sha256 === null) return `it cannot be read ${as}`;
  if (text === null) return 'it is longer than 64 KiB or no UTF-8: edit it by hand';
  if (uid !== 0 || !state.writable) {
    return uid === 0
      ? 'it cannot be written: its file system is read-only, or it is immutable'
      : `it cannot be written ${as}`;
  }
  // What it cannot read now, it could not check afterwards.
  if (state.logrotate !== null && state.logrotate.ownErrors === null) {
    return 'logrotate -d does not come to an end with it';
  }
  return { ...file, sha256, text };
}

function whyElsewhere({ includes }: State, config: string): string | null {
  const directory = config.slice(0, config.lastIndexOf('/'));
  const read = [MAIN, DIRECTORY, ...includes.map((path) => path.replace(/\/+$/, ''))];
  if (!read.includes(config) && !read.includes(directory)) {
    return `logrotate does not read it: it is neither ${MAIN}, nor in ${DIRECTORY}, nor included`;
  }
  return config !== MAIN && !read.slice(2).includes(config) && TABOO.test(config)
    ? 'logrotate does not read a file of this name (tabooext)'
    : null;
}

function whyUnsafe({ unsafe }: State, file: ConfigFile): string | null {
  if (!file.regular) return 'it is no regular file';
  if (unsafe !== null) return `others could replace it: ${unsafe}`;
  if (file.uid !== 0) return `it belongs to uid ${file.uid}, not to root: logrotate refuses it too`;
  if ((file.mode & OTHERS_WRITE) !== 0) {
    return `others may write it (mode ${file.mode.toString(8)}): logrotate refuses it too`;
  }
  return file.links > 1
    ? `it has ${file.links} names, and a new file would leave the others as they are: edit it by hand`
    : null;
}
