import { h } from './dom.js';
import { link } from './mrkdwn.js';

/** Kept while the head is drawn again with news. */
let isOpen = false;

/** The channel's canvas: a page that folds out under its head. */
export function canvasOf(canvas) {
  if (!canvas) return null;
  return h(
    'details',
    {
      class: 'canvas',
      'data-testid': 'canvas',
      open: isOpen,
      ontoggle: (event) => {
        isOpen = event.currentTarget.open;
      },
    },
    h('summary', null, canvas.title === '' ? 'Canvas' : `Canvas: ${canvas.title}`),
    h('div', { class: 'canvas-body' }, canvas.sections.map(sectionOf)),
  );
}

function sectionOf({ markdown }) {
  const heading = /^(#{1,3}) (.*)$/.exec(markdown);
  if (heading) return h(`h${heading[1].length + 1}`, null, inlines(heading[2]));
  const fenced = /^(`{3,})[^\n]*\n([^]*?)\n?\1`*$/.exec(markdown);
  if (fenced) return h('pre', null, fenced[2]);
  return h(
    'p',
    null,
    markdown
      .split('\n')
      .flatMap((line, n) => [n === 0 ? null : h('br'), inlines(line.replace(/( {2,}|\\)$/, ''))]),
  );
}

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&nbsp;': '\u00a0' };
const INLINE =
  /\\([!-/:-@[-`{-~])|(&(?:lt|gt|amp|nbsp);)|\*\*((?:\\.|[^\\])+?)\*\*|(`+)([^]*?[^`])\4(?!`)|\[((?:\\.|[^\]\\])*)\]\((https?:[^)\s]*)\)/g;

/** Bold, code, links and escapes: what a canvas of ours holds. Everything else is text. */
function inlines(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    const [all, escaped, entity, bold, , code, label, url] = found;
    parts.push(text.slice(at, found.index));
    at = found.index + all.length;
    if (escaped !== undefined) parts.push(escaped);
    else if (entity !== undefined) parts.push(ENTITIES[entity]);
    else if (bold !== undefined) parts.push(h('strong', null, inlines(bold)));
    else if (code !== undefined) parts.push(h('code', null, code));
    else parts.push(link(url, plain(label)));
  }
  parts.push(text.slice(at));
  return parts;
}

function plain(text) {
  return text
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll(/&(?:lt|gt|amp|nbsp);/g, (entity) => ENTITIES[entity]);
}
