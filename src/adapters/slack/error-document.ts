import { codeInlines } from '../../core/document/code-inlines.ts';
import type { Document } from '../../core/document/document.ts';
import { HousecallError } from '../../core/errors.ts';

/** What a person is told: an expected error in its own words, a surprise only as a reference to the log. */
export function errorDocument(error: unknown, reference: string): Document {
  if (error instanceof HousecallError && error.kind !== 'bug') {
    return {
      summary: error.message,
      blocks: [
        { kind: 'paragraph', content: [error.message] },
        { kind: 'context', content: codeInlines(error.hint) },
      ],
    };
  }
  const text = `Something went wrong (reference ${reference}).`;
  return {
    summary: text,
    blocks: [
      { kind: 'paragraph', content: [text] },
      { kind: 'context', content: ['The log of Housecall has the details under this reference.'] },
    ],
  };
}
