import { unreadable } from './lines.ts';

/** An address of `/proc/net/tcp`: 32-bit words in hexadecimal, each in the byte order of the host. */
export function decodeAddress(hex: string, bigEndian: boolean): string {
  if (!/^(?:[0-9A-F]{8}){1,4}$/.test(hex) || (hex.length !== 8 && hex.length !== 32)) {
    throw unreadable(`address "${hex.slice(0, 40)}"`);
  }
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const own = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    return bigEndian ? own : own.toReversed();
  });
  return bytes.length === 4 ? bytes.join('.') : ipv6(bytes);
}

/** RFC 5952: the longest run of zero groups, of two at least and the first of equals, becomes `::`. */
function ipv6(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  let [from, length] = [-1, 1];
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === '0') end++;
    if (end - start > length) [from, length] = [start, end - start];
  }
  if (from < 0) return groups.join(':');
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + length).join(':')}`;
}

/** `10.0.0.5:6379`, `[fd00::5]:6379`. */
export function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** 127.0.0.0/8 and ::1: what `tcp_tw_reuse=2` is about. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address);
}
