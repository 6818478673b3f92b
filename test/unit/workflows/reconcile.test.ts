import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { type AlertHere, type OpenAlert, reconcile } from '../../../src/core/reconcile.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const NOTE = 'found by asking opsgenie';

/** ISO 8601, so many seconds before now. */
function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

function alert(fingerprint: string, more: Partial<Alert> = {}): Alert {
  return {
    source: 'opsgenie',
    fingerprint,
    action: 'firing',
    title: `alert ${fingerprint}`,
    description: '',
    labels: {},
    annotations: {},
    hostHints: [],
    startsAt: ago(600),
    ...more,
  };
}

const open = (one: Alert, ours = true): OpenAlert => ({ alert: one, ours });

function here(one: Alert, more: Partial<AlertHere> = {}): AlertHere {
  const known = { stream: '20261120-1', firing: true, changedAt: ago(600), acknowledged: false };
  return { ...known, alert: one, ...more };
}

interface Case {
  there?: readonly OpenAlert[];
  complete?: boolean;
  here?: readonly AlertHere[];
  closed?: Readonly<Record<string, string>>;
}

/** What is found, as `action fingerprint`. */
function found({ there = [], complete = true, here: known = [], closed = {} }: Case) {
  const { missed, acknowledged, ended } = reconcile({
    there: { alerts: there, complete },
    here: known,
    closed: new Map(Object.entries(closed)),
    found: NOTE,
    now: new Date(NOW),
  });
  const words = (list: typeof missed): string[] =>
    list.map(({ alerts }) =>
      alerts.map(({ action, fingerprint }) => `${action} ${fingerprint}`).join(', '),
    );
  return {
    missed: words(missed),
    acknowledged: words(acknowledged),
    ended: words(ended),
    all: [...missed, ...acknowledged, ...ended],
  };
}

const NOTHING = { missed: [], acknowledged: [], ended: [], all: [] };

describe('an alert that is open at its source', () => {
  it('and firing here is no news', () => {
    expect(found({ there: [open(alert('a'))], here: [here(alert('a'))] })).toEqual(NOTHING);
  });

  it('and unknown here was missed', () => {
    expect(found({ there: [open(alert('a'))] }).missed).toEqual(['firing a']);
  });

  it('and unknown here, but begun less than a minute ago, is on its way', () => {
    expect(found({ there: [open(alert('a', { startsAt: ago(59) }))] })).toEqual(NOTHING);
    expect(found({ there: [open(alert('a', { startsAt: ago(60) }))] }).missed).toHaveLength(1);
  });

  it('and unknown here for more than a day is nobody’s emergency', () => {
    expect(found({ there: [open(alert('a', { startsAt: ago(86_401) }))] })).toEqual(NOTHING);
    expect(found({ there: [open(alert('a', { startsAt: ago(86_400) }))] }).missed).toHaveLength(1);
    expect(found({ there: [open(alert('a', { startsAt: new Date(0).toISOString() }))] })).toEqual(
      NOTHING,
    );
  });

  it('and unknown here opens nothing when it may be meant for somebody else', () => {
    expect(found({ there: [open(alert('a'), false)] })).toEqual(NOTHING);
  });

  it('and somebody else’s, but known here, is known', () => {
    const resolved = here(alert('a'), { firing: false });
    expect(found({ there: [open(alert('a'), false)], here: [resolved] }).missed).toHaveLength(1);
  });

  it('whose incident was closed here while it fired is not opened again', () => {
    const there = [open(alert('a', { startsAt: ago(600) }))];
    expect(found({ there, closed: { 'opsgenie:a': ago(300) } })).toEqual(NOTHING);
    expect(found({ there, closed: { 'opsgenie:a': ago(600) } })).toEqual(NOTHING);
    expect(found({ there, closed: { 'opsgenie:a': ago(601) } }).missed).toEqual(['firing a']);
    expect(found({ there, closed: { 'pagerduty:a': ago(300) } }).missed).toEqual(['firing a']);
  });

  it('and over here fires again, a minute later', () => {
    const there = [open(alert('a'))];
    const over = (seconds: number) => here(alert('a'), { firing: false, changedAt: ago(seconds) });
    expect(found({ there, here: [over(59)] })).toEqual(NOTHING);
    expect(found({ there, here: [over(60)] }).missed).toEqual(['firing a']);
  });

  it('and acknowledged, but missed, is said to fire and then to be acknowledged by whom', () => {
    const there = [open(alert('a', { action: 'acknowledged', actor: 'Ada' }))];
    const { missed, all } = found({ there });
    expect(missed).toEqual(['firing a, acknowledged a']);
    expect(all[0]?.alerts.map(({ actor }) => actor)).toEqual([undefined, 'Ada']);
  });
});

describe('an alert that is acknowledged at its source', () => {
  const there = [open(alert('a', { action: 'acknowledged', actor: 'Ada' }))];

  it('and not here is acknowledged here, with who did it and how it was found', () => {
    const { acknowledged, all } = found({ there, here: [here(alert('a'))] });
    expect(acknowledged).toEqual(['acknowledged a']);
    expect(all[0]?.alerts[0]).toMatchObject({ actor: 'Ada', found: NOTE });
  });

  it('and was acknowledged here once stays as people here want it', () => {
    expect(found({ there, here: [here(alert('a'), { acknowledged: true })] })).toEqual(NOTHING);
  });

  it('and changed here a moment ago is left alone', () => {
    expect(found({ there, here: [here(alert('a'), { changedAt: ago(59) })] })).toEqual(NOTHING);
  });

  it('counts also where the source has it for somebody else', () => {
    const [one] = there;
    const others = one === undefined ? [] : [{ ...one, ours: false }];
    expect(found({ there: others, here: [here(alert('a'))] }).acknowledged).toHaveLength(1);
  });
});

describe('an alert that fires here and is not in the list of its source', () => {
  it('has ended, and it is said how that was found', () => {
    const gone = here(alert('a', { actor: 'Ada', title: 'full' }));
    const { ended, all } = found({ there: [open(alert('b', { startsAt: ago(1) }))], here: [gone] });
    expect(ended).toEqual(['resolved a']);
    expect(all[0]?.alerts[0]).toEqual({
      ...alert('a', { title: 'full' }),
      action: 'resolved',
      found: NOTE,
    });
  });

  it('has perhaps not ended when the list is not whole', () => {
    expect(found({ complete: false, here: [here(alert('a'))] })).toEqual(NOTHING);
  });

  it('is left alone when it began less than a minute ago', () => {
    expect(found({ here: [here(alert('a'), { changedAt: ago(59) })] })).toEqual(NOTHING);
    expect(found({ here: [here(alert('a'), { changedAt: ago(60) })] }).ended).toHaveLength(1);
  });

  it('is over already when it was over before', () => {
    expect(found({ here: [here(alert('a'), { firing: false })] })).toEqual(NOTHING);
  });
});

describe('what is found', () => {
  const key = (one: Case): string | undefined => found(one).all[0]?.key;

  it('has the same name for everybody who finds the same', () => {
    const cases: Case[] = [
      { there: [open(alert('a'))] },
      { there: [open(alert('a'))], here: [here(alert('a'), { firing: false })] },
      { there: [open(alert('a', { action: 'acknowledged' }))], here: [here(alert('a'))] },
      { here: [here(alert('a'))] },
    ];
    const names = cases.map(key);
    expect(cases.map(key)).toEqual(names);
    expect(new Set(names).size).toBe(4);
  });

  it('has another name when it happens again', () => {
    const gone = (seconds: number): Case => ({
      here: [here(alert('a'), { changedAt: ago(seconds) })],
    });
    expect(key(gone(100))).not.toBe(key(gone(200)));
    const missed = (seconds: number): Case => ({
      there: [open(alert('a', { startsAt: ago(seconds) }))],
    });
    expect(key(missed(100))).not.toBe(key(missed(200)));
  });

  it('is each found among hundreds', () => {
    const names = Array.from({ length: 300 }, (_, n) => `n${n}`);
    const there = names.filter((_, n) => n % 3 !== 0).map((name) => open(alert(name)));
    const known = names.filter((_, n) => n % 3 !== 1).map((name) => here(alert(name)));
    const { missed, ended } = found({ there, here: known });
    expect(missed).toEqual(names.filter((_, n) => n % 3 === 1).map((name) => `firing ${name}`));
    expect(ended).toEqual(names.filter((_, n) => n % 3 === 0).map((name) => `resolved ${name}`));
  });
});
