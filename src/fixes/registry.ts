import type { Fix } from './contract.ts';
import * as modules from './modules.ts';

/** Every fix, by name. */
export const fixes: readonly Fix[] = Object.values(modules);
