import type { AlertSource } from './contract.ts';

/** Every alert source, by path segment. */
export const alertSources: readonly AlertSource[] = [];
