import type { CodeDoc } from '../../src/diagnostics/contract.ts';

/** The page of a code of a made-up diagnostic. */
export function codeDoc(says: string, data: CodeDoc['data'] = {}): CodeDoc {
  return { says, means: says, known: says, act: says, data };
}
