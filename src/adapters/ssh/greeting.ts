import type { ServerOffer } from './algorithms.ts';

const LIMIT_BYTES = 64 * 1024;

/** Follows the first bytes that a server sends in clear: its version line and its first packet. */
export interface Greeting {
  add(chunk: Buffer): void;
  /** The version line (`SSH-2.0-OpenSSH_9.2p1 …`), or null while there is none. */
  version(): string | null;
  /** What the server offers, or null when its first packet did not arrive whole. */
  offer(): ServerOffer | null;
  /** The last line said before a version line: `Exceeded MaxStartups`, `HTTP/1.1 400 …`. */
  otherWords(): string;
}

export function createGreeting(): Greeting {
  let bytes = Buffer.alloc(0);
  // RFC 4253, 4.2: other lines may come before the version line.
  const versionAt = (): RegExpExecArray | null =>
    /^SSH-[^\n]*\n/m.exec(bytes.toString('latin1', 0, Math.min(bytes.length, 8192)));
  return {
    add(chunk) {
      if (bytes.length < LIMIT_BYTES) bytes = Buffer.concat([bytes, chunk]);
    },
    version: () => versionAt()?.[0].trim() ?? null,
    offer() {
      const found = versionAt();
      return found === null ? null : readOffer(bytes.subarray(found.index + found[0].length));
    },
    otherWords: () => {
      const line = bytes.toString('utf8', 0, 512).split(/\r?\n/)[0] ?? '';
      return line.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 120);
    },
  };
}

/** SSH_MSG_KEXINIT: 20, 16 bytes of cookie, then name lists (RFC 4253, 7.1). */
function readOffer(packet: Buffer): ServerOffer | null {
  if (packet.length < 6) return null;
  const payload = packet.subarray(5, 4 + packet.readUInt32BE(0));
  if (payload[0] !== 20) return null;
  const lists: string[][] = [];
  let at = 17;
  while (lists.length < 6) {
    if (at + 4 > payload.length) return null;
    const end = at + 4 + payload.readUInt32BE(at);
    if (end > payload.length) return null;
    lists.push(payload.toString('latin1', at + 4, end).split(','));
    at = end;
  }
  // Order: kex, host keys, ciphers to the server, ciphers to us, MACs to the server, MACs to us.
  const [kex = [], hostKeys = [], ciphers = [], , macs = []] = lists;
  return { kex, hostKeys, ciphers, macs };
}
