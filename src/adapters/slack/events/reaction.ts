import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { heardMark } from './heard.ts';

/** Reactions to messages; :pushpin: puts one on the timeline. */
export function reactionHeard(app: App, { desk }: Given): void {
  for (const type of ['reaction_added', 'reaction_removed'] as const) {
    const kind = type === 'reaction_added' ? 'reacted' : 'unreacted';
    app.event(type, async ({ event, body }) => {
      await desk.observe(event.item.channel, async () => {
        const mark = heardMark(event, body.event_id);
        return mark === null ? null : { kind, ...mark, reaction: event.reaction };
      });
    });
  }
}
