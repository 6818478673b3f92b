import type { Diagnostic } from './contract.ts';
import { disk } from './disk/index.ts';

/** Every diagnostic, by name. Adding one is this line and its folder. */
export const diagnostics: readonly Diagnostic[] = [disk];
