/** The cryptography that decisions need, handed to the pure core. */
export interface Hashing {
  /** Lower-case hex SHA-256 of the bytes, or of the text in UTF-8. */
  readonly sha256: (content: string | Uint8Array) => string;
  /** Lower-case hex HMAC-SHA256 under the approval key, which is never in Redis. */
  sign(text: string): string;
  /** Constant-time comparison with `sign(text)`. */
  verify(text: string, signature: string): boolean;
}
