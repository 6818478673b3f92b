import { entryOf } from '../json.ts';
import type { Place } from './problems.ts';

const INLINE: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  link: ['url', 'text', 'unsafe'],
  user: ['user_id'],
  usergroup: ['usergroup_id'],
  channel: ['channel_id'],
  emoji: ['name', 'unicode', 'url', 'skin_tone'],
  broadcast: ['range'],
  date: ['timestamp', 'format', 'url', 'fallback'],
  color: ['value'],
  team: ['team_id'],
};

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  rich_text_section: [],
  rich_text_quote: ['border'],
  rich_text_preformatted: ['border', 'language'],
  rich_text_list: ['style', 'indent', 'offset', 'border'],
};

/** A rich_text block: in a message, in a table cell or as an initial value. */
export function checkRichText(place: Place): void {
  if (!place.fields(['type', 'block_id', 'elements'], ['elements'])) return;
  place.at('type').oneOf(['rich_text']);
  for (const group of place.at('elements').items(0, 1000)) checkGroup(group);
}

function checkGroup(group: Place): void {
  const known = entryOf(GROUPS, group.type);
  if (!known) {
    group.fail(`unsupported type: ${group.type}`);
    return;
  }
  group.fields(['type', 'elements', ...known], ['elements']);
  if (group.type === 'rich_text_list') {
    group.at('style').oneOf(['bullet', 'ordered']);
    if (!group.has('style')) group.fail('missing required field: style');
    group.at('indent').integer(0, 8);
    for (const item of group.at('elements').items(1, 1000)) {
      if (item.type !== 'rich_text_section') item.fail(`unsupported type: ${item.type}`);
      else checkGroup(item);
    }
    return;
  }
  const allowed = group.type === 'rich_text_preformatted' ? ['text', 'link'] : Object.keys(INLINE);
  for (const inline of group.at('elements').items(0, 1000)) checkInline(inline, allowed);
}

function checkInline(inline: Place, allowed: readonly string[]): void {
  const known = entryOf(INLINE, inline.type);
  if (!known || !allowed.includes(inline.type)) {
    inline.fail(`unsupported type: ${inline.type}`);
    return;
  }
  const first = known.slice(0, 1);
  inline.fields(['type', 'style', ...known], first);
  if (inline.type === 'text') inline.at('text').string(12_000, 1);
  if (inline.type === 'link') inline.at('url').url();
  if (inline.has('style'))
    inline
      .at('style')
      .fields([
        'bold',
        'italic',
        'strike',
        'code',
        'underline',
        'highlight',
        'client_highlight',
        'unlink',
      ]);
}
