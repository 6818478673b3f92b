import { expect, it } from 'vitest';
import { canvasContract } from '../../contract/canvas.contract.ts';
import { PEOPLE, startSlackSite } from '../../support/slack-site.ts';

const CREATE = { method: 'conversations.canvases.create' };

canvasContract('Slack', PEOPLE.ada, async () => {
  const site = await startSlackSite({ start: false });
  const { control } = site.workspace;
  return {
    chat: site.slack.chat,
    canvasOf: (channel) =>
      control.channel(channel)?.canvas?.sections.map(({ markdown }) => markdown) ?? null,
    write: (channel, text) => control.writeCanvas(PEOPLE.ada, channel, text),
    remove: (channel) => control.deleteCanvas(PEOPLE.ada, channel),
    fault(kind) {
      switch (kind) {
        case 'rate-limited':
          return control.addFault({ ...CREATE, kind: 'rate-limit', retryAfterSeconds: 3 });
        case 'lost-answer':
          return control.addFault({ ...CREATE, kind: 'reset-after' });
        case 'refused': {
          const error = 'team_tier_cannot_create_channel_canvases';
          return control.addFault({ ...CREATE, kind: 'error', error });
        }
      }
    },
    stop: () => site.stop(),
  };
});

it('puts the paragraph back at the top when a person took only that away', async () => {
  const site = await startSlackSite({ start: false });
  try {
    const { control } = site.workspace;
    const { chat } = site.slack;
    const { channel } = await chat.openRoom({ name: 'inc-paragraph' });
    await chat.invite(channel, [PEOPLE.ada]);
    const page = {
      title: 'Handover',
      marker: 'kept by Housecall',
      document: {
        summary: '',
        blocks: [
          { kind: 'paragraph' as const, content: ['state, by ', { user: PEOPLE.grace }] },
          { kind: 'context' as const, content: ['kept by Housecall'] },
        ],
      },
    };
    const known = await chat.showCanvas(channel, page);
    control.writeCanvas(PEOPLE.ada, channel, 'mine');
    control.deleteCanvas(PEOPLE.ada, channel, 'kept by Housecall');
    await chat.showCanvas(channel, { ...page, known });
    const texts = control.channel(channel)?.canvas?.sections.map(({ markdown }) => markdown);
    // People are named, not mentioned.
    expect(texts).toEqual(['state, by grace  \nkept by Housecall', '## Notes', 'mine']);
  } finally {
    await site.stop();
  }
});
