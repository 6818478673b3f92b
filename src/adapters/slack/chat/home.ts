import type { HomeView } from '@slack/types';
import type { Document } from '../../../core/document/document.ts';
import { LIMITS } from '../limits.ts';
import { packView } from '../render/pack.ts';
import { pieces } from '../render/pieces.ts';
import type { WebApi } from '../web-api.ts';

/** The App Home of one person, replaced as a whole. */
export async function showHome(api: WebApi, user: string, document: Document): Promise<void> {
  const blocks = packView(pieces(document.blocks, 0), LIMITS.blocksPerView).map(
    ({ block }) => block,
  );
  const view: HomeView = { type: 'home', blocks };
  await api.call('views.publish', user, () => api.bulk.views.publish({ user_id: user, view }));
}
