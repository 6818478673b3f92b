import type { Document } from '../../core/document/document.ts';
import { helpDiagnostic, listDiagnostics } from './describe-catalog.ts';
import { type Catalog, helpFinding } from './describe-finding.ts';

/** `/diag help`, `/diag help disk`, `/diag help disk.filling`. Throws USAGE or NOT_FOUND with the nearest names. */
export function help(catalog: Catalog, word: string | null): Document {
  if (word === null) return listDiagnostics(catalog.diagnostics);
  return word.includes('.')
    ? helpFinding(catalog, word)
    : helpDiagnostic(catalog.diagnostics, word);
}
