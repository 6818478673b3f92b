import { HousecallError } from '../../../core/errors.ts';
import type { CanvasPage } from '../../../ports/chat.ts';
import { refusalOf } from '../chat-error.ts';
import { canvasMarkdown, peopleIn } from '../render/canvas-markdown.ts';
import { clip } from '../render/text.ts';
import type { WebApi } from '../web-api.ts';
import type { People } from './people.ts';

/** Slack's words for "this channel has a canvas": the second on its free plan. */
const EXISTS = new Set(['channel_canvas_already_exists', 'free_team_canvas_tab_already_exists']);

const TITLE_CHARACTERS = 100;
/** Names looked up for one page; of more the ids stand there. */
const MOST_NAMES = 30;

/**
 * Writes our paragraph into the channel's canvas and leaves the rest as it is. Safe to repeat: a canvas
 * that is there is gone on with, and the paragraph is found again by its marker. Returns the canvas' id.
 */
export async function showCanvas(
  { api, people }: { readonly api: WebApi; readonly people: People },
  channel: string,
  page: CanvasPage,
): Promise<string> {
  const markdown = canvasMarkdown(page.document, await namesFor(people, page));
  const canvas = page.known ?? (await begin(api, channel, { ...page, markdown }));
  if (typeof canvas !== 'string') return canvas.made;
  const id = await ownSection(api, canvas, page.markers);
  const document_content = { type: 'markdown', markdown } as const;
  // One change a call is all that Slack takes.
  await api.call('canvases.edit', channel, () =>
    api.bulk.canvases.edit({
      canvas_id: canvas,
      changes: [
        id === undefined
          ? { operation: 'insert_at_start', document_content }
          : { operation: 'replace', section_id: id, document_content },
      ],
    }),
  );
  return canvas;
}

/**
 * The section that holds all the words; undefined: none is left. Where some are found apart, somebody cut our
 * paragraph in two, or Slack did: to guess would overwrite a person's words, or pile up pages.
 */
async function ownSection(
  api: WebApi,
  canvas: string,
  markers: readonly string[],
): Promise<string | undefined> {
  const found: (readonly string[])[] = [];
  for (const contains_text of markers) {
    const { sections = [] } = await api.call('canvases.sections.lookup', canvas, () =>
      api.bulk.canvases.sections.lookup({ canvas_id: canvas, criteria: { contains_text } }),
    );
    found.push(sections.flatMap(({ id }) => (id === undefined ? [] : [id])));
  }
  const own = found[0]?.find((id) => found.every((ids) => ids.includes(id)));
  if (own !== undefined || found.flat().length === 0) return own;
  throw new HousecallError(
    'CHAT_REFUSED',
    `slack canvas ${canvas}: what Housecall wrote there is not in one piece any more`,
    { context: { method: 'canvases.sections.lookup', error: 'section_in_parts' } },
  );
}

/** Makes the canvas, or says which one is there: a lost answer made it, or a person. */
async function begin(
  api: WebApi,
  channel: string,
  { title, markdown }: { readonly title: string; readonly markdown: string },
): Promise<string | { readonly made: string }> {
  try {
    const { canvas_id: id } = await api.call('conversations.canvases.create', channel, () =>
      api.bulk.conversations.canvases.create({
        channel_id: channel,
        title: clip(title, TITLE_CHARACTERS),
        document_content: { type: 'markdown', markdown: `${markdown}\n\n## Notes\n\n` },
      }),
    );
    if (id !== undefined) return { made: id };
  } catch (error) {
    if (!EXISTS.has(refusalOf(error) ?? '')) throw error;
    return existing(api, channel);
  }
  throw new HousecallError(
    'CHAT_UNAVAILABLE',
    `slack conversations.canvases.create (${channel}): no id`,
  );
}

async function existing(api: WebApi, channel: string): Promise<string> {
  const answer = await api.call('conversations.info', channel, () =>
    api.bulk.conversations.info({ channel }),
  );
  // Slack sends it, and its library's types do not know it.
  const properties = field(answer.channel, 'properties');
  const id = field(field(properties, 'canvas'), 'file_id');
  if (typeof id === 'string' && id !== '') return id;
  throw new HousecallError(
    'CHAT_REFUSED',
    `slack conversations.info (${channel}): it has a canvas and does not say which`,
    { context: { method: 'conversations.info', error: 'canvas_not_found' } },
  );
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

/** Names are a comfort: where Slack does not give one the id stands for it. */
async function namesFor(
  people: People,
  { document }: CanvasPage,
): Promise<(user: string) => string> {
  const names = new Map<string, string>();
  for (const user of peopleIn(document).slice(0, MOST_NAMES)) {
    const name = await people.lookUp(user).then(
      (person) => person.name,
      () => user,
    );
    names.set(user, name);
  }
  return (user) => names.get(user) ?? user;
}
