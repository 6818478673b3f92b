/** Keeps the first and the last part of a stream within a limit, and counts what fell out between. */
export interface HeadTail {
  add(chunk: Buffer): void;
  /** Bytes seen, kept or not. */
  total(): number;
  truncated(): boolean;
  /** UTF-8 with replacement characters; the cut is at line ends and says how much is missing. */
  text(): string;
}

export function createHeadTail(limitBytes: number): HeadTail {
  const headLimit = Math.ceil(limitBytes / 2);
  const tailLimit = limitBytes - headLimit;
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let total = 0;

  const keepTail = (chunk: Buffer): void => {
    tail.push(chunk);
    tailBytes += chunk.length;
    // Dropping whole chunks is cheap; the copy happens at most once per limit's worth of bytes.
    while (tailBytes - (tail[0]?.length ?? 0) >= tailLimit && tail.length > 1) {
      tailBytes -= tail.shift()?.length ?? 0;
    }
    if (tail.length > 4096) tail = [Buffer.concat(tail)];
  };

  return {
    add(chunk) {
      total += chunk.length;
      const room = Math.min(headLimit - headBytes, chunk.length);
      if (room > 0) {
        head.push(chunk.subarray(0, room));
        headBytes += room;
      }
      if (room < chunk.length) keepTail(chunk.subarray(Math.max(room, 0)));
    },
    total: () => total,
    truncated: () => total > limitBytes,
    text() {
      const first = Buffer.concat(head);
      const last = Buffer.concat(tail);
      if (total <= limitBytes) return Buffer.concat([first, last]).toString('utf8');
      // A line cut in two would read as another line, so both halves are given up.
      const firstEnd = first.lastIndexOf('\n') + 1 || first.length;
      const kept = last.subarray(last.length - tailLimit);
      const lastStart = kept.indexOf('\n') + 1;
      const dropped = total - firstEnd - (kept.length - lastStart);
      const before = first.toString('utf8', 0, firstEnd).replace(/\n$/, '');
      return `${before}\n[… ${dropped} bytes dropped …]\n${kept.toString('utf8', lastStart)}`;
    },
  };
}
