import { randomBytes } from 'node:crypto';
import type { Context } from './context.ts';
import type { Canvas, CanvasSection, Channel } from './model.ts';

/** Characters of one `document_content`. */
export const CANVAS_MARKDOWN = 1_048_576;

export function createCanvas(
  context: Context,
  channel: Channel,
  content: { readonly title: string; readonly markdown: string },
): Canvas {
  const canvas: Canvas = {
    id: context.state.nextId('F'),
    title: content.title,
    sections: sectionsOf(content.markdown),
  };
  channel.canvas = canvas;
  told(context, channel);
  return canvas;
}

/** The canvas and its channel; undefined: there is none of this id any more. */
export function canvasById(
  context: Context,
  id: string,
): { readonly canvas: Canvas; readonly channel: Channel } | undefined {
  for (const channel of context.state.channels.values())
    if (channel.canvas?.id === id) return { canvas: channel.canvas, channel };
  return undefined;
}

export function deleteCanvas(context: Context, channel: Channel): void {
  if (channel.canvas) context.state.deletedCanvases.add(channel.canvas.id);
  delete channel.canvas;
  told(context, channel);
}

/** Puts new content where the old was: `count` sections from `at` on are gone. */
export function spliceSections(
  context: Context,
  place: { readonly canvas: Canvas; readonly channel: Channel },
  change: { readonly at: number; readonly count: number; readonly markdown: string },
): void {
  place.canvas.sections.splice(change.at, change.count, ...sectionsOf(change.markdown));
  told(context, place.channel);
}

/** What a person reads there: the Markdown without its signs, for `contains_text`. */
export function plainText(markdown: string): string {
  return markdown
    .replaceAll(/\[((?:\\.|[^\]\\])*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/(?<!\\)(?:\*\*|`|^#{1,3} )/gm, '')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** A section is a block: a heading's line, a paragraph, a list, fenced code. Each has an id of its own. */
function sectionsOf(markdown: string): CanvasSection[] {
  const blocks: string[] = [];
  let open: string[] = [];
  let fence = '';
  const close = (): void => {
    if (open.length > 0) blocks.push(open.join('\n'));
    open = [];
  };
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    const mark = /^(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence !== '') {
      open.push(line);
      if (mark.startsWith(fence)) fence = '';
    } else if (line.trim() === '') close();
    else if (/^#{1,3} /.test(line)) {
      close();
      blocks.push(line);
    } else {
      fence = mark;
      open.push(line);
    }
  }
  close();
  return blocks.map((block) => ({ id: sectionId(), markdown: block }));
}

/** Slack draws a new one whenever a section is written. */
function sectionId(): string {
  return `temp:C:${randomBytes(14).toString('hex')}`;
}

function told(context: Context, channel: Channel): void {
  context.publish({ kind: 'channel', channel: channel.id });
}
