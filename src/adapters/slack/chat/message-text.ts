import { sanitise } from '../../../core/sanitise.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** What a person wrote, as it reads: mentions by name, links with their address. */
export function writtenText(text: string, nameOf: (user: string) => string): string {
  const plain = text.replace(
    /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>|&(?:amp|lt|gt);/g,
    (whole: string, kind: string | undefined, target: string | undefined, label) => {
      if (kind === undefined) return ENTITIES[whole] ?? whole;
      const shown = typeof label === 'string' && label !== '' ? label : null;
      if (kind === '@') return `@${shown ?? nameOf(target ?? '')}`;
      if (kind === '#') return `#${shown ?? target}`;
      if (kind === '!') return shown ?? `@${(target ?? '').replace(/^subteam\^/, '')}`;
      return shown === null || shown === target ? (target ?? '') : `${shown} (${target})`;
    },
  );
  return sanitise(plain).replaceAll(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** Ids of users that a text mentions. */
export function mentionedUsers(text: string): readonly string[] {
  return [...text.matchAll(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g)].map(([, id = '']) => id);
}

/** Everything our own blocks show, line by line: the `text` beside them is only the headline. */
export function blocksText(blocks: readonly unknown[], nameOf: (user: string) => string): string {
  return blocks
    .map((block) => blockText(block, nameOf))
    .filter((text) => text !== '')
    .join('\n');
}

function blockText(block: unknown, nameOf: (user: string) => string): string {
  const node = fields(block);
  const inner = (key: string): readonly unknown[] => listOf(node[key]);
  switch (node['type']) {
    case 'header':
      return textOf(node['text']);
    case 'section':
      return [textOf(node['text']), ...inner('fields').map(textOf)].filter(Boolean).join('\n');
    case 'context':
      return inner('elements')
        .map((e) => writtenText(textOf(e), nameOf))
        .join(' ');
    case 'actions':
      return inner('elements')
        .map((e) => `[${textOf(fields(e)['text'])}]`)
        .join(' ');
    case 'rich_text':
      return inner('elements')
        .map((e) => richText(e, nameOf))
        .join('\n');
    case 'table':
      return inner('rows')
        .map((row) => listOf(row).map(cellText).join(' | '))
        .join('\n');
    default:
      return '';
  }
}

function richText(group: unknown, nameOf: (user: string) => string): string {
  const node = fields(group);
  const elements = listOf(node['elements']);
  if (node['type'] === 'rich_text_list') {
    return elements.map((item) => `• ${richText(item, nameOf)}`).join('\n');
  }
  return elements.map((element) => inlineText(fields(element), nameOf)).join('');
}

function inlineText(node: Record<string, unknown>, nameOf: (user: string) => string): string {
  const own = (key: string): string => (typeof node[key] === 'string' ? node[key] : '');
  switch (node['type']) {
    case 'user':
      return `@${nameOf(own('user_id'))}`;
    case 'usergroup':
      return `@${own('usergroup_id')}`;
    case 'channel':
      return `#${own('channel_id')}`;
    case 'link':
      return own('text') === '' ? own('url') : `${own('text')} (${own('url')})`;
    default:
      return own('text');
  }
}

function cellText(cell: unknown): string {
  const { text } = fields(cell);
  return typeof text === 'string' ? text : '';
}

function textOf(object: unknown): string {
  const { text } = fields(object);
  return typeof text === 'string' ? text : '';
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
