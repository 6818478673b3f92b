import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertSource } from '../../src/alerts/contract.ts';
import { alertSources } from '../../src/alerts/registry.ts';
import type { Alert } from '../../src/core/alert.ts';
import { HousecallError } from '../../src/core/errors.ts';
import { signedHeaders } from '../support/signed-alert.ts';

const ROOT = path.join(import.meta.dirname, '../../src/alerts');
const NOW = new Date('2026-11-20T12:00:00.000Z');
const LARGE = JSON.stringify('x'.repeat(100_000));
const NESTED = `${'['.repeat(20_000)}1${']'.repeat(20_000)}`;
const ACTIONS: readonly Alert['action'][] = [
  'firing',
  'resolved',
  'acknowledged',
  'unacknowledged',
  'note',
];

interface Case {
  readonly name: string;
  readonly body: string;
  readonly expected: unknown;
}

function casesOf(source: AlertSource): readonly Case[] {
  const folder = path.join(ROOT, source.id, 'fixtures');
  return readdirSync(folder).map((name) => ({
    name,
    body: readFileSync(path.join(folder, name, 'body.json'), 'utf8'),
    expected: JSON.parse(readFileSync(path.join(folder, name, 'expected.json'), 'utf8')),
  }));
}

/** What came of a body: its alerts, a refusal with a plain reason, or something that must not be. */
function outcomeOf(
  source: AlertSource,
  body: string,
): { alerts: readonly Alert[] } | { refused: string } | { threw: unknown } {
  try {
    const alerts = source.decode(body);
    return source.deliveryKey(body) === '' ? { threw: 'empty delivery key' } : { alerts };
  } catch (error) {
    if (!(error instanceof HousecallError) || error.code !== 'DELIVERY_INVALID') {
      return { threw: error };
    }
    return { refused: error.message };
  }
}

const plainReason = (source: AlertSource): RegExp =>
  new RegExp(`^${source.id} webhook: .{5,300}$`, 's');

/** Everything that is wrong with an alert, in words. */
function faultsOf(source: AlertSource, alert: Alert): readonly string[] {
  const texts = Object.values({ ...alert.labels, ...alert.annotations });
  const startsAt = new Date(alert.startsAt);
  const checks: readonly (readonly [boolean, string])[] = [
    [alert.source === source.id, 'source'],
    [alert.fingerprint !== '', 'fingerprint'],
    [ACTIONS.includes(alert.action), 'action'],
    [alert.title !== '', 'title'],
    [Number.isFinite(startsAt.getTime()) && startsAt.toISOString() === alert.startsAt, 'startsAt'],
    [texts.every((text) => typeof text === 'string'), 'labels'],
    [alert.hostHints.every((hint) => /^\S+$/.test(hint)), 'hostHints'],
    [alert.url === undefined || /^https?:\/\//.test(alert.url), 'url'],
  ];
  return checks.filter(([good]) => !good).map(([, what]) => what);
}

/** A value with one of its leaves or branches replaced by something that does not belong there. */
function damaged(value: unknown, at: number, junk: unknown): unknown {
  let left = at;
  const walk = (inner: unknown): unknown => {
    if (left-- === 0) return junk;
    if (Array.isArray(inner)) return inner.map(walk);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value);
}

describe('the registry of alert sources', () => {
  it('names every source once, and each folder is one', () => {
    const ids = alertSources.map((source) => source.id);
    expect(new Set(ids).size).toBe(ids.length);
    const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map((entry) => entry.name).toSorted()).toEqual(ids.toSorted());
  });
});

describe.each(alertSources.map((source) => [source.id, source] as const))(
  'the alert source %s',
  (id, source) => {
    const cases = casesOf(source);

    it('has a title, a README that names its address, and fixtures', () => {
      expect(source.title).not.toBe('');
      const readme = path.join(ROOT, id, 'README.md');
      expect(existsSync(readme)).toBe(true);
      expect(readFileSync(readme, 'utf8')).toContain(`/alerts/${id}`);
      expect(cases.length).toBeGreaterThan(0);
    });

    it.each(cases.map((one) => [one.name, one] as const))('reads the fixture %s', (_, one) => {
      const alerts = source.decode(one.body);
      expect(alerts.flatMap((alert) => faultsOf(source, alert))).toEqual([]);
      expect(alerts).toEqual(one.expected);
    });

    it('never says one alert twice in one delivery', () => {
      for (const { body } of cases) {
        const identities = source.decode(body).map((alert) => alert.fingerprint);
        expect(new Set(identities).size).toBe(identities.length);
      }
    });

    it('gives the same delivery the same key', () => {
      for (const { body } of cases) {
        expect(source.deliveryKey(body, NOW)).toMatch(/^[\x21-\x7e]{1,200}$/);
        expect(source.deliveryKey(body, NOW)).toBe(source.deliveryKey(body, NOW));
      }
    });

    it('reads a body the same however it is laid out', () => {
      for (const { body } of cases) {
        const value: unknown = JSON.parse(body);
        const laidOut = JSON.stringify(value, null, 3);
        expect(source.decode(laidOut)).toEqual(source.decode(JSON.stringify(value)));
      }
    });

    it('gives fixtures that say different things different keys', () => {
      const said = new Map<string, string>();
      for (const { body } of cases) {
        const key = source.deliveryKey(body, NOW);
        const alerts = JSON.stringify(
          source.decode(body).map((one) => [one.fingerprint, one.action]),
        );
        expect(said.get(key) ?? alerts).toBe(alerts);
        said.set(key, alerts);
      }
      expect(said.size).toBeGreaterThan(cases.length / 2);
    });

    it.each([
      ['nothing', ''],
      ['no JSON', '{"a": '],
      ['a lone text', '"x"'],
      ['null', 'null'],
      ['an empty object', '{}'],
      ['an empty list', '[]'],
      ['a form', 'a=b&c=d'],
      ['markup', '<html></html>'],
      ['a prototype', '{"__proto__":{"alert":{"alertId":"x"},"action":"Create"}}'],
      ['deep nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ])('refuses %s with a plain reason', (_, body) => {
      expect(outcomeOf(source, body)).toEqual({
        refused: expect.stringMatching(plainReason(source)) as string,
      });
    });

    it('reads or refuses whatever it is sent, and never fails in any other way', () => {
      const junk = fc.oneof(
        fc.constantFrom<unknown>(
          null,
          {},
          [],
          '',
          ' ',
          0,
          -1,
          1e300,
          true,
          '\ud800',
          'x'.repeat(5000),
        ),
        fc.jsonValue({ maxDepth: 3 }),
      );
      const body = fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .tuple(fc.constantFrom(...cases), fc.nat(60), junk)
          .map(([one, at, value]) => JSON.stringify(damaged(JSON.parse(one.body), at, value))),
        fc
          .tuple(fc.constantFrom(...cases), fc.nat(2000))
          .map(([one, at]) => one.body.slice(0, at % one.body.length)),
      );
      fc.assert(
        fc.property(body, (text) => {
          const outcome = outcomeOf(source, text);
          expect(outcome).not.toHaveProperty('threw');
          const alerts = 'alerts' in outcome ? outcome.alerts : [];
          expect(alerts.flatMap((alert) => faultsOf(source, alert))).toEqual([]);
        }),
        { numRuns: 1500 },
      );
    });

    it.each([
      ['of a megabyte of text', (text: string) => text.replaceAll(/"host-\d+[^"]*"/g, LARGE)],
      ['of lists in lists', (text: string) => text.replaceAll(/"host-\d+[^"]*"/g, NESTED)],
    ])('reads or refuses a body %s, and bounds what it takes', (_, grow) => {
      for (const { body } of cases) {
        const outcome = outcomeOf(source, grow(body));
        expect(outcome).not.toHaveProperty('threw');
        const alerts = 'alerts' in outcome ? outcome.alerts : [];
        expect(alerts.flatMap((alert) => faultsOf(source, alert))).toEqual([]);
        expect(JSON.stringify(alerts).length).toBeLessThan(120_000);
      }
    });

    it('never says in its reason what was in the body', () => {
      expect(JSON.stringify(outcomeOf(source, '{"token": hunter2-in-the-clear}'))).not.toContain(
        'hunter2',
      );
    });

    it('knows its sender by any of the secrets, and tells a stranger what it asks for', () => {
      const rawBody = cases[0]?.body ?? '';
      const at = NOW.getTime() / 1000;
      const headers = signedHeaders(id, rawBody, { secret: 'old-secret', at });
      const sent = { headers, rawBody, now: NOW };
      expect(source.authentic(sent, ['new-secret', 'old-secret'])).toBe(true);
      expect(source.authentic(sent, ['old-secret'])).toBe(true);
      expect(source.authentic(sent, ['new-secret'])).toBe(false);
      expect(source.authentic(sent, [])).toBe(false);
      const byToken = 'authorization' in headers;
      expect(source.challenge).toMatch(byToken ? /^Bearer$/ : /^HMAC-SHA256 header="X-[\w-]+"$/);
      // What is signed holds for these bytes alone.
      const other = { ...sent, rawBody: `${rawBody} ` };
      expect(source.authentic(other, ['old-secret'])).toBe(byToken);
    });

    it('trusts no headers of a stranger, and fails at none', () => {
      const rawBody = cases[0]?.body ?? '';
      const names = ['authorization', 'x-pagerduty-signature', 'x-grafana-alerting-signature'];
      const header = fc.oneof(
        fc.string(),
        fc.string().map((text) => `Bearer ${text}`),
        fc.string().map((text) => `v1=${text},v1=,v1=${text}`),
      );
      const headers = fc.record({
        ...Object.fromEntries(names.map((name) => [name, header])),
        'x-grafana-alerting-timestamp': fc.oneof(header, fc.nat().map(String)),
      });
      fc.assert(
        fc.property(headers, (given) => {
          const sent = { headers: given as Record<string, string>, rawBody, now: NOW };
          expect(source.authentic(sent, ['right-secret-1', ''])).toBe(false);
        }),
        { numRuns: 300 },
      );
    });

    it('trusts nobody without the right secret', () => {
      const rawBody = cases[0]?.body ?? '';
      const now = NOW;
      const wrong = [
        '',
        'x',
        'Bearer',
        'Bearer ',
        'Bearer wrong-secret',
        'Basic c2VjcmV0',
        'v1=',
        'v1=00',
        '00',
      ];
      const secrets = ['right-secret-1', 'right-secret-2'];
      expect(source.authentic({ headers: {}, rawBody, now }, secrets)).toBe(false);
      for (const value of wrong) {
        const headers = {
          authorization: value,
          'x-pagerduty-signature': value,
          'x-grafana-alerting-signature': value,
        };
        expect(source.authentic({ headers, rawBody, now }, secrets)).toBe(false);
        expect(source.authentic({ headers, rawBody, now }, [])).toBe(false);
        expect(source.authentic({ headers, rawBody, now }, [''])).toBe(false);
      }
    });
  },
);
