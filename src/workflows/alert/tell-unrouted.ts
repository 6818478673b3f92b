import type { AlertSource } from '../../alerts/contract.ts';
import type { Alert } from '../../core/alert.ts';
import { type Route, routeAlert } from '../../core/alert-route.ts';
import { HOUSECALL } from '../../core/person.ts';
import type { AlertInbox } from '../../ports/alert-inbox.ts';
import { type TransactDeps, transact } from '../record/transact.ts';
import { deliveredAlerts } from './delivered-alerts.ts';

/** The stream of what went wrong before there was an incident. */
export const INTAKE = 'intake';

/**
 * An alert that could not be routed after every try must still reach people: the announcement channel
 * is told what it said, and where to look.
 */
export async function tellUnrouted(
  deps: TransactDeps & {
    readonly inbox: Pick<AlertInbox, 'read'>;
    readonly source: (id: string) => AlertSource | undefined;
    readonly announceChannel: string;
    readonly routes: readonly Route[];
  },
  failed: { readonly delivery: string; readonly reason: string },
): Promise<void> {
  const stored = await deps.inbox.read(failed.delivery);
  const source = stored === null ? undefined : deps.source(stored.source);
  const alerts =
    stored === null || source === undefined
      ? []
      : deliveredAlerts(source, stored).map(({ alert }) => alert);
  const isPrivate = (alert: Alert): boolean => routeAlert(alert, deps.routes)?.private === true;
  const named = alerts.map((alert) => (isPrivate(alert) ? 'a private alert' : alert.title));
  const titles = named.join('; ') || 'an alert that cannot be read';
  const from = stored?.source ?? 'an unknown source';
  const line = `No incident could be opened for an alert from ${from}: ${titles}`;
  await transact(deps, { stream: INTAKE, actor: HOUSECALL }, (state) => ({
    events: [{ type: 'chat.failed', operation: 'alert.route', reason: failed.reason }],
    chat: [
      {
        lane: `channel:${deps.announceChannel}`,
        operation: {
          op: 'message.post',
          key: `unrouted:${failed.delivery}:${state.seq}`,
          document: {
            summary: line,
            status: 'unknown',
            blocks: [
              {
                kind: 'paragraph',
                content: [`Look at it there, and at Housecall's log. Reason: ${failed.reason}`],
              },
            ],
          },
        },
      },
    ],
  }));
}
