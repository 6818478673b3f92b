import type { Section } from '../../core/sections.ts';
import { integer, linesOf, unknownLine, unreadable } from './lines.ts';
import type { HostFacts } from './reading.ts';

export function parseHost(section: Section): HostFacts {
  const missingTools: string[] = [];
  const facts = new Map<string, string>();
  for (const line of linesOf(section, {})) {
    const [word, value = ''] = line;
    if (word === 'missing') missingTools.push(value);
    else if (['uid', 'now', 'boot', 'pid1', 'power'].includes(word)) facts.set(word, value);
    else throw unknownLine('host', line);
  }
  return {
    uid: integer(facts.get('uid'), 'uid'),
    now: integer(facts.get('now'), 'time'),
    dockerGroup: facts.get('power') === 'docker',
    pid1Visible: facts.get('pid1') === 'visible',
    missingTools,
  };
}

export function parseProcesses(section: Section): number {
  const [line] = linesOf(section, {});
  if (line?.[0] !== 'total') throw unreadable('the number of processes is missing');
  return integer(line[1], 'number of processes');
}
