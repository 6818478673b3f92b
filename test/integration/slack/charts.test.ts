import { afterEach, describe, expect, it } from 'vitest';
import { createChartRenderer } from '../../../src/adapters/charts/create-chart-renderer.ts';
import { chartBlock } from '../../../src/adapters/slack/render/chart-block.ts';
import type { Chart } from '../../../src/core/chart.ts';
import { createWorkspace, type Workspace } from '../../../src/workspace/create-workspace.ts';
import type { WorkspaceOptions } from '../../../src/workspace/settings.ts';
import { MANIFEST_SCOPES, type SlackSite, startSlackSite } from '../../support/slack-site.ts';
import { HOSTILE } from '../../support/story-findings.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 12, minute)).toISOString();

const line: Chart = {
  kind: 'line',
  title: '/var/lib/docker on host-17: 93 % full',
  unit: 'bytes',
  series: [
    {
      name: 'used',
      points: [
        { at: at(0), value: 60e9 },
        { at: at(10), value: 93e9 },
      ],
    },
  ],
  limit: { name: 'full: 100 GB', value: 100e9 },
};
/** Names that Slack's own chart has no room for. */
const bar: Chart = {
  kind: 'bar',
  title: `a log ${HOSTILE}`,
  unit: 'bytes',
  bars: [
    { name: `<time> ERROR ${HOSTILE}`, value: 98e9 },
    { name: 'everything else', value: 4e9 },
  ],
};

let site: SlackSite | undefined;
afterEach(async () => {
  await site?.stop();
  site = undefined;
});

async function room(workspace: WorkspaceOptions = {}) {
  const here = await startSlackSite({ start: false, workspace, charts: createChartRenderer() });
  site = here;
  const { chat } = here.slack;
  const { channel } = await chat.openRoom({ name: 'inc-charts' });
  const root = await chat.post({ channel, id: 'root', document: { summary: 'panel', blocks: [] } });
  const place = { channel, thread: root.ts };
  return {
    ...here,
    chat,
    place,
    replies: () => here.workspace.control.thread(channel, root.ts).slice(1),
    calls: (method: string) =>
      here.workspace.requestLog.filter((one) => one.method === method).length,
  };
}

/** What `find` is given: it has no chart any more. */
const sought = (place: { channel: string; thread: string }, id: string) => ({
  ...place,
  id,
  document: { summary: '', blocks: [] },
});

describe('a chart in Slack', () => {
  it("is Slack's own, in the thread, in units that keep numbers short", async () => {
    const { chat, place, replies, calls } = await room();
    const ref = await chat.postChart({ ...place, id: 'c1', chart: line });
    expect(replies()).toMatchObject([
      {
        ts: ref.ts,
        text: '/var/lib/docker on host-17: 93 % full',
        blocks: [
          {
            type: 'data_visualization',
            title: '/var/lib/docker on host-17: 93 % full',
            chart: {
              type: 'line',
              series: [
                {
                  name: 'used',
                  data: [
                    { label: '12:00', value: 60 },
                    { label: '12:10', value: 93 },
                  ],
                },
                { name: 'full: 100 GB', data: [{ value: 100 }, { value: 100 }] },
              ],
              axis_config: { categories: ['12:00', '12:10'], x_label: 'UTC', y_label: 'GB' },
            },
          },
        ],
      },
    ]);
    expect(calls('files.getUploadURLExternal')).toBe(0);
  });

  it('is a picture in the thread where the workspace has no charts, with the numbers for who cannot see it', async () => {
    const { chat, place, replies, workspace } = await room({ charts: false });
    await chat.postChart({ ...place, id: 'c1', chart: line });
    const [message] = replies();
    expect(replies()).toHaveLength(1);
    expect(message?.blocks).toMatchObject([
      { type: 'image', slack_file: { id: expect.any(String) } },
    ]);
    const alt = String(message?.blocks[0]?.['alt_text']);
    expect(alt).toContain(
      '93 % full; used 2026-11-20 12:00:00 60 GB; used 2026-11-20 12:10:00 93 GB',
    );
    expect(await pictureOf(workspace, message?.blocks[0])).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  it('is a picture where its names are too long for Slack, and none of them is markup', async () => {
    const { chat, place, replies } = await room();
    await chat.postChart({ ...place, id: 'c1', chart: bar });
    expect(replies()[0]?.blocks).toMatchObject([{ type: 'image' }]);
    expect(replies()[0]?.text).toContain('a log &lt;/script&gt;');
    expect(replies()[0]?.text).not.toContain('\u202e');
  });

  it('waits until Slack has looked at the picture', async () => {
    const { chat, place, replies, workspace } = await room();
    workspace.control.addFault({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'invalid_blocks',
    });
    await chat.postChart({ ...place, id: 'c1', chart: bar });
    expect(replies().map(({ blocks }) => blocks[0]?.['type'])).toEqual(['image']);
  });

  it('is a table where Slack takes no files either', async () => {
    const botScopes = MANIFEST_SCOPES.filter((scope) => scope !== 'files:write');
    const { chat, place, replies } = await room({ charts: false, botScopes });
    await chat.postChart({ ...place, id: 'c1', chart: line });
    expect(replies()).toHaveLength(1);
    expect(JSON.stringify(replies()[0]?.blocks)).toContain('93 GB');
  });

  it('is refused where nothing can be posted', async () => {
    const { chat, place } = await room();
    await chat.archive(place.channel);
    await expect(chat.postChart({ ...place, id: 'c1', chart: line })).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
    });
  });
});

describe('a chart whose answer was lost', () => {
  it.each([
    ["Slack's own", true, line],
    ['a picture', false, line],
  ])('is found again and not posted twice: %s', async (_name, charts, chart) => {
    const { chat, place, replies, workspace } = await room({ charts });
    // Without charts the first post is the one that is refused.
    const skip = charts ? 0 : 1;
    workspace.control.addFault({ method: 'chat.postMessage', kind: 'reset-after', skip });
    await expect(chat.postChart({ ...place, id: 'c1', chart })).rejects.toMatchObject({
      code: 'CHAT_UNAVAILABLE',
    });
    expect(await chat.find(sought(place, 'c1'))).toMatchObject({ ts: replies()[0]?.ts });
    expect(replies()).toHaveLength(1);
  });

  it.each(['files.getUploadURLExternal', 'files.completeUploadExternal'])(
    'at %s was not posted: the next try posts it once',
    async (method) => {
      const { chat, place, replies, workspace } = await room({ charts: false });
      workspace.control.addFault({ method, kind: 'reset-after' });
      const posting = { ...place, id: 'c1', chart: line };
      await expect(chat.postChart(posting)).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
      expect(await chat.find(sought(place, 'c1'))).toBeNull();
      await chat.postChart(posting);
      expect(replies()).toHaveLength(1);
    },
  );
});

describe('the chart block', () => {
  it('leaves to the picture what it would show wrong', () => {
    const points = (...minutes: number[]) =>
      minutes.map((minute) => ({ at: at(minute), value: 1 }));
    const of = (...series: { at: string; value: number }[][]): Chart => ({
      kind: 'line',
      title: 'x',
      unit: 'count',
      series: series.map((one, n) => ({ name: `series ${n}`, points: one })),
    });
    expect(chartBlock(of(points(0, 10, 20)))).not.toBeNull();
    expect(chartBlock(of(points(0, 10, 50)))).toBeNull();
    expect(chartBlock(of(points(0, 10), points(10, 20)))).toBeNull();
    expect(chartBlock(of(points(0)))).toBeNull();
    expect(chartBlock(of(Array.from({ length: 21 }, (_, n) => points(n)).flat()))).toBeNull();
    expect(chartBlock(of())).toBeNull();
    expect(chartBlock({ ...bar, bars: [] })).toBeNull();
    expect(chartBlock({ ...bar, bars: [{ name: 'a', value: Number.NaN }] })).toBeNull();
  });
});

describe('the workspace', () => {
  it('takes a chart block only as Slack does', async () => {
    const workspace = await createWorkspace({ rateLimits: 'off' });
    try {
      const block = chartBlock(line);
      const post = async (change: object) => {
        const changed = { ...block, chart: { ...block?.chart, ...change } };
        const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${workspace.botToken}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ channel: 'general', text: 'x', blocks: [changed] }),
        });
        return ((await response.json()) as { error?: string }).error ?? 'ok';
      };
      const [first] = block?.chart.series ?? [];
      expect(await post({})).toBe('ok');
      expect(await post({ axis_config: { categories: ['12:00'] } })).toBe('invalid_blocks');
      expect(await post({ axis_config: undefined })).toBe('invalid_blocks');
      expect(await post({ series: [first, first] })).toBe('invalid_blocks');
      expect(await post({ series: [{ ...first, name: 'x'.repeat(21) }] })).toBe('invalid_blocks');
      expect(await post({ series: [] })).toBe('invalid_blocks');
      expect(await post({ colours: [] })).toBe('invalid_blocks');
    } finally {
      await workspace.close();
    }
  });
});

async function pictureOf(workspace: Workspace, block: object | undefined): Promise<number[]> {
  const file = block !== undefined && 'slack_file' in block ? block.slack_file : null;
  const id = typeof file === 'object' && file !== null && 'id' in file ? String(file.id) : '';
  const response = await fetch(`${workspace.url}/files/${id}?token=${workspace.pageToken}`);
  expect(response.headers.get('content-type')).toBe('image/png');
  return [...new Uint8Array(await response.arrayBuffer()).slice(0, 4)];
}
