import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { heardMark } from './heard.ts';

/** Slack's own pins put a message on the timeline; Housecall's, of its panel, say nothing. */
export function pinHeard(app: App, { desk, slack }: Given): void {
  for (const type of ['pin_added', 'pin_removed'] as const) {
    const kind = type === 'pin_added' ? 'pinned' : 'unpinned';
    app.event(type, async ({ event, body }) => {
      await desk.observe(event.channel_id, async () => {
        const { user: me } = await slack.identity();
        const mark = heardMark(event, body.event_id);
        return mark === null || mark.user === me ? null : { kind, ...mark };
      });
    });
  }
}
