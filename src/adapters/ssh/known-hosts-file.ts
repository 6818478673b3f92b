import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type KnownHosts, parseKnownHosts } from './known-hosts.ts';

/** Reads known_hosts files, again whenever one changed on disk. */
export function createKnownHostsReader(): (file: string) => Promise<KnownHosts> {
  const cache = new Map<string, { stamp: string; known: KnownHosts }>();
  return async (file) => {
    const stamp = await stampOf(file);
    const cached = cache.get(file);
    if (cached !== undefined && cached.stamp === stamp) return cached.known;
    // A file that is not there yet knows nobody; any other failure to read is an error, not trust.
    const text = stamp === 'absent' ? '' : await readFile(file, 'utf8');
    const known = parseKnownHosts(file, text);
    cache.set(file, { stamp, known });
    return known;
  };
}

/** Changes with every edit, also one within the clock's resolution that keeps the length. */
async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(file, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent';
    throw error;
  }
}

/** Appends one line, making the file (0600) and its folder (0700) when they are missing. */
export async function appendKnownHost(file: string, line: string): Promise<void> {
  if (/[\r\n]/.test(line)) throw new RangeError('a known_hosts line cannot contain a line break');
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const start = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${start}${line}\n`, { mode: 0o600 });
}
