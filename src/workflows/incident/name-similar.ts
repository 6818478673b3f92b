import type { Document } from '../../core/document/document.ts';
import type { Inventory } from '../../core/fleet/host.ts';
import type { SimilarIncident } from '../../core/incident/event.ts';
import { similarIncidents } from '../../core/incident/similar.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { PastIncidents } from '../../ports/past-incidents.ts';
import { readCase, type TransactDeps, transact } from '../record/transact.ts';

export interface NameSimilarDeps extends TransactDeps {
  readonly past: PastIncidents;
  readonly inventory: Inventory;
}

/** Closed incidents that are looked through. */
const RECENT = 500;

/** Names closed incidents like this one in its room: what helped then may help now. Each is named once. */
export async function nameSimilar(deps: NameSimilarDeps, stream: string): Promise<void> {
  const { incident } = await readCase(deps.journal, stream);
  if (incident === null || incident.state === 'closed' || incident.state === 'resolved') return;
  const past = await deps.past.recent(RECENT);
  const groupsOf = (host: string): readonly string[] => deps.inventory.get(host)?.groups ?? [];
  await transact(deps, { stream, actor: HOUSECALL }, (state) => {
    const incidents = similarIncidents(state, past, groupsOf);
    if (incidents.length === 0 || state.incident?.closing !== false) return null;
    return {
      events: [{ type: 'incident.similar', incidents }],
      chat: [
        {
          lane: `room:${stream}`,
          operation: {
            op: 'message.post',
            key: `similar:${state.seq}`,
            thread: 'panel',
            document: similarDocument(incidents),
          },
        },
      ],
    };
  });
}

function similarDocument(incidents: readonly SimilarIncident[]): Document {
  const [first] = incidents;
  const summary = `Seen before: incident ${first?.id}, ${first?.ended}`;
  return {
    summary,
    blocks: [
      { kind: 'paragraph', content: [{ text: summary, style: 'bold' }] },
      {
        kind: 'list',
        items: incidents.map(({ id, title, why, ended, archive }) => [
          { text: id, style: 'bold' as const },
          ` ${title}: ${ended}. In common: ${why}. Archive: `,
          /^https?:\/\//.test(archive)
            ? { link: archive, text: archive }
            : { text: archive, style: 'code' as const },
        ]),
      },
    ],
  };
}
