import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHostLine {
  readonly marker: 'pin' | 'cert-authority' | 'revoked';
  /** Comma list as written: names, wildcards, negations, or one hashed name. */
  readonly patterns: readonly string[];
  readonly type: string;
  /** The key blob, base64. */
  readonly key: string;
  readonly lineNumber: number;
}

export interface KnownHosts {
  readonly file: string;
  readonly lines: readonly KnownHostLine[];
  /** Lines with a marker that could not be understood: nothing is trusted while there is one. */
  readonly unreadable: readonly number[];
}

export type HostKeyVerdict =
  | { readonly trusted: true }
  | {
      readonly trusted: false;
      readonly reason: 'unknown' | 'changed' | 'revoked' | 'certificate' | 'unreadable';
      readonly detail: string;
    };

/** The first algorithm named in the key blob must be the type of the line, as in OpenSSH. */
function blobType(key: string): string | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return null;
  const blob = Buffer.from(key, 'base64');
  if (blob.length < 4) return null;
  const length = blob.readUInt32BE(0);
  return length > 64 || blob.length < 4 + length ? null : blob.toString('latin1', 4, 4 + length);
}

/** The type of an offered key blob, or `unknown`. */
export function keyType(blob: Buffer): string {
  return blobType(blob.toString('base64')) ?? 'unknown';
}

/** `SHA256:…` as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

export function parseKnownHosts(file: string, text: string): KnownHosts {
  const lines: KnownHostLine[] = [];
  const unreadable: number[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const words = line.split(/[ \t]+/);
    const marked = line.startsWith('@');
    const marker = marked ? words.shift()?.slice(1) : 'pin';
    const [patterns = '', type = '', key = ''] = words;
    const known = marker === 'pin' || marker === 'cert-authority' || marker === 'revoked';
    if (known && patterns !== '' && blobType(key) === type) {
      const lineNumber = index + 1;
      lines.push({ marker, patterns: patterns.split(','), type, key, lineNumber });
    } else if (marked) {
      // A damaged @revoked line must not turn into trust.
      unreadable.push(index + 1);
    }
  }
  return { file, lines, unreadable };
}

/** The names under which a host may stand in the file: address first, then its inventory name. */
export function lookupNames(host: { address: string; name: string; port: number }): string[] {
  const names = new Set([host.address.toLowerCase(), host.name.toLowerCase()]);
  // OpenSSH falls back to the entry without a port (ssh.c, "found matching key w/out port").
  return [...names].flatMap((name) =>
    host.port === 22 ? [name] : [`[${name}]:${host.port}`, name],
  );
}

/** Lines of one kind that speak about one of these names. */
function linesFor(
  known: KnownHosts,
  names: readonly string[],
  marker: KnownHostLine['marker'],
): readonly KnownHostLine[] {
  return known.lines.filter(
    (line) => line.marker === marker && names.some((name) => matchesList(line.patterns, name)),
  );
}

/** Key types known for these names, so that the server can be asked for one of them first. */
export function knownTypes(known: KnownHosts, names: readonly string[]): readonly string[] {
  return linesFor(known, names, 'pin').map((line) => line.type);
}

/** Whether this key may stand for these names. Pure and synchronous: it runs inside the handshake. */
export function judgeHostKey(
  known: KnownHosts,
  names: readonly string[],
  blob: Buffer,
): HostKeyVerdict {
  const offered = `${keyType(blob)} ${fingerprint(blob)}`;
  const refuse = (
    reason: Exclude<HostKeyVerdict, { trusted: true }>['reason'],
    detail: string,
  ): HostKeyVerdict => ({ trusted: false, reason, detail });
  const [unreadable] = known.unreadable;
  if (unreadable !== undefined) {
    return refuse('unreadable', `${known.file}:${unreadable} has a marker that is not understood`);
  }
  const key = blob.toString('base64');
  const revoked = linesFor(known, names, 'revoked').find((line) => line.key === key);
  if (revoked !== undefined) {
    const where = `${known.file}:${revoked.lineNumber}`;
    return refuse('revoked', `the host key ${offered} is revoked by ${where}`);
  }
  const pins = linesFor(known, names, 'pin');
  if (pins.some((pin) => pin.key === key)) return { trusted: true };
  const same = pins.find((pin) => pin.type === keyType(blob)) ?? pins[0];
  if (same !== undefined) {
    const pinned = `${same.type} ${fingerprint(Buffer.from(same.key, 'base64'))}`;
    return refuse(
      'changed',
      `the host key is ${offered}, but ${known.file}:${same.lineNumber} has ${pinned}`,
    );
  }
  const authority = linesFor(known, names, 'cert-authority')[0];
  if (authority !== undefined) {
    const where = `${known.file}:${authority.lineNumber}`;
    return refuse(
      'certificate',
      `${where} trusts a certificate authority, and certificates are not supported: pin the key ${offered}`,
    );
  }
  return refuse(
    'unknown',
    `the host key ${offered} is not in ${known.file}; check it and run "housecall check --accept-new-host-keys"`,
  );
}

/** A negated match refuses the whole line, wherever it stands. */
function matchesList(patterns: readonly string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matchesPattern(pattern: string, name: string): boolean {
  if (pattern.startsWith('|')) return matchesHash(pattern, name);
  return matchesWildcard(pattern.toLowerCase(), name);
}

/** `|1|salt|HMAC-SHA1(salt, name)`, both base64. */
function matchesHash(pattern: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = pattern.split('|');
  if (version !== '1' || salt === '' || hash === '') return false;
  const expected = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64');
  return expected === hash;
}

/** `*` and `?` only, without backtracking over more than one star (linear on hostile patterns). */
function matchesWildcard(pattern: string, name: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let n = 0; n < name.length; ) {
    if (
      p < pattern.length &&
      (pattern[p] === '?' || pattern[p] === name[n]) &&
      pattern[p] !== '*'
    ) {
      p++;
      n++;
    } else if (pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
