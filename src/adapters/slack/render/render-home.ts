import type { HomeView } from '@slack/types';
import type { Document } from '../../../core/document/document.ts';
import { LIMITS } from '../limits.ts';
import { packView } from './pack.ts';
import { pieces, textPieces } from './pieces.ts';

/** A document as somebody's App Home. A table becomes fixed-width text: there it is read on phones too. */
export function renderHome(document: Document): HomeView {
  const all = pieces(document.blocks, 0);
  const shown = packView(
    all.length === 0 ? textPieces([document.summary || '–']) : all,
    LIMITS.blocksPerView,
  );
  return { type: 'home', blocks: shown.map(({ block }) => block) };
}
