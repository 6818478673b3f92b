import type { Diagnostic } from './contract.ts';
import * as modules from './modules.ts';

/** Every diagnostic, by name. */
export const diagnostics: readonly Diagnostic[] = Object.values(modules);
