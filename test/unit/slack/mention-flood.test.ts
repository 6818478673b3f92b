import { expect, it } from 'vitest';
import { peopleOf } from '../../../src/adapters/slack/chat/slack-message.ts';

it('a message that mentions thousands asks Slack for few names, its author’s first', () => {
  const text = Array.from({ length: 3_000 }, (_, n) => `<@U${n}>`).join(' ');
  const asked = peopleOf({ user: 'UADA', text: `<@UADA> ${text}` });
  expect(asked).toHaveLength(50);
  expect(asked.slice(0, 2)).toEqual(['UADA', 'U0']);
});
