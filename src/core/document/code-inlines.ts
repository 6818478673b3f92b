import type { Inline } from './document.ts';

/** A sentence of ours with words in backticks, as inlines: `run \`/diag list\`` shows the command as code. */
export function codeInlines(sentence: string): readonly Inline[] {
  return sentence
    .split('`')
    .map((text, index): Inline => (index % 2 === 1 ? { text, style: 'code' } : text))
    .filter(
      (inline) =>
        inline !== '' && (typeof inline === 'string' || !('text' in inline) || inline.text !== ''),
    );
}
