import { describe, expect, it } from 'vitest';
import { chainRecords, GENESIS } from '../../../../src/core/audit/chain.ts';
import type { ArchiveInput } from '../../../../src/core/incident/archive/archive-input.ts';
import { postmortemMd } from '../../../../src/core/incident/archive/postmortem-md.ts';
import type { EventRecord } from '../../../../src/core/incident/event.ts';
import { HOUSECALL } from '../../../../src/core/person.ts';
import { archiveStory, ranEvents } from '../../../support/archive-story.ts';
import { sha256 } from '../../../support/sha256.ts';
import { diskFindings } from '../../../support/story-findings.ts';

const input = archiveStory();
const text = postmortemMd(input);

function section(title: string, of = text): string {
  return of.split(`\n## ${title}\n`)[1]?.split('\n## ')[0]?.trim() ?? '';
}

/** The story with these events in the place of those that `drop` names. */
function retold(
  keep: (event: EventRecord['event']) => boolean,
  more: readonly EventRecord['event'][] = [],
): ArchiveInput {
  const kept = input.records.filter(({ event }) => keep(event));
  const later = more.map((event, n) => ({
    at: new Date(Date.UTC(2026, 10, 20, 13, n)).toISOString(),
    actor: HOUSECALL,
    event,
  }));
  const entries = [...kept.map(({ at, actor, event }) => ({ at, actor, event })), ...later];
  return { ...input, records: chainRecords({ seq: 0, hash: GENESIS }, entries, sha256) };
}

describe('the draft of a post-mortem', () => {
  it('begins with the answer', () => {
    expect(text).toMatch(
      /^# Post-mortem of incident 20261120-7: disk usage above 75 % on host-17\n/,
    );
    expect(section('Summary')).toBe(
      [
        `* **What it was:** \`/var/lib/docker\` is 93 % full (host-17); billing-api runs out of local ports to 10.0.0.5:6379 (host-17); and 2 more.`,
        '* **What fixed it:** truncate `/proc/991/fd/4` on host-17: 100 % full → 12 % full (approved by Bob &lt;script&gt;). Resolved by Ada Lovelace: the disk has room again.',
        '* **How long:** 30 min 3 s from opening to resolved; acknowledged after 5 min 1 s; first finding after 1 min.',
        '* **What is left:** Still bad at the last look: 3 findings, 1 critical; not seen in full: 1 look; still firing: 1 alert.',
      ].join('\n'),
    );
  });

  it('measures the impact from the record', () => {
    const impact = section('Impact');
    expect(impact).toContain('| Hosts | host-17 |');
    expect(impact).toContain('| Alert began | 2026-11-20 11:57:00, 3 min before the incident');
    expect(impact).toContain('| Acknowledged after | 5 min 1 s |');
    expect(impact).toContain('| First finding after | 1 min |');
    expect(impact).toContain('| Mitigated after | 27 min 2 s |');
    expect(impact).toContain('| Resolved after | 30 min 3 s |');
    expect(impact).toContain('| Stakeholder updates | 1 |');
    expect(impact).toContain('Who was affected, and how: *to be written*');
  });

  it('tells the important things in order, messages at the time they were said', () => {
    const rows = section('Timeline').split('\n').slice(2);
    expect(rows.map((row) => row.slice(2, 21))).toEqual(
      rows.map((row) => row.slice(2, 21)).toSorted(),
    );
    expect(
      rows.some((row) => row.startsWith('| 2026-11-20 12:09:00 | Ada Lovelace | it is the log')),
    ).toBe(true);
  });

  it('names what was found with its numbers, the worst first', () => {
    const found = section('What was found');
    expect(found.match(/\* \*\*(\w+)\*\*/g)).toEqual([
      '* **critical**',
      '* **critical**',
      '* **warning**',
      '* **warning**',
    ]);
    expect(found).toContain('> 93 GB of 100 GB are used.');
  });

  it('names what was changed, by whom, with whose approval, and what came of it', () => {
    const changed = section('What was changed');
    expect(changed).toContain('* **verified**: truncate `/proc/991/fd/4` on host-17');
    expect(changed).toContain('Asked for by Ada Lovelace, approved by Bob &lt;script&gt;');
    expect(changed).toContain('Before: 100 % full. After: 12 % full.');
  });

  it('names what will not last and what was left on hosts', () => {
    const losses = section('What is not permanent');
    expect(losses).toContain('lost when the writer opens the file again.');
    expect(losses).toContain('a copy lies in /var/tmp/housecall/docker.log.gz (the log)');
  });

  it('names what could not be seen', () => {
    expect(section('What could not be seen')).toContain('host-17: 3 of 98 processes readable');
  });

  it('lists what is left to do, each with a box', () => {
    const items = section('Follow-ups').split('\n');
    expect(items.every((item) => item.startsWith('- [ ] '))).toBe(true);
    const all = items.join('\n');
    expect(all).toContain('Still **critical** at the last look (2026-11-20 12:26:02): billing-api');
    expect(all).toContain('Still firing at opsgenie: disk usage above 75 % on host-17.');
    expect(all).toContain('Make it last on host-17');
    expect(all).toContain(
      'Run docker on host-17: disk.filesystem-full suggested it, and nobody did.',
    );
    expect(all).not.toContain('is 93 % full on host-17');
  });

  it('names people with their roles, and no bots', () => {
    const people = section('Who was there');
    expect(people).toContain('* Ada Lovelace (UADA): commander');
    expect(people).toContain('* Bob &lt;script&gt; (UBOB)');
    expect(people).not.toContain('Housecall');
  });

  it('explains one kind of finding once, and makes one thing to do of all of it', () => {
    const [first, ...others] = diskFindings(91);
    if (first === undefined) throw new Error('no finding');
    const alike = ['a', 'b', 'c'].map((mount) => ({ ...first, subject: mount, title: mount }));
    const draft = postmortemMd(
      retold(
        ({ type }) => type !== 'run.finished' && !type.startsWith('fix.'),
        ranEvents('r9', 'disk', [...alike, ...others]),
      ),
    );
    const found = section('What was found', draft);
    expect(found.split('of 100 GB are used.')).toHaveLength(2);
    expect(found.match(/\(disk\.filesystem-full\)/g)).toHaveLength(3);
    expect(section('Follow-ups', draft)).toContain(
      'a on host-17, and 2 more like it; disk.filesystem-full.',
    );
  });

  it.each([
    ['host-170 takes no connections', 'host-170 takes no connections on host-17'],
    ['host-17.example.org is away', 'host-17.example.org is away on host-17'],
    ['host-17 is full', 'host-17 is full'],
  ])('says on which host it is, unless the title does: %s', (title, said) => {
    const [first] = diskFindings(91);
    if (first === undefined) throw new Error('no finding');
    const draft = postmortemMd(
      retold(({ type }) => type !== 'run.finished', ranEvents('r9', 'disk', [{ ...first, title }])),
    );
    expect(section('Follow-ups', draft)).toContain(`: ${said}; disk.filesystem-full.`);
  });

  it('shows paths as code, and what could be markup in quotation marks', () => {
    const [first] = diskFindings(91);
    if (first === undefined) throw new Error('no finding');
    const title = '`/var/*_x*` and `a|<b>` and `` `c` and d`e';
    const draft = postmortemMd(
      retold(({ type }) => type !== 'run.finished', ranEvents('r9', 'disk', [{ ...first, title }])),
    );
    expect(section('What was found', draft)).toContain(
      String.raw`: ${'`/var/*_x*`'} and “a\|&lt;b&gt;” and \`\` ${'`c`'} and d\`e (disk`,
    );
  });

  it('lets nobody write markup', () => {
    expect(text).not.toMatch(/<script|<img|\u202e/);
    expect(text).not.toMatch(/(?<!\\)\]\(https:\/\/evil/);
    expect(text).not.toContain('hunter2');
  });
});

describe('a record that is silent', () => {
  it('gives a draft that says so', () => {
    const draft = postmortemMd({
      ...retold(({ type }) => type === 'incident.opened'),
      messages: [],
      names: new Map(),
    });
    expect(section('Summary', draft)).toContain('Not found out: no diagnosis found anything wrong');
    expect(section('Impact', draft)).toContain('| Alert began | not known: no alert said |');
    expect(section('Impact', draft)).toContain(
      '| Resolved after | never, as far as the record says |',
    );
    expect(section('What was found', draft)).toContain('The cause is *to be written*');
    expect(section('What was changed', draft)).toContain('by hand is *to be written*');
    expect(section('What is not permanent', draft)).toBe('Nothing that the record names.');
    expect(section('What could not be seen', draft)).toBe('Nothing that the record names.');
    expect(section('Who was there', draft)).toContain('Nobody that the record names.');
  });

  it('says when people resolved it without Housecall', () => {
    const draft = postmortemMd(retold(({ type }) => !type.startsWith('fix.')));
    expect(section('Summary', draft)).toContain(
      'No fix of Housecall. Resolved by Ada Lovelace: the disk has room again.',
    );
    expect(section('Follow-ups', draft)).toContain(
      'Decide on truncate-deleted-file, offered on host-17 for disk.filesystem-full and not run.',
    );
  });
});

describe('a fix that did not hold', () => {
  it('is told as lost, and is to be made to last', () => {
    const draft = postmortemMd(
      retold(() => true, [{ type: 'fix.lost', fix: 'f1', certain: true, reason: 'restarted' }]),
    );
    expect(section('Summary', draft)).toContain('(approved by Bob &lt;script&gt;), lost again.');
    expect(section('What was changed', draft)).toContain(
      '**Lost again** 2026-11-20 13:00:00: restarted',
    );
    expect(section('What is not permanent', draft)).toContain('lost 2026-11-20 13:00:00');
    expect(section('Follow-ups', draft)).toContain('is 93 % full on host-17');
  });

  it('and what a later look still finds bad is not hidden', () => {
    const draft = postmortemMd(retold(() => true, ranEvents('r9', 'disk', diskFindings(91))));
    expect(section('Follow-ups', draft)).toContain(
      'Still **critical** at the last look (2026-11-20 13:00:00)',
    );
    expect(section('Follow-ups', draft)).toContain('is 91 % full on host-17');
  });
});
