import { displayName } from '../../core/display-name.ts';
import type { Section } from '../../core/sections.ts';
import { linesOf, number, unknownLine, unreadable } from './lines.ts';
import type { Host, Memory, Pressure, Reading } from './reading.ts';

export function parseHost(section: Section): Host {
  const facts = new Map<string, string>();
  const missingTools: string[] = [];
  for (const line of linesOf(section)) {
    if (line.word === 'missing') missingTools.push(displayName(line.rest(0)));
    else if (['time', 'uid', 'tick', 'page', 'container', 'pid1'].includes(line.word))
      facts.set(line.word, line.rest(0));
    else throw unknownLine('host', line);
  }
  const container = facts.get('container');
  return {
    uid: number(facts.get('uid'), 'uid'),
    tick: number(facts.get('tick'), 'clock tick') || 100,
    pageBytes: number(facts.get('page'), 'page size') || 4096,
    container: container === undefined ? null : displayName(container),
    pid1Visible: facts.get('pid1') === 'visible',
    missingTools,
    uptimeSeconds: number(facts.get('time')?.split(' ')[0], 'uptime') / 100,
    epochSeconds: number(facts.get('time')?.split(' ')[1], 'time'),
  };
}

export function parseMemory(section: Section | undefined): Memory | null {
  if (section === undefined || section.exitCode !== 0) return null;
  const bytes = new Map<string, number>();
  for (const line of linesOf(section)) {
    const unit = line.fields[1] === 'kB' ? 1024 : 1;
    bytes.set(line.word.replace(/:$/, ''), number(line.fields[0], line.word) * unit);
  }
  if ((bytes.get('MemTotal') ?? 0) === 0) throw unreadable('MemTotal is missing');
  return { bytes, overcommit: bytes.get('Overcommit') ?? 0, lines: section.body };
}

export function parsePressure(
  section: Section | undefined,
): Pick<Reading, 'pressure' | 'withoutPressure'> {
  const pressure: Pressure[] = [];
  const withoutPressure = new Map<string, string>();
  for (const line of linesOf(section)) {
    const [scope = '', ...averages] = line.fields;
    if (scope === 'absent' || scope === 'off') {
      withoutPressure.set(line.word, scope);
      continue;
    }
    const average = (name: string): number => {
      const found = averages.find((field) => field.startsWith(`${name}=`));
      return number(found?.slice(name.length + 1), `pressure ${line.word} ${scope} ${name}`);
    };
    pressure.push({
      kind: line.word,
      scope,
      avg10: average('avg10'),
      avg60: average('avg60'),
      avg300: average('avg300'),
    });
  }
  return { pressure, withoutPressure };
}
