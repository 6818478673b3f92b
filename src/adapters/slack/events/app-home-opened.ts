import type { App } from '@slack/bolt';
import { atHome } from '../at-home.ts';
import type { Given } from '../given.ts';
import { homeVisit } from '../visit.ts';

/** Each look at the App Home makes it anew for that person. */
export function appHomeOpened(app: App, given: Given): void {
  app.event('app_home_opened', async ({ event, body, context }) => {
    if (event.tab !== 'home') return;
    await atHome(
      given,
      homeVisit({ team: body.team_id, user: event.user }, context),
      async () => null,
    );
  });
}
