import { h } from './dom.js';
import { people, store, visibleChannels } from './store.js';

/** What could complete the text before the cursor: commands, people and groups, channels. */
export function suggestionsFor(before, inThread) {
  const command = /^\/(\S*)$/.exec(before);
  if (command && !inThread)
    return store.commands
      .filter((one) => one.command.startsWith(`/${command[1]}`))
      .map((one) => ({
        insert: `${one.command} `,
        from: 0,
        title: one.command,
        hint: one.usageHint ?? '',
        note: one.description,
      }));
  const name = /(?:^|[\s(])([@#])([a-z0-9._-]*)$/i.exec(before);
  if (!name) return [];
  const [, sign, typed] = name;
  const from = before.length - typed.length - 1;
  const found =
    sign === '@'
      ? mentionables()
      : visibleChannels()
          .filter((one) => one.name)
          .map((one) => ({ name: one.name, note: one.topic }));
  return found
    .filter((one) => one.name.startsWith(typed.toLowerCase()))
    .slice(0, 8)
    .map((one) => ({
      insert: `${sign}${one.name} `,
      from,
      title: `${sign}${one.name}`,
      hint: '',
      note: one.note,
    }));
}

function mentionables() {
  return [
    ...people().map((user) => ({
      name: user.name,
      note: [user.realName, user.title].filter(Boolean).join(' – '),
    })),
    { name: store.bot.name, note: 'App' },
    ...[...store.userGroups.values()].map((group) => ({ name: group.handle, note: 'Group' })),
  ];
}

/** The list itself: a listbox above the composer. */
export function suggestionList(suggestions, active, onPick) {
  return suggestions.map((one, index) =>
    h(
      'li',
      {
        id: `suggestion-${index}`,
        role: 'option',
        class: index === active ? 'suggestion active' : 'suggestion',
        'aria-selected': String(index === active),
        'data-testid': 'suggestion',
        onmousedown: (event) => {
          event.preventDefault();
          onPick(one);
        },
      },
      h(
        'span',
        { class: 'suggestion-title' },
        h('strong', null, one.title),
        one.hint ? h('code', null, one.hint) : null,
      ),
      h('span', { class: 'muted' }, one.note),
    ),
  );
}
