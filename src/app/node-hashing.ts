import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HousecallError } from '../core/errors.ts';
import type { Hashing } from '../ports/hashing.ts';

/** Shorter keys are refused: HMAC-SHA256 wants at least its output length (RFC 2104 section 3). */
const KEY_BYTES = 32;

export function createHashing(approvalKey: Uint8Array): Hashing {
  const sign = (text: string): string =>
    createHmac('sha256', approvalKey).update(text, 'utf8').digest('hex');
  return {
    sha256: (content) => createHash('sha256').update(content).digest('hex'),
    sign,
    verify(text, signature) {
      const expected = Buffer.from(sign(text));
      const given = Buffer.from(signature);
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}

/**
 * Reads the approval key, or makes one readable by this user alone. The key never enters Redis: who
 * can only write there cannot approve anything.
 */
export function loadApprovalKey(file: string, make: boolean): Uint8Array {
  try {
    if (make) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`, {
        flag: 'wx',
        mode: 0o600,
      });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, String(error));
  }
  const text = readKey(file);
  if ((statSync(file).mode & 0o077) !== 0) {
    throw unusable(file, `others may read it; run: chmod 600 ${file}`);
  }
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length < KEY_BYTES) throw unusable(file, `it must hold ${KEY_BYTES} bytes in hex`);
  return key;
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(
      file,
      `${String(error)}; copy the file of the web role to this machine, mode 0600`,
    );
  }
}

function unusable(file: string, why: string): HousecallError {
  return new HousecallError('CONFIG_INVALID', `security.approvalKeyFile ${file}: ${why}`, {
    context: { file },
  });
}
