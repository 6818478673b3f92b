/**
 * The only shape of host verifier that is safe with ssh2: it refuses on the exact value `false` and on
 * nothing else, so a throw, a promise or `undefined` would let any key in.
 */
export function strictVerifier(trusts: (key: Buffer) => unknown): (key: Buffer) => boolean {
  return (key) => {
    try {
      return trusts(key) === true;
    } catch {
      return false;
    }
  };
}
