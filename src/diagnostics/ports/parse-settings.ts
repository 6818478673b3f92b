import type { Section } from '../../core/sections.ts';
import { integer, linesOf, unreadable } from './lines.ts';
import type { Range, Settings } from './reading.ts';

/** The inode of a namespace and its sysctls. */
export function parseSettings(section: Section): readonly [inode: string, settings: Settings] {
  let inode: string | null = null;
  let how: Settings['how'] = 'failed';
  let range: Range | null = null;
  const values: Record<string, string> = {};
  for (const [word, ...fields] of linesOf(section)) {
    if (word === 'ns') inode = fields[0] ?? '';
    else if (word === 'how') how = parseHow(fields[0]);
    else if (word === 'ports') range = parseRange(fields);
    // A key of a newer kernel is no reason to refuse the rest.
    else values[word] = fields.join(' ').trim();
  }
  if (inode === null) throw unreadable('the settings are of no namespace');
  return [inode, { how, values, range }];
}

function parseHow(word: string | undefined): Settings['how'] {
  if (word === 'own' || word === 'entered' || word === 'denied' || word === 'failed') return word;
  throw unreadable(`settings read "${word ?? ''}"`);
}

function parseRange(fields: readonly string[]): Range {
  const [first, last, reserved] = fields;
  return {
    first: integer(first, 'first port'),
    last: integer(last, 'last port'),
    reserved: integer(reserved, 'reserved ports'),
  };
}
