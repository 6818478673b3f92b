import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import {
  groupKey,
  type Matcher,
  matcherProblem,
  type Route,
  routeAlert,
} from '../../../src/core/alert-route.ts';

const alert = (labels: Record<string, string>): Alert => ({
  source: 'opsgenie',
  fingerprint: 'f1',
  action: 'firing',
  title: 't',
  description: '',
  labels,
  annotations: {},
  hostHints: [],
  startsAt: '2026-11-20T12:00:00.000Z',
});
const route = (match: Record<string, Matcher>, groupBy: string[] = []): Route => ({
  match,
  severity: 'SEV2',
  diagnose: [],
  invite: [],
  groupBy,
});
const matches = (labels: Record<string, string>, match: Record<string, Matcher>): boolean =>
  routeAlert(alert(labels), [route(match)]) !== null;

describe('routing an alert', () => {
  it('takes the first route of which every label matches', () => {
    const routes = [
      route({ alertname: 'Disk', env: 'prod' }),
      route({ alertname: 'Disk' }),
      route({}),
    ];
    expect(routeAlert(alert({ alertname: 'Disk', env: 'prod' }), routes)).toBe(routes[0]);
    expect(routeAlert(alert({ alertname: 'Disk', env: 'lab' }), routes)).toBe(routes[1]);
    expect(routeAlert(alert({}), routes)).toBe(routes[2]);
    expect(routeAlert(alert({}), [])).toBeNull();
  });

  it('compares text exactly', () => {
    expect(matches({ a: 'Disk' }, { a: 'disk' })).toBe(false);
    expect(matches({ a: 'D.sk' }, { a: 'Disk' })).toBe(false);
    expect(matches({ a: 'a/b' }, { a: 'a/b' })).toBe(true);
  });

  it('matches a regular expression against the whole value', () => {
    expect(matches({ a: 'DiskFull' }, { a: '/Disk/' })).toBe(false);
    expect(matches({ a: 'DiskFull' }, { a: '/Disk.*/' })).toBe(true);
    expect(matches({ a: 'xB' }, { a: '/A|B/' })).toBe(false);
    expect(matches({ a: 'Disk\nx' }, { a: '/Disk/' })).toBe(false);
  });

  it('takes any of a list, texts and expressions mixed', () => {
    expect(matches({ a: 'y' }, { a: ['x', '/[yz]/'] })).toBe(true);
    expect(matches({ a: 'w' }, { a: ['x', '/[yz]/'] })).toBe(false);
    expect(matches({ a: 'w' }, { a: [] })).toBe(false);
  });

  it('treats a missing label as empty, and never reads an inherited one', () => {
    expect(matches({}, { env: '' })).toBe(true);
    expect(matches({}, { env: '/.+/' })).toBe(false);
    expect(matches({}, { constructor: '/.+/' })).toBe(false);
  });

  it('does not run an expression on an overlong value', () => {
    expect(matches({ a: 'x'.repeat(513) }, { a: '/x*/' })).toBe(false);
  });

  it.each(['/(a+)+/', '/.*.*.*.*/', '/(a|a)(a|a){30}/', '/(?=x)x/', '/(x)\\1/', '/(/'])(
    'names the problem of the matcher %s and never runs it',
    (matcher) => {
      expect(matcherProblem([matcher])).toContain(matcher);
      expect(matches({ a: 'a'.repeat(500) }, { a: matcher })).toBe(false);
    },
  );

  it.each(['Disk', '/Node.*Disk.*/', '/(Low|High)(Root|Data)?Disk/', '/[a-z]{2,8}-\\d+/', '//'])(
    'finds no problem in the matcher %s',
    (matcher) => {
      expect(matcherProblem(matcher)).toBeNull();
    },
  );
});

describe('the group of an alert', () => {
  it('is made of the named labels alone, in any order of theirs', () => {
    const one = groupKey(alert({ a: '1', b: '2', c: '3' }), route({}, ['a', 'b']));
    expect(groupKey(alert({ c: '4', b: '2', a: '1' }), route({}, ['b', 'a']))).toBe(one);
    expect(groupKey(alert({ a: '1', b: '9' }), route({}, ['a', 'b']))).not.toBe(one);
  });

  it('is the alert itself when a label is missing or none is named', () => {
    const alone = groupKey(alert({ a: '1' }), route({}, ['a', 'b']));
    expect(alone).toContain('f1');
    expect(groupKey(alert({ a: '1' }), route({}))).toBe(alone);
  });
});
