import type { ChartRenderer } from '../../../ports/chart-renderer.ts';
import type { Chat } from '../../../ports/chat.ts';
import type { Log } from '../../../ports/log.ts';
import { createIdentity, type Identity } from '../identity.ts';
import { renderForm } from '../render/render-form.ts';
import type { WebApi } from '../web-api.ts';
import { showCanvas } from './canvas.ts';
import { type Channels, createChannels } from './channels.ts';
import { createCharts } from './charts.ts';
import { downloadFile } from './download.ts';
import { readHistory } from './history.ts';
import { showHome } from './home.ts';
import { invite } from './invite.ts';
import { createPeople, type People } from './people.ts';
import { permalink } from './permalink.ts';
import { createPostings } from './postings.ts';
import { createRooms } from './rooms.ts';

/** The Chat port on Slack's Web API, and what the listeners look up themselves. */
export interface SlackChat {
  readonly chat: Chat;
  readonly identity: () => Promise<Identity>;
  readonly people: People;
  readonly channels: Channels;
}

export function createChat(api: WebApi, log: Log, charts?: ChartRenderer): SlackChat {
  const identity = createIdentity(api);
  const people = createPeople(api, identity);
  const channels = createChannels(api);
  const postings = createPostings(api, identity, log);
  const chat: Chat = {
    ...createRooms(api, identity),
    ...postings,
    ...createCharts({ api, post: postings.post, log, renderer: charts }),
    showCanvas: (channel, page) => showCanvas({ api, people }, channel, page),
    permalink: (ref) => permalink(api, ref),
    showHome: (user, document) => showHome(api, user, document),
    download: (file, limitBytes) => downloadFile(api, file, limitBytes),
    invite: (channel, invited) => invite({ api, people, identity, log }, channel, invited),
    async updateForm(view, form) {
      await api.call('views.update', view, () =>
        api.direct.views.update({ view_id: view, view: renderForm(form) }),
      );
    },
    resolveChannel: (nameOrId) => channels.resolve(nameOrId),
    history: (channel, which) => readHistory({ api, people, identity }, channel, which),
    async person(user) {
      const { bot: _, refusal: __, ...person } = await people.lookUp(user);
      return person;
    },
    members: (group) => people.members(group),
  };
  return { chat, identity, people, channels };
}
