import { describe, expect, it } from 'vitest';
import { exhausted } from '../../../../src/diagnostics/ports/assess/exhausted.ts';
import type { Destination, Namespace, Reading } from '../../../../src/diagnostics/ports/reading.ts';
import { DENIED, destination, HOST, namespace, reading, settings, table } from './reading.ts';

const PARAMS = { warnPercent: 80, criticalPercent: 95 };
const ID = 'b'.repeat(64);

function judge(space: Partial<Namespace>, more: Partial<Reading> = {}) {
  return exhausted(reading([HOST, namespace(space)], more), PARAMS);
}
const of = (one: Partial<Destination>, space: Partial<Namespace> = {}) =>
  judge({ table: table([destination(one)]), ...space })[0];

describe('ports towards one destination', () => {
  it.each([
    [79, undefined],
    [80, 'warning'],
    [94, 'warning'],
    [95, 'critical'],
    [100, 'critical'],
  ])('%d of 100 in use: %s', (used, status) => {
    expect(of({ used, timeWait: used })?.status).toBe(status);
  });

  it.each([
    [98, /98 % are taken, new ones become slow/],
    [99, /: new connections fail with EADDRNOTAVAIL \("Cannot assign requested address"\)$/],
  ])('%d of 100: says what happens to new connections', (used, words) => {
    expect(of({ used, timeWait: used })?.title).toMatch(words);
  });

  it('says how many of them wait when not all do', () => {
    expect(of({ used: 100, timeWait: 90, established: 10 })?.title).toBe(
      'php (pid 261) has 100 of 100 local ports towards 10.0.0.5:6379 in use, 90 of them in TIME_WAIT: new connections fail with EADDRNOTAVAIL ("Cannot assign requested address")',
    );
  });

  it('counts reserved and listening ports out', () => {
    const range = { first: 40_000, last: 40_199, reserved: 60 };
    const found = judge({
      settings: settings({}, { range }),
      table: table([destination({ used: 120, timeWait: 120 })], { listening: 20 }),
    })[0];
    expect(found?.data).toMatchObject({ range: 120, used: 120, usedPercent: 100, reserved: 60 });
    expect(found?.data['cause']).toBe('reserved');
    expect(found?.fixes).toEqual([]);
    expect(judge({ settings: settings({}, { range }), table: table([destination()]) })).toEqual([]);
  });

  it('is no shortage of reserved ports where the whole range would not do either', () => {
    const range = { first: 40_000, last: 40_109, reserved: 10 };
    expect(of({}, { settings: settings({}, { range }) })?.data).toMatchObject({
      cause: 'time-wait',
      reserved: 10,
    });
  });

  it('is everything when all ports are reserved', () => {
    const range = { first: 40_000, last: 40_099, reserved: 100 };
    const [first] = judge({ settings: settings({}, { range }), table: null });
    expect(first?.title).toMatch(
      /has no local port at all: all 100 ports of the range 40000–40099/,
    );
    expect(first?.status).toBe('critical');
  });

  it('says nothing of a table that could not be read', () => {
    expect(judge({ table: table([destination()], { readable: false }) })).toEqual([]);
  });
});

describe('why there are none left', () => {
  it.each<[Partial<Destination>, string, RegExp]>([
    [{ timeWait: 0, established: 100 }, 'leak', /never closed \(a leak\)/],
    [{ timeWait: 20, established: 40, closeWait: 40 }, 'leak', /held open/],
    [
      { timeWait: 0, closeWait: 60, established: 40 },
      'leak',
      /CLOSE_WAIT: 10\.0\.0\.5:6379 has closed/,
    ],
    [{ timeWait: 0, synSent: 100 }, 'unanswered', /does not answer: each attempt/],
    [{ timeWait: 0, closing: 100 }, 'closing', /Look at why the other end keeps/],
    [{ timeWait: 21, established: 79 }, 'time-wait', /Without reuse/],
    [{ timeWait: 20, synSent: 40, established: 40 }, 'leak', /held open/],
    [{ timeWait: 0, synSent: 41, closing: 20, established: 39 }, 'unanswered', /does not answer/],
    [{ timeWait: 0, synSent: 30, closing: 40, established: 30 }, 'closing', /has not/],
  ])('%o: %s', (states, cause, words) => {
    const found = of(states);
    expect(found?.data['cause']).toBe(cause);
    expect(`${found?.title}\n${found?.detail}`).toMatch(words);
    expect(found?.fixes.length).toBe(cause === 'time-wait' ? 1 : 0);
  });

  it('names who holds them, else their user, else the only process there', () => {
    const owners = [
      { pid: 300, process: 'worker', sockets: 99 },
      { pid: 301, process: 'cron', sockets: 1 },
    ];
    const seen = of({ timeWait: 0, established: 100, owners });
    expect(seen?.title).toContain('held open by worker (pid 300)');
    expect(seen?.detail).toContain('Held by worker (pid 300): 99, cron (pid 301): 1.');
    expect(seen?.data).toMatchObject({ holder: 'worker', holderPid: 300 });
    const unseen = of({ timeWait: 0, established: 100, uid: 33 }, { processes: 1 });
    expect(unseen?.detail).toContain('could not be seen (uid 33)');
    expect(unseen?.detail).toContain('php (pid 261) is the only process there');
    expect(of({ timeWait: 0, established: 100 })?.detail).not.toContain('only process');
  });
});

describe('what may be used again', () => {
  it('is not counted where tcp_tw_reuse is 1, or 2 for loopback', () => {
    expect(of({}, { settings: settings({ tcp_tw_reuse: '1' }) })).toBeUndefined();
    expect(of({ loopback: true })).toBeUndefined();
    expect(of({ loopback: true }, { settings: settings({ tcp_tw_reuse: '0' }) })?.fixes).toEqual(
      [],
    );
    expect(of({}, { settings: settings({ tcp_tw_reuse: '0' }) })?.detail).toContain(
      'tcp_tw_reuse there is 0 (2 on the host: every network namespace has its own). With 1',
    );
  });

  it('is counted while it is too young', () => {
    const found = of({ young: 90 }, { settings: settings({ tcp_tw_reuse: '1' }) });
    expect(found).toMatchObject({
      status: 'warning',
      fixes: [],
      data: { used: 90, timeWait: 100 },
    });
    expect(found?.title).toContain('has 90 of 100 local ports towards 10.0.0.5:6379 in TIME_WAIT');
    expect(found?.detail).toContain('more than 100 connections per second are opened and closed');
  });

  it('is counted without timestamps, and no fix is offered', () => {
    const found = of({}, { settings: settings({ tcp_tw_reuse: '1', tcp_timestamps: '0' }) });
    expect(found?.detail).toContain('without timestamps tcp_tw_reuse has no effect');
    expect(found?.fixes).toEqual([]);
  });
});

describe('the fix', () => {
  const container = { id: ID, name: 'php-app', image: 'shop/php:7.1' };

  it('names a container rather than a process, and says what the host has', () => {
    const host = { ...HOST, settings: settings({ tcp_tw_reuse: '1' }, { how: 'own' }) };
    const [found] = exhausted(reading([host, namespace({ containers: [container] })]), PARAMS);
    expect(found?.fixes).toEqual([{ fix: 'reuse-time-wait', params: { container: ID } }]);
    expect(found?.title).toMatch(/^php-app \(container bbbbbbbbbbbb\) has 100 of 100/);
    expect(found?.subject).toBe('php-app → 10.0.0.5:6379');
    expect(found?.detail).toContain('(1 on the host: every network namespace has its own)');
    expect(found?.detail).toContain('lost when it restarts');
    expect(found?.data).toMatchObject({
      namespace: ID,
      container: ID,
      containerName: 'php-app',
      image: 'shop/php:7.1',
    });
  });

  it('is a matter of the host in its own namespace, whatever containers use it', () => {
    const found = exhausted(
      reading([{ ...HOST, containers: [container], table: table(), settings: settings() }]),
      PARAMS,
    )[0];
    expect(found?.title).toMatch(/^The host has/);
    expect(found?.data).toMatchObject({ namespace: '1' });
    expect(found?.fixes).toEqual([{ fix: 'reuse-time-wait', params: { pid: 1 } }]);
  });

  it.each<[string, Partial<Namespace>, Partial<Reading>]>([
    ['without privilege', {}, { privilege: 'none' }],
    ['without nsenter', {}, { host: { ...reading([]).host, enter: 'none' } }],
    [
      'when the setting was not read',
      { settings: DENIED, table: table([destination({ lastPort: 40_099 })]) },
      {},
    ],
    [
      'on a kernel without the setting',
      { settings: { ...settings(), values: { tcp_timestamps: '1' } } },
      {},
    ],
  ])('is not offered %s', (_what, space, more) => {
    const [found] = judge(space, more);
    expect(found?.data['cause']).toBe('time-wait');
    expect(found?.fixes).toEqual([]);
  });
});

describe('a range that could not be read', () => {
  const denied = (
    one: Partial<Destination>,
    counters: Record<string, number> = { TWRecycled: 0 },
  ) => judge({ settings: DENIED, table: table([destination(one)], { counters }) })[0];

  it('is concluded from ports without a gap, when they are many', () => {
    const full = denied({ used: 100, firstPort: 40_000, lastPort: 40_099 });
    expect(full).toMatchObject({ status: 'critical', data: { rangeKnown: 'gapless', range: 100 } });
    expect(full?.title).toContain(
      '100 of the 100 ports from 40000 to 40099, without a gap, towards',
    );
    expect(full?.detail).toContain('its counter TWRecycled is 0, so nothing is reused');
    const nearly = denied({ used: 98, timeWait: 98, firstPort: 40_000, lastPort: 40_099 });
    expect(nearly).toBeUndefined();
    const most = denied({ used: 196, timeWait: 196, firstPort: 40_000, lastPort: 40_199 });
    expect(most?.title).toContain('196 of the 200 ports from 40000 to 40199, nearly without a gap');
    expect(
      denied({ used: 195, timeWait: 195, firstPort: 40_000, lastPort: 40_199 }),
    ).toBeUndefined();
    expect(denied({ used: 99, firstPort: 40_000, lastPort: 40_098 })).toBeUndefined();
  });

  it('is a warning only when ports may be reused there', () => {
    const gapless = { firstPort: 40_000, lastPort: 40_099 };
    const may = denied(gapless, { TWRecycled: 5 });
    expect(may).toMatchObject({ status: 'warning' });
    expect(may?.title).toMatch(/may fail with EADDRNOTAVAIL \(/);
    expect(may?.detail).toContain('if it is 1, ports in TIME_WAIT are reused');
    expect(denied({ ...gapless, timeWait: 0, established: 100 }, { TWRecycled: 5 })?.status).toBe(
      'critical',
    );
  });

  it('is assumed from the host, as a warning, and never narrower than what is used', () => {
    const assumed = denied({ used: 28_000, timeWait: 28_000, firstPort: 32_768, lastPort: 60_999 });
    // 99 % of the range of the host without a gap would be more than an assumption.
    expect(assumed?.data['rangeKnown']).toBe('gapless');
    const some = denied({ used: 24_000, timeWait: 24_000, firstPort: 32_768, lastPort: 60_998 });
    expect(some).toMatchObject({ status: 'warning', data: { rangeKnown: 'host', range: 28_232 } });
    expect(some?.title).toMatch(
      /has at least 24,000 of 28,232 \(range assumed from the host\) local ports .* may fail/,
    );
    const wide = denied({ used: 40_000, timeWait: 40_000, firstPort: 20_000, lastPort: 65_000 });
    expect(wide?.data).toMatchObject({ range: 45_001, firstPort: 20_000, lastPort: 65_000 });
  });
});
