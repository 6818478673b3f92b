/** SHA-256 (FIPS 180-4) of ASCII text, as lower-case hex: chain ids are recomputed by it, with no I/O. */
export function sha256(text: string): string {
  const words = padded(text);
  const state = [...INITIAL];
  for (let block = 0; block < words.length; block += 16)
    compress(state, words.slice(block, block + 16));
  return state.map((word) => word.toString(16).padStart(8, '0')).join('');
}

function compress(state: number[], block: readonly number[]): void {
  const w = [...block];
  for (let i = 16; i < 64; i += 1) {
    const [early = 0, late = 0] = [w[i - 15], w[i - 2]];
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w.push(((w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1) >>> 0);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] ?? 0) + (w[i] ?? 0)) >>> 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = ((state[i] ?? 0) + value) >>> 0;
  });
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function padded(text: string): number[] {
  const length = Math.ceil((text.length + 9) / 64) * 16;
  const words = Array.from({ length }, () => 0);
  for (let i = 0; i <= text.length; i += 1) {
    const byte = i === text.length ? 0x80 : text.charCodeAt(i) & 0xff;
    words[i >> 2] = ((words[i >> 2] ?? 0) | (byte << (24 - 8 * (i % 4)))) >>> 0;
  }
  words[length - 1] = text.length * 8;
  return words;
}

/** The first 32 bits of the fractional parts of square (power 1/2) or cube roots of the first primes. */
function roots(count: number, power: number): readonly number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n += 1) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return primes.map((prime) => ((prime ** power % 1) * 2 ** 32) >>> 0);
}

const INITIAL = roots(8, 1 / 2);
const K = roots(64, 1 / 3);
