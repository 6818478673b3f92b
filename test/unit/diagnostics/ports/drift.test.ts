import { describe, expect, it } from 'vitest';
import {
  type ComparedKey,
  drift,
  isWorse,
} from '../../../../src/diagnostics/ports/assess/drift.ts';
import { portFacts } from '../../../../src/diagnostics/ports/compare/facts.ts';
import { oddOnesOut } from '../../../../src/diagnostics/ports/compare/odd-one-out.ts';
import { DENIED, HOST, namespace, reading, settings } from './reading.ts';

describe('a sysctl that differs from the host', () => {
  it.each<[ComparedKey, string, string, boolean]>([
    ['tcp_tw_reuse', '2', '1', true],
    ['tcp_tw_reuse', '0', '1', true],
    ['tcp_tw_reuse', '0', '2', true],
    ['tcp_tw_reuse', '1', '2', false],
    ['tcp_tw_reuse', '2', '0', false],
    ['tcp_timestamps', '0', '1', true],
    ['tcp_timestamps', '1', '0', false],
    ['ip_local_port_range', '33000 33199', '32768 60999', true],
    ['ip_local_port_range', '1024 65535', '32768 60999', false],
    ['ip_local_reserved_ports', '8080,9000-9009', '', true],
    ['ip_local_reserved_ports', '', '8080', false],
    ['ip_local_reserved_ports', '9000-9009', '8080,8081', true],
    ['tcp_tw_reuse_delay', '2000', '1000', true],
    ['tcp_tw_reuse_delay', '100', '1000', false],
  ])('%s %j for %j is worse: %s', (key, value, expected, worse) => {
    expect(isWorse({ key, value, expected })).toBe(worse);
  });

  it('is told once for all namespaces that have the same value', () => {
    const spaces = [1, 2, 3, 4, 5, 6, 7].map((pid) =>
      namespace({ pid, process: `p${pid}`, settings: settings({ tcp_tw_reuse: '0' }) }),
    );
    const [found, ...rest] = drift(reading([HOST, ...spaces]));
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ status: 'warning', data: { namespace: '1', expected: '2' } });
    expect(found?.title).toBe(
      'tcp_tw_reuse is 0 in 7 network namespaces (p1 (pid 1), p2 (pid 2), p3 (pid 3), p4 (pid 4), p5 (pid 5) and 2 more), but 2 on the host',
    );
    expect(found?.data['namespaces']).toHaveLength(7);
    expect(found?.evidence).toHaveLength(4);
  });

  it('is told value by value, the worst first, until there are too many: then in one', () => {
    const spaces = Array.from({ length: 30 }, (_, i) =>
      namespace({
        pid: 300 + i,
        settings: settings({
          ip_local_port_range: `40000 ${40_100 + i}`,
          tcp_tw_reuse: i === 0 ? '1' : '0',
        }),
      }),
    );
    const host = {
      ...HOST,
      settings: settings({ ip_local_port_range: '32768 60999' }, { how: 'own' }),
    };
    const found = drift(reading([host, ...spaces]));
    expect(found.map(({ status }) => status)).toEqual(Array(5).fill('warning'));
    expect(found[0]?.title).toMatch(/^tcp_tw_reuse is 0 in 29 network namespaces/);
    expect(found[1]?.title).toMatch(/^ip_local_port_range is 40000–40100 in php/);
    expect(found[4]).toMatchObject({
      subject: '28 more differences',
      title: expect.stringMatching(
        /^28 more differences of sysctls from the host, the worst: ip_local_port_range is 40000–40103 in php/,
      ),
      data: { more: 28 },
    });
    expect(found[4]?.detail).toContain('and 8 more.');
    expect(found[4]?.data['folded']).toHaveLength(20);
  });

  it('is fine when it is better than the host, and says so', () => {
    const better = namespace({ settings: settings({ tcp_tw_reuse: '1' }) });
    expect(drift(reading([HOST, better]))).toMatchObject([{ status: 'ok' }]);
  });

  it('does not matter where nothing is connected, and is not known where nothing was read', () => {
    const other = settings({ tcp_tw_reuse: '0' });
    expect(drift(reading([HOST, namespace({ settings: other, timeWait: 0, open: 0 })]))).toEqual(
      [],
    );
    expect(drift(reading([HOST, namespace({ settings: DENIED })]))).toEqual([]);
    expect(drift(reading([namespace({ settings: other })]))).toEqual([]);
    expect(drift(reading([{ ...HOST, settings: DENIED }, namespace({ settings: other })]))).toEqual(
      [],
    );
  });
});

describe('the odd one out', () => {
  const container = { id: 'c'.repeat(64), name: 'app', image: 'app:1' };
  const host = (name: string, reuse: string, image: string | null = 'app:1') => ({
    host: name,
    findings: [],
    facts: portFacts(
      reading([
        HOST,
        namespace({
          containers: [{ ...container, image }],
          settings: settings({ tcp_tw_reuse: reuse }),
        }),
      ]),
    ),
  });

  it('is named against more than half of at least three hosts', () => {
    const told = oddOnesOut([host('a', '1'), host('b', '2'), host('c', '1')]);
    expect(told).toMatchObject([
      {
        host: 'b',
        finding: {
          status: 'warning',
          subject: 'tcp_tw_reuse of app',
          title: 'tcp_tw_reuse is 2 in app, but 1 in 2 of 3 peers (namespaces of image app:1)',
          data: { against: 'peers', peers: 3, agreeing: 2, role: 'image app:1', expected: '1' },
        },
      },
    ]);
  });

  it('is nobody among two hosts, without a majority, or when all agree', () => {
    expect(oddOnesOut([host('a', '1'), host('b', '2')])).toEqual([]);
    expect(oddOnesOut([host('a', '1'), host('b', '2'), host('c', '0')])).toEqual([]);
    const split = [host('a', '1'), host('b', '1'), host('c', '2'), host('d', '2')];
    expect(oddOnesOut(split)).toEqual([]);
    expect(oddOnesOut([host('a', '1'), host('b', '1'), host('c', '1')])).toEqual([]);
  });

  it('is looked for among namespaces of the same process, where the image is not known', () => {
    const told = oddOnesOut(['1', '1', '0'].map((reuse, i) => host(`h${i}`, reuse, null)));
    expect(told[0]?.finding.data['role']).toBe('process php');
    expect(told.map((one) => one.host)).toEqual(['h2']);
  });

  it('never compares different images', () => {
    expect(oddOnesOut(['1', '1', '0'].map((reuse, i) => host(`h${i}`, reuse, `x:${i}`)))).toEqual(
      [],
    );
  });
});
