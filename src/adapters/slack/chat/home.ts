import type { Document } from '../../../core/document/document.ts';
import { renderHome } from '../render/render-home.ts';
import type { WebApi } from '../web-api.ts';

/** The App Home of one person, replaced as a whole. */
export async function showHome(api: WebApi, user: string, document: Document): Promise<void> {
  const view = renderHome(document);
  await api.call('views.publish', user, () => api.direct.views.publish({ user_id: user, view }));
}
