import type { Fix } from './contract.ts';

/** Every fix, by name. */
export const fixes: readonly Fix[] = [];
