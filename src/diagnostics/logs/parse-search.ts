import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { lineText } from './display.ts';
import { integer, linesOf, unknownLine, unreadable } from './lines.ts';
import type { Asked, ConfigFile, Rotation, Search } from './reading.ts';

export function parseAsked(section: Section): Asked {
  let asked: Asked = { problem: null, type: '?', mountpoint: '?', real: null };
  for (const line of linesOf(section, { real: 2 })) {
    const [word, first = '', type = '?', mountpoint = '?'] = line;
    if (word === 'problem') {
      asked = {
        ...asked,
        problem: first,
        type: displayName(type),
        mountpoint: displayName(mountpoint),
      };
    } else if (word === 'real') asked = { ...asked, real: displayName(first) };
    else throw unknownLine('asked', line);
  }
  return asked;
}

export function parseSearch(section: Section, chosen: Section | undefined): Search {
  const numbers = new Map<string, number>();
  let skipped = false;
  let containersUnreadable = false;
  for (const line of linesOf(section, {})) {
    const [word, first] = line;
    if (word === 'skipped') skipped = true;
    else if (word === 'containers') containersUnreadable = true;
    else if (word === 'denied' || word === 'unreadable') numbers.set(word, integer(first, word));
    else throw unknownLine('directories', line);
  }
  const [count] = chosen === undefined ? [] : linesOf(chosen, {});
  return {
    candidates: count === undefined ? 0 : integer(count[1], 'number of logs'),
    deniedDirectories: numbers.get('denied') ?? 0,
    unreadableFiles: numbers.get('unreadable') ?? 0,
    containersUnreadable,
    skipped,
  };
}

export function parseRotation(section: Section): Rotation {
  const files: { path: string; lines: string[] }[] = [];
  const denied: string[] = [];
  for (const line of linesOf(section, { line: 2, config: 2, denied: 2 })) {
    const [word, text = ''] = line;
    if (word === 'config') files.push({ path: displayName(text), lines: [] });
    else if (word === 'denied') denied.push(displayName(text));
    else if (word === 'line') lastOf(files).lines.push(lineText(text));
    else throw unknownLine('rotation', line);
  }
  return { files, denied };
}

function lastOf(files: readonly { path: string; lines: string[] }[]): ConfigFile & {
  lines: string[];
} {
  const last = files.at(-1);
  if (last === undefined) throw unreadable('a line of a configuration without its file');
  return last;
}
