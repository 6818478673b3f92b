import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/core/document/document.ts';
import type { CaseState } from '../../../src/core/incident/case.ts';
import { panelDocument } from '../../../src/core/incident/panel-document.ts';
import { HOUSECALL } from '../../../src/core/person.ts';
import { documentText } from '../../support/document-text.ts';
import { after, alertEvent, opened, person, told } from '../../support/told-case.ts';

const ADA = person('UADA');
const text = (state: CaseState): string => documentText(panelDocument(state));
const buttons = (state: CaseState): string[] =>
  panelDocument(state)
    .blocks.flatMap((block): readonly Action[] => (block.kind === 'actions' ? block.actions : []))
    .map(({ action }) => action);

describe('the panel of a room', () => {
  it('begins with how bad it is, where it stands and what it is about', () => {
    const document = panelDocument(told([0, ADA, opened()]));
    expect(document.summary).toBe('SEV2 active: shop is slow');
    expect(document.blocks[0]).toEqual({ kind: 'heading', text: document.summary });
  });

  it('offers what makes sense in the state it is in', () => {
    const open = [0, ADA, opened()] as const;
    const acknowledged = [3, ADA, { type: 'incident.acknowledged', via: 'slack' }] as const;
    const resolved = [9, ADA, { type: 'incident.resolved', reason: '', via: 'slack' }] as const;
    const more = ['incident.severity', 'incident.role', 'incident.update', 'incident.resolve'];
    expect(buttons(told(open))).toEqual(['incident.ack', ...more]);
    expect(buttons(told(open, acknowledged))).toEqual(more);
    expect(buttons(told(open, resolved))).toEqual(['incident.update', 'incident.close']);
    expect(buttons(told(open, resolved, [10, ADA, { type: 'incident.closing' }]))).toEqual([]);
    expect(buttons(told(open, [4, ADA, { type: 'incident.merged', into: '20261120-9' }]))).toEqual(
      [],
    );
  });

  it('says who acknowledged and how long that took', () => {
    expect(text(told([0, ADA, opened()]))).toContain('Nobody has acknowledged yet');
    const state = told(
      [0, ADA, opened()],
      [4, ADA, { type: 'incident.acknowledged', via: 'slack' }],
    );
    expect(text(state)).toContain('Acknowledged by @UADA at 03:04 UTC, after 4 min');
    const silent = told(
      [0, ADA, opened()],
      [4, ADA, { type: 'incident.acknowledged', via: 'slack' }],
      [94, HOUSECALL, { type: 'incident.unacknowledged', via: 'silence' }],
    );
    expect(text(silent)).toContain('Nobody is on it: the acknowledgement ended at 04:34 UTC');
  });

  const page = (n: number, people: string[]) =>
    ({ type: 'page.sent', page: `p${n}`, reason: 'ladder', step: n, round: 0, people }) as const;

  it('says who was paged when, and that paging stops with the acknowledgement', () => {
    const paged = [
      [0, ADA, opened()],
      [5, HOUSECALL, page(0, ['UADA'])],
      [10, HOUSECALL, page(1, ['SONCALL'])],
    ] as const;
    expect(text(told(...paged))).toContain('Paged @UADA at 03:05 UTC, @SONCALL at 03:10 UTC');
    const acknowledged = told(...paged, [11, ADA, { type: 'incident.acknowledged', via: 'slack' }]);
    expect(text(acknowledged)).toContain('2 pages sent; paging has stopped');
    expect(text(acknowledged)).not.toContain('SONCALL');
  });

  it('says who is called next, and when, until somebody answers', () => {
    const next = { people: ['SONCALL'], at: after(10) };
    const paged = [
      [0, ADA, opened()],
      [5, HOUSECALL, { ...page(0, ['UADA']), next }],
      [6, ADA, { ...page(1, ['UGRACE']), reason: 'command', step: null }],
    ] as const;
    expect(text(told(...paged))).toContain(
      'Paged @UADA at 03:05 UTC, @UGRACE at 03:06 UTC; next: @SONCALL at 03:10 UTC',
    );
    const done = [11, HOUSECALL, { type: 'page.exhausted' }] as const;
    expect(text(told(...paged, done))).not.toContain('next:');
  });

  it('tells the latest of many pages, and when nobody is left to page', () => {
    const state = told(
      [0, ADA, opened()],
      ...[0, 1, 2, 3, 4].map((n) => [5 * n + 5, HOUSECALL, page(n, [`U${n}`])] as const),
      [30, HOUSECALL, { type: 'page.exhausted' }],
    );
    expect(text(state)).toContain('Paged @U2 at 03:15 UTC, @U3 at 03:20 UTC, @U4 at 03:25 UTC');
    expect(text(state)).toContain('after 2 earlier pages');
    expect(text(state)).toContain('Everybody on the list was paged; nobody answered');
  });

  it('shows who has which role', () => {
    const state = told(
      [0, ADA, opened()],
      [1, ADA, { type: 'role.assigned', role: 'scribe', user: 'UGRACE' }],
      [2, ADA, { type: 'role.assigned', role: 'commander', user: 'UADA' }],
    );
    expect(text(state)).toContain('Roles: commander @UADA · scribe @UGRACE');
  });

  it('shows what stakeholders were told last, and when they will hear again', () => {
    const state = told(
      [0, ADA, opened()],
      [10, ADA, { type: 'update.posted', text: 'we look' }],
      [23, ADA, { type: 'update.posted', text: 'checkout is back', nextAt: after(53) }],
    );
    expect(text(state)).toContain(
      'Told stakeholders at 03:23 UTC, @UADA: checkout is back · next by 03:53 UTC',
    );
    expect(text(state)).not.toContain('we look');
  });

  it('names the day of what happened on another one', () => {
    const state = told(
      [0, ADA, opened()],
      [24 * 60, ADA, { type: 'incident.acknowledged', via: 'slack' }],
    );
    expect(text(state)).toContain('at 2026-11-21 03:00 UTC');
  });

  it('says first where a merged incident goes on, and what else it continues or took in', () => {
    const merged = told(
      [0, ADA, opened()],
      [4, ADA, { type: 'incident.merged', into: '20261120-9' }],
    );
    expect(panelDocument(merged).summary).toBe('SEV2 merged into 20261120-9: shop is slow');
    const gathering = told(
      [0, ADA, opened({ continues: '20261119-2' })],
      [
        4,
        ADA,
        { type: 'incident.absorbed', from: '20261120-5', title: 'x', hosts: [], alerts: [] },
      ],
    );
    expect(text(gathering)).toContain('It continues 20261119-2');
    expect(text(gathering)).toContain('The alerts of 20261120-5 go on here');
  });

  it('lists the alerts one by one, and says which flaps', () => {
    const state = told(
      [0, ADA, opened()],
      [1, ADA, alertEvent('a', { title: 'disk full' }, ['host-17'])],
      [2, ADA, alertEvent('b', { title: 'latency' }, ['web-1', 'web-2'])],
      [3, ADA, alertEvent('b', { title: 'latency', action: 'resolved' })],
      [
        4,
        ADA,
        {
          type: 'alert.flapping',
          alert: 'opsgenie:b',
          title: 'latency',
          changes: 7,
          since: after(1),
        },
      ],
    );
    expect(text(state)).toContain('Alerts (1 of 2 firing)');
    expect(text(state)).toContain('firing: disk full (opsgenie, host-17)');
    expect(text(state)).toContain('resolved: latency (opsgenie, web-[1-2]) · flapping');
  });

  it('counts the alerts of a storm by name, those that fire most first, on few lines', () => {
    const kinds = Array.from({ length: 30 }, (_, kind) => kind);
    const alerts = kinds.flatMap((kind) =>
      Array.from({ length: 30 - kind }, (_, n) => {
        const labels = { alertname: `Kind${kind}` };
        return [1, ADA, alertEvent(`${kind}-${n}`, { labels }, [`web-${n + 1}`])] as const;
      }),
    );
    const state = told([0, ADA, opened({ storm: true })], ...alerts);
    expect(text(state)).toContain('465 alerts are gathered here');
    expect(text(state)).toContain('Kind0: 30 firing · web-[1-30]');
    expect(text(state)).toContain('… and 171 more alerts under 18 other names');
    expect(text(state).split('\n').length).toBeLessThan(30);
  });

  it('asks which hosts are meant where the inventory knows none, and not about what is over', () => {
    const unknown = alertEvent('a', { hostHints: ['web-99'] });
    const state = told([0, ADA, opened()], [1, ADA, unknown]);
    expect(text(state)).toContain('Not in the inventory: web-99');
    const over = told(
      [0, ADA, opened()],
      [1, ADA, unknown],
      [2, ADA, alertEvent('a', { action: 'resolved', hostHints: ['web-99'] })],
    );
    expect(text(over)).not.toContain('Not in the inventory');
  });

  it('stays readable with a title, hosts and an update of any length', () => {
    const state = told(
      [0, ADA, opened({ title: 'x'.repeat(2_000), hosts: manyHosts(500) })],
      [1, ADA, { type: 'update.posted', text: 'y'.repeat(3_000) }],
      [2, ADA, alertEvent('a', { title: 'z'.repeat(3_000) }, manyHosts(500))],
    );
    const [, ...rest] = panelDocument(state).blocks;
    expect(documentText({ summary: '', blocks: rest }).length).toBeLessThan(2_000);
  });
});

function manyHosts(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `host-${(n * 7919) % 100_003}-${'n'.repeat(9)}`);
}
