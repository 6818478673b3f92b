import type { Block, Document, Inline } from './document.ts';

/** Ids of the people and user groups that a document mentions, each once. */
export function mentionedIn(document: Document): readonly string[] {
  const ids = document.blocks
    .flatMap(inlinesOf)
    .flatMap((inline) => (typeof inline === 'string' ? [] : 'user' in inline ? [inline.user] : []));
  return [...new Set(ids)];
}

/** The document for places where mentions mean nothing: people by name. */
export function namedDocument(document: Document, nameOf: (user: string) => string): Document {
  const named = (content: readonly Inline[]): Inline[] =>
    content.map((inline) =>
      typeof inline !== 'string' && 'user' in inline ? nameOf(inline.user) : inline,
    );
  return {
    ...document,
    blocks: document.blocks.map((block): Block => {
      if (block.kind === 'list') return { ...block, items: block.items.map(named) };
      if (block.kind !== 'paragraph' && block.kind !== 'context') return block;
      return { ...block, content: named(block.content) };
    }),
  };
}

function inlinesOf(block: Block): readonly Inline[] {
  if (block.kind === 'list') return block.items.flat();
  return block.kind === 'paragraph' || block.kind === 'context' ? block.content : [];
}
