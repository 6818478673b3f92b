import type { App } from '@slack/bolt';
import type { Given } from '../given.ts';
import { heardMessage, type MessageEvent } from './heard.ts';

/** Everything that is said, edited and deleted, and the files that come with it. */
export function messageHeard(app: App, given: Given): void {
  app.event('message', async ({ event, body }) => {
    const heard = event as MessageEvent;
    await given.desk.observe(heard.channel, () => heardMessage(given, heard, body.event_id));
  });
}
