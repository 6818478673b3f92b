import type { AlertSource } from './contract.ts';
import { opsgenie } from './opsgenie/index.ts';

/** Every alert source, by path segment. */
export const alertSources: readonly AlertSource[] = [opsgenie];
