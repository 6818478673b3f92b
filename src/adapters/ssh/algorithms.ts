import type { Algorithms } from 'ssh2';

/**
 * What Housecall offers, fastest first. Left out: group-exchange (1.5 s of blocked event loop per
 * handshake), and everything that signs or authenticates with SHA-1, as OpenSSH does since 8.8.
 */
const KEX = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
] as const;

const HOST_KEYS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
] as const;

const MACS = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
] as const;

/** Host key algorithms whose key is already known come first, as OpenSSH orders them. */
export function algorithmsFor(knownTypes: readonly string[]): Algorithms {
  const known = HOST_KEYS.filter((name) =>
    knownTypes.includes(name.startsWith('rsa-') ? 'ssh-rsa' : name),
  );
  const rest = HOST_KEYS.filter((name) => !known.includes(name));
  return {
    kex: [...KEX],
    serverHostKey: [...known, ...rest],
    cipher: [...CIPHERS],
    hmac: [...MACS],
    compress: ['none'],
  };
}

/** What a server offered in its first packet (RFC 4253, 7.1). */
export interface ServerOffer {
  readonly kex: readonly string[];
  readonly hostKeys: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}

/** Why nothing was agreed on, in words; null when there would be something for everybody. */
export function mismatch(offer: ServerOffer): string | null {
  const lists: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['key exchanges', offer.kex, KEX],
    ['host key algorithms', offer.hostKeys, HOST_KEYS],
    ['ciphers', offer.ciphers, CIPHERS],
    ['MACs', offer.macs, MACS],
  ];
  for (const [what, theirs, ours] of lists) {
    if (theirs.some((name) => ours.includes(name))) continue;
    const named = theirs.filter((name) => !/^(?:ext-info|kex-strict)-/.test(name)).join(', ');
    return `the server offers only ${what} that this SSH client does not have or does not allow (${named}); allow one of ${ours.slice(0, 3).join(', ')}`;
  }
  return null;
}
