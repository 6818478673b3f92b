import { describe, expect, it } from 'vitest';
import type { RoomMessage } from '../../../src/core/incident/archive/archive-input.ts';
import { emptyCase, reduceCase } from '../../../src/core/incident/case.ts';
import type { CaseEvent, EventRecord } from '../../../src/core/incident/event.ts';
import { timelineItems } from '../../../src/core/incident/timeline/timeline-items.ts';
import { timelineDocument } from '../../../src/core/incident/timeline-document.ts';
import type { Actor } from '../../../src/core/person.ts';
import { documentText } from '../../support/document-text.ts';
import { ALERT, sampleRecords } from '../../support/sample-case.ts';

const ADA: Actor = { kind: 'person', team: 'T1', user: 'UADA' };
const TS = '1795176300.000100';

function recordsOf(events: readonly (readonly [Actor, CaseEvent])[]): readonly EventRecord[] {
  return events.map(([actor, event], n) => ({
    seq: n + 1,
    at: new Date(Date.UTC(2026, 10, 20, 12, n)).toISOString(),
    actor,
    event,
    previous: '',
    hash: '',
  }));
}
const opened: CaseEvent = {
  type: 'incident.opened',
  id: '20261120-7',
  title: 'disk is full',
  severity: 'SEV2',
  state: 'active',
  hosts: ['host-17'],
  invite: [],
};
const added = (via: 'pushpin' | 'pin', text = 'it is the log'): CaseEvent => ({
  type: 'timeline.added',
  ts: TS,
  via,
  author: 'UBOB',
  text,
});
const removed = (via: 'pushpin' | 'pin'): CaseEvent => ({ type: 'timeline.removed', ts: TS, via });
const told = (events: readonly (readonly [Actor, CaseEvent])[]) =>
  timelineItems(recordsOf([[ADA, opened], ...events]));

describe('the timeline', () => {
  it('tells the important things of an incident in order, and leaves the rest to the record', () => {
    const items = timelineItems(sampleRecords());
    expect(items.map(({ kind }) => kind)).toContain('finding');
    expect(items.map(({ kind }) => kind)).toContain('fix');
    expect(items.length).toBeLessThan(sampleRecords().length);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
  });

  it('says what an alert says once, and again when it says something else', () => {
    const alert = (action: 'firing' | 'resolved', n: number): [Actor, CaseEvent] => [
      { kind: 'alert', source: 'opsgenie' },
      { type: 'alert.received', alert: { ...ALERT, action }, hosts: [], delivery: `d${n}` },
    ];
    const items = told([
      alert('firing', 1),
      alert('firing', 2),
      alert('resolved', 3),
      alert('resolved', 4),
      alert('firing', 5),
    ]);
    expect(items.filter(({ kind }) => kind === 'alert')).toHaveLength(3);
  });

  it('holds a message at the time at which it was said, once, as long as anything holds it', () => {
    const [message, ...others] = told([
      [ADA, added('pushpin')],
      [ADA, added('pin')],
      [ADA, removed('pushpin')],
    ]).filter(({ kind }) => kind === 'message');
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      at: new Date(Number(TS) * 1000).toISOString(),
      recordedAt: '2026-11-20T12:01:00.000Z',
      user: 'UBOB',
      text: 'it is the log',
    });
    const off = told([
      [ADA, added('pushpin')],
      [ADA, removed('pushpin')],
      [ADA, removed('pin')],
    ]);
    expect(off.filter(({ kind }) => kind === 'message')).toEqual([]);
  });

  it('tells both texts of a message that was edited, and keeps one that was deleted', () => {
    const message: RoomMessage = {
      ts: TS,
      author: 'UBOB',
      authorName: 'Bob',
      text: 'it is the journal',
      edited: '2026-11-20T12:06:00.000Z',
      earlier: [{ at: '2026-11-20T12:05:00.000Z', text: 'it is the log' }],
      deletedAt: '2026-11-20T12:09:00.000Z',
      reactions: [],
      files: [{ id: 'F1', name: 'graph.png', url: 'https://x' }],
    };
    const records = recordsOf([
      [ADA, opened],
      [ADA, added('pushpin')],
    ]);
    const messages = new Map([[TS, message]]);
    expect(
      timelineItems(records, { messages }).find(({ kind }) => kind === 'message'),
    ).toMatchObject({
      actor: 'Bob',
      text: 'it is the journal',
      before: 'it is the log',
      editedAt: '2026-11-20T12:06:00.000Z',
      deletedAt: '2026-11-20T12:09:00.000Z',
      files: [{ name: 'graph.png' }],
    });
    const state = records.reduce(reduceCase, emptyCase('20261120-7'));
    const text = documentText(timelineDocument(state, records, messages));
    expect(text).toContain(
      'it is the journal · graph.png · edited 12:06:00, at first: it is the log',
    );
    expect(text).toContain('deleted 12:09:00');
  });
});

describe('/incident timeline', () => {
  const documentOf = (events: readonly (readonly [Actor, CaseEvent])[]) => {
    const records = recordsOf([[ADA, opened], ...events]);
    return timelineDocument(records.reduce(reduceCase, emptyCase('20261120-7')), records);
  };

  it('begins with how much there is, and names the day and the people', () => {
    const { summary, blocks } = documentOf([
      [ADA, { type: 'role.assigned', role: 'commander', user: 'UBOB' }],
      [ADA, { type: 'incident.acknowledged', via: 'slack' }],
    ]);
    expect(summary).toBe('Timeline of 20261120-7: 3 entries');
    expect(blocks.slice(1, 3)).toEqual([
      { kind: 'paragraph', content: [{ text: '2026-11-20', style: 'bold' }] },
      {
        kind: 'list',
        items: [
          ['12:00:00 ', { user: 'UADA' }, ' ', 'opened as SEV2: disk is full on host-17'],
          ['12:01:00 ', { user: 'UADA' }, ' ', 'commander is now ', { user: 'UBOB' }],
          ['12:02:00 ', { user: 'UADA' }, ' ', 'acknowledged'],
        ],
      },
    ]);
  });

  it('folds the middle of a long one, and cuts long texts without cutting an id in two', () => {
    const people = Array.from({ length: 40 }, (_, n) => `U${String(n).padStart(9, '0')}`);
    const page: CaseEvent = {
      type: 'page.sent',
      page: 'p',
      reason: 'command',
      step: null,
      round: 0,
      people,
    };
    const document = documentOf(Array.from({ length: 99 }, (): [Actor, CaseEvent] => [ADA, page]));
    const items = document.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
    expect(items).toHaveLength(51);
    expect(JSON.stringify(items)).toContain('… 50 more in between');
    const named = items
      .flat()
      .flatMap((inline) => (typeof inline === 'object' && 'user' in inline ? [inline.user] : []));
    for (const user of named) expect(['UADA', ...people]).toContain(user);
  });
});
