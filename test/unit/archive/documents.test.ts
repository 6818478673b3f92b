import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type {
  ArchiveInput,
  RoomMessage,
} from '../../../src/core/incident/archive/archive-input.ts';
import { incidentJson } from '../../../src/core/incident/archive/incident-json.ts';
import { transcriptHtml } from '../../../src/core/incident/archive/transcript-html.ts';
import { transcriptMd } from '../../../src/core/incident/archive/transcript-md.ts';
import { plainSlackText } from '../../../src/core/incident/archive/transcript-messages.ts';
import { redact } from '../../../src/core/redaction/redact.ts';
import { sampleRecords } from '../../support/sample-case.ts';

const said = (ts: string, text: string, more: Partial<RoomMessage> = {}): RoomMessage => ({
  ts,
  author: 'UADA',
  authorName: 'Ada',
  text,
  reactions: [],
  files: [],
  ...more,
});
const messages = [
  said('1763640000.000100', 'looking <@UBOB>'),
  said('1763640060.000200', 'second thread'),
  said('1763640120.000300', 'a reply', {
    thread: '1763640000.000100',
    author: 'UBOB',
    authorName: 'Bob',
  }),
  said('1763640180.000400', 'password=hunter2', {
    edited: '1763640190.000000',
    reactions: [{ name: 'pushpin', users: ['UBOB'] }],
    files: [{ name: 'graph.png', url: 'https://files.example.org/1' }],
  }),
  said('1763640200.000500', 'orphan reply', { thread: '1763630000.000000' }),
];
const input: ArchiveInput = {
  records: sampleRecords(),
  messages,
  names: new Map([
    ['UBOB', 'Bob'],
    ['UADA', 'Ada'],
  ]),
  archivedAt: '2026-11-20T13:00:00.000Z',
  redact,
  sha256: (content) => createHash('sha256').update(content).digest('hex'),
};

describe('what may be missing', () => {
  const gap = 'Not looked at again: 3 threads | <b>';
  it.each([
    ['incident.json', incidentJson],
    ['transcript.md', transcriptMd],
    ['transcript.html', (all: ArchiveInput) => transcriptHtml(all, [])],
  ] as const)('is said in %s, and only then', (_, make) => {
    expect(make({ ...input, gaps: [gap] })).toContain('Not looked at again: 3 threads');
    expect(make(input)).not.toContain('Not looked at again');
  });

  it('is escaped like every other text', () => {
    expect(transcriptHtml({ ...input, gaps: [gap] }, [])).not.toContain('threads | <b>');
    expect(transcriptMd({ ...input, gaps: [gap] })).not.toContain('threads | <b>');
  });
});

describe('incident.json', () => {
  const text = incidentJson(input);
  const json = JSON.parse(text) as Record<string, never>;

  it('is the same text for the same input', () => {
    expect(incidentJson(input)).toBe(text);
  });

  it('holds the audit log as the journal has it', () => {
    expect(json['audit']).toEqual(input.records);
  });

  it('holds the incident, its people, runs, alerts and every message with all that hangs on it', () => {
    expect(json).toMatchObject({
      schema: 'housecall.incident/1',
      archivedAt: '2026-11-20T13:00:00.000Z',
      incident: {
        id: '20261120-7',
        severity: 'SEV2',
        state: 'resolved',
        resolved: { reason: 'space is free' },
      },
      people: { UADA: 'Ada', UBOB: 'Bob' },
      alerts: [{ alert: { fingerprint: 'a1' }, firing: true }],
      runs: [{ id: 'r1', diagnostic: 'disk', status: 'critical' }],
    });
    expect(json['messages']).toHaveLength(messages.length);
    expect(json['messages']).toContainEqual({
      ...messages[3],
      at: '2025-11-20T12:03:00.000Z',
      text: 'password=[redacted:secret]',
    });
  });

  it('holds every finding with the hash of what its probe printed', () => {
    expect(json['findings']).toMatchObject([
      {
        run: 'r1',
        host: 'host-17',
        code: 'disk.deleted-open-file',
        evidence: [{ exitCode: 0, outputSha256: input.sha256('fd 4\n```\nodd') }],
      },
    ]);
  });

  it('holds every fix with its plan, who asked, who was refused, who approved and what came of it', () => {
    expect(json['fixes']).toMatchObject([
      {
        id: 'f1',
        status: 'finished',
        plan: { summary: 'truncate /proc/991/fd/4' },
        request: { by: { user: 'UADA' } },
        refusals: [{ reason: 'you asked for it' }],
        approvals: [{ person: { user: 'UBOB' } }],
        result: { outcome: 'verified', before: '100 % full', after: '12 % full' },
      },
    ]);
  });

  it('hides secrets', () => {
    expect(text).not.toContain('hunter2');
  });
});

describe('transcript.md', () => {
  const text = transcriptMd(input);

  it('begins with what, how bad, when and who', () => {
    expect(text).toMatch(/^# Incident 20261120-7: disk usage above 75 % on host-17\n/);
    expect(text).toContain('| Severity | SEV2 |');
    expect(text).toContain('| Opened | 2026-11-20 12:00:00 by opsgenie |');
    expect(text).toContain('| Acknowledged | 2026-11-20 12:05:00 by Ada |');
    expect(text).toContain('| Lasted | 13 min |');
    expect(text).toContain('Ada (UADA)');
  });

  it('tells the important things in the timeline, and every event on record', () => {
    const rowsOf = (from: string, to: string) =>
      text
        .split(from)[1]
        ?.split(to)[0]
        ?.match(/^\| 2026-11-20 /gm) ?? [];
    expect(rowsOf('## Timeline', '## Findings')).toHaveLength(9);
    expect(rowsOf('## Everything on record', '## Audit log')).toHaveLength(input.records.length);
    expect(text).toContain(
      '| 2026-11-20 12:10:00 | Bob | approved the fix truncate-deleted-file on host-17 |',
    );
  });

  it('shows findings with evidence that cannot break out of its frame', () => {
    expect(text).toContain('**host-17**: critical (seen: 3 of 98 processes readable)');
    expect(text).toContain('````text\nfd 4\n```\nodd\n````');
  });

  it('shows a fix with who asked, who approved, before and after', () => {
    expect(text).toContain('* requested 2026-11-20 12:08:00 by Ada');
    expect(text).toContain('* approved 2026-11-20 12:10:00 by Bob');
    expect(text).toContain('truncate -s 0 /proc/991/fd/4');
    expect(text).toContain('Before: 100 % full');
    expect(text).toContain('After: 12 % full');
  });

  it('puts replies under what they answer, with edits, reactions and files', () => {
    const part = text.slice(text.indexOf('## Messages'), text.indexOf('## Audit log'));
    const order = ['looking @Bob', 'a reply', 'second thread', 'password=', 'orphan reply'];
    const places = order.map((words) => part.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(part).toContain('> **2025-11-20 12:02:00 Bob**\n>\n> > a reply');
    expect(part).toContain('(edited 2025-11-20 12:03:10)');
    expect(part).toContain(':pushpin: Bob · file graph.png');
    expect(part).not.toContain('hunter2');
  });

  it('ends with the end of the audit log', () => {
    const { length } = input.records;
    expect(text.trimEnd()).toMatch(
      new RegExp(`${length} records; hash of the last: \`${input.records.at(-1)?.hash}\`$`),
    );
  });

  it('says so when there was nothing', () => {
    const empty = transcriptMd({ ...input, records: sampleRecords().slice(0, 1), messages: [] });
    expect(empty).toContain('Nothing was diagnosed.');
    expect(empty).toContain('Nothing was changed by Housecall.');
    expect(empty).toContain('Nobody said anything.');
  });
});

describe("Slack's text", () => {
  it.each([
    ['<@UBOB> and <@UX>', '@Bob and @UX'],
    ['<#C1|general> <!here> <!subteam^S1|@ops>', '#general @here @@ops'],
    ['<https://x.org|site> <https://y.org>', 'site (https://x.org) https://y.org'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['< > <<>> <b> <javascript:x|y>', '< > <<>> <b> <javascript:x|y>'],
  ])('%s reads %s', (text, plain) => {
    expect(plainSlackText(text, (user) => (user === 'UBOB' ? 'Bob' : user))).toBe(plain);
  });
});
