/** Whether a path fits a shell pattern as glob(7) has it: `*` and `?` stop at a slash, and at a dot in front. */
export function globMatches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const names = path.split('/');
  return (
    parts.length === names.length &&
    parts.every((part, i) => segment(part)?.test(names[i] ?? '') === true)
  );
}

function segment(pattern: string): RegExp | null {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    const set = character === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
    if (set !== null) {
      source += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replace(/[\\\]^[]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else source += quoted(character === '\\' ? (pattern[++at] ?? '\\') : character);
  }
  const hidden = /^[*?[]/.test(pattern) ? '(?!\\.)' : '';
  try {
    return new RegExp(`^${hidden}${source}$`, 's');
  } catch {
    // A range that runs backwards, as in [z-a], fits nothing.
    return null;
  }
}

function quoted(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}
