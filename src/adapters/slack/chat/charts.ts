import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyBlock } from '@slack/types';
import type { Chart } from '../../../core/chart.ts';
import { HousecallError } from '../../../core/errors.ts';
import type { ChartRenderer } from '../../../ports/chart-renderer.ts';
import type { Chat } from '../../../ports/chat.ts';
import type { Log } from '../../../ports/log.ts';
import type { MessageRef } from '../../../ports/outbox.ts';
import { refusalOf } from '../chat-error.ts';
import { LIMITS } from '../limits.ts';
import { chartBlock } from '../render/chart-block.ts';
import { altText, chartDocument } from '../render/chart-document.ts';
import { clip, markupLine, plainText } from '../render/text.ts';
import type { WebApi } from '../web-api.ts';
import { uuid } from './postings.ts';
import { EVENT_TYPE } from './scan.ts';
import { areBlocksRefused } from './simplify.ts';
import { upload } from './upload.ts';

export interface ChartDeps {
  readonly api: WebApi;
  readonly post: Chat['post'];
  readonly log: Log;
  /** Absent: nothing can be drawn, and a chart that Slack does not take becomes a table. */
  readonly renderer?: Pick<ChartRenderer, 'png'> | undefined;
}

type Place = Omit<Parameters<Chat['postChart']>[0], 'chart'>;

/** Slack looks at a new picture before it shows it, and refuses the message until it has. */
const PICTURE_WAITS_MS = [0, 500, 1_000, 2_000, 4_000];

/**
 * Slack's own chart where the workspace takes it, else a picture, else the numbers as a table. Whatever
 * is posted carries the id of the posting, so that it is found again after a lost answer.
 */
export function createCharts(deps: ChartDeps): Pick<Chat, 'postChart'> {
  const { api, post, log } = deps;

  const send = async (place: Place, title: string, blocks: AnyBlock[]): Promise<MessageRef> => {
    const { channel, thread, id } = place;
    const args = {
      channel,
      ...(thread !== undefined && { thread_ts: thread }),
      text: markupLine(title, LIMITS.messageText) || '–',
      blocks,
      metadata: { event_type: EVENT_TYPE, event_payload: { id } },
      unfurl_links: false,
      unfurl_media: false,
      client_msg_id: uuid(`${channel} ${id}`),
    };
    const answer = await api.call('chat.postMessage', channel, () =>
      api.direct.chat.postMessage(args),
    );
    if (answer.ts === undefined) {
      throw new HousecallError('CHAT_UNAVAILABLE', `slack chat.postMessage (${channel}): no ts`);
    }
    return { channel: answer.channel ?? channel, ts: answer.ts };
  };

  const asBlock = async (place: Place, chart: Chart): Promise<MessageRef | null> => {
    const block = chartBlock(chart);
    if (block === null) return null;
    const whole = plainText(chart.title, LIMITS.textObject);
    const said: AnyBlock[] = block.title === whole.text ? [] : [{ type: 'section', text: whole }];
    try {
      return await send(place, chart.title, [...said, block]);
    } catch (error) {
      if (!areBlocksRefused(error)) throw error;
      log.info({ error }, 'slack takes no chart here; it is drawn as a picture');
      return null;
    }
  };

  const asPicture = async (place: Place, chart: Chart): Promise<MessageRef | null> => {
    const png = await draw(deps, chart);
    if (png === null) return null;
    const alt = altText(chart);
    try {
      const title = clip(chart.title, LIMITS.headerText);
      const id = await upload(api, { name: `chart-${place.id}.png`, title, alt, body: png });
      return await sendPicture(send, place, { id, alt, title: chart.title });
    } catch (error) {
      if (refusalOf(error) === null) throw error;
      log.warn({ error }, 'slack takes no picture here; the numbers are posted as a table');
      return null;
    }
  };

  return {
    postChart: async ({ chart, ...place }) =>
      (await asBlock(place, chart)) ??
      (await asPicture(place, chart)) ??
      post({ ...place, document: chartDocument(chart) }),
  };
}

async function sendPicture(
  send: (place: Place, title: string, blocks: AnyBlock[]) => Promise<MessageRef>,
  place: Place,
  { id, alt, title }: { readonly id: string; readonly alt: string; readonly title: string },
): Promise<MessageRef> {
  const block: AnyBlock = { type: 'image', slack_file: { id }, alt_text: alt };
  for (const [n, ms] of PICTURE_WAITS_MS.entries()) {
    await sleep(ms);
    try {
      return await send(place, title, [block]);
    } catch (error) {
      if (!areBlocksRefused(error) || n === PICTURE_WAITS_MS.length - 1) throw error;
    }
  }
  throw new HousecallError('CHAT_REFUSED', `slack picture ${id}: not shown`);
}

async function draw({ renderer, log }: ChartDeps, chart: Chart): Promise<Uint8Array | null> {
  try {
    return (await renderer?.png(chart)) ?? null;
  } catch (error) {
    log.error({ error, chart: chart.title }, 'a chart could not be drawn');
    return null;
  }
}
