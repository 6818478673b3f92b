import { describe, expect, it } from 'vitest';
import { canvasMarkdown } from '../../../src/adapters/slack/render/canvas-markdown.ts';
import type { Block, Inline } from '../../../src/core/document/document.ts';

const render = (...blocks: Block[]): string =>
  canvasMarkdown({ summary: '', blocks }, (user) => `Name of ${user}`);
const say = (...content: Inline[]): string => render({ kind: 'paragraph', content });

describe('a document in a canvas', () => {
  it('is one paragraph, whatever is in it: Slack replaces it as a whole', () => {
    const text = render(
      { kind: 'heading', text: 'SEV2 active: disk' },
      { kind: 'paragraph', content: [{ text: 'Open', style: 'bold' }] },
      { kind: 'list', items: [['a'], ['b\n\n# c']] },
    );
    expect(text).toBe('**SEV2 active: disk**  \n**Open**  \n• a  \n• b \\# c');
  });

  it('names people instead of mentioning them', () => {
    expect(say('by ', { user: 'UADA' })).toBe('by Name of UADA');
    expect(say({ group: 'S0ONCALL' })).toBe('group S0ONCALL');
  });

  it('keeps a mark away from the spaces beside it', () => {
    expect(say({ text: 'Hosts: ', style: 'bold' }, 'host-17')).toBe('**Hosts:** host-17');
  });

  it.each([
    ['# heading', '\\# heading'],
    ['[click](https://evil.example)', '\\[click\\](https://evil.example)'],
    ['![](@U0ADA)', '\\!\\[\\](@U0ADA)'],
    ['<!channel> <@U0ADA>', '&lt;\\!channel&gt; &lt;@U0ADA&gt;'],
    ['@here', '\\@here'],
    ['- [ ] task', '\\- \\[ \\] task'],
    ['1. list', '1\\. list'],
    ['| a | b |', '\\| a \\| b \\|'],
    ['`code` *b* _i_ ~s~', '\\`code\\` \\*b\\* \\_i\\_ \\~s\\~'],
    ['a\n\n## b\n---', 'a \\#\\# b ---'],
  ])('takes nothing in a text for markup: %j', (text, expected) => {
    expect(say(text)).toBe(expected);
    expect(say({ link: 'javascript:alert(1)', text })).toBe(expected);
  });

  it('links only http and https, and no address ends early', () => {
    expect(say({ link: 'https://a.example/x(y)?q=[1]', text: 'Alert' })).toBe(
      '[Alert](https://a.example/x%28y%29?q=%5B1%5D)',
    );
    expect(say({ link: 'https://a.example/) [b](https://evil.example', text: 'A' })).not.toContain(
      '(https://evil',
    );
  });

  it('keeps its last line, by which it is found again, however long the rest is', () => {
    const items = Array.from({ length: 5_000 }, () => ['x'.repeat(100)]);
    const text = render({ kind: 'list', items }, { kind: 'context', content: ['kept by us'] });
    expect(text.endsWith('kept by us')).toBe(true);
    expect(text.length).toBeLessThan(60_000);
  });
});
