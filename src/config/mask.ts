import { type KeyPath, keyText } from './keys.ts';

const MASK = '********';

/** Keys whose value is a secret, wherever they stand. */
const SECRET_KEY = /token|secret|password|passphrase|apikey/i;

/** Texts that are secrets wherever they stand: Slack tokens, PEM blocks. */
const SECRET_SHAPE = /xox[a-z]-|xapp-|-----BEGIN/;

export function isSecretKey(path: KeyPath): boolean {
  return path.some((key) => typeof key === 'string' && SECRET_KEY.test(key));
}

/** The value as it may be shown: secrets and the user part of addresses are masked. */
export function masked(value: string, path: KeyPath): string {
  const misplaced = keyText(path).startsWith('alerts.sources');
  if (isSecretKey(path) || misplaced || SECRET_SHAPE.test(value)) return MASK;
  return value.replaceAll(/\/\/\S*@/g, `//${MASK}@`).replaceAll(/^[^/\s]+:[^/\s]+@/g, `${MASK}@`);
}

/** A value in an error message: short, on one line, without secrets. */
export function shown(value: unknown, path: KeyPath): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (isSecretKey(path)) return MASK;
  const text = JSON.stringify(typeof value === 'string' ? masked(value, path) : value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
