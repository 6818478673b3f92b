import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertmanager } from '../../../src/alerts/alertmanager/index.ts';

interface Body {
  status: string;
  groupKey: string;
  truncatedAlerts: number;
  receiver: string;
  alerts: {
    status: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
    startsAt: string;
    fingerprint?: string;
    generatorURL?: string;
  }[];
}

function fixture(name: string): Body {
  const file = path.join('../../../src/alerts/alertmanager/fixtures', name, 'body.json');
  return JSON.parse(readFileSync(path.join(import.meta.dirname, file), 'utf8')) as Body;
}

/** The fixture `truncated` with a change. */
function changed(change: (body: Body) => void): string {
  const body = fixture('truncated');
  change(body);
  return JSON.stringify(body);
}

const key = (body: string): string => alertmanager.deliveryKey(body);
const SAME = changed(() => {});

describe('what Alertmanager sends', () => {
  it('is the same from another peer, with its alerts in another order', () => {
    const other = changed((body) => {
      body.alerts.reverse();
      Object.assign(body, { externalURL: 'http://peer-2:9093', notification_reason: 'none' });
    });
    expect(key(other)).toBe(key(SAME));
  });

  it.each<[string, (body: Body) => void]>([
    ['one alert more', (body) => body.alerts.push({ ...fixture('resolved').alerts[0]! })],
    ['one alert less', (body) => body.alerts.pop()],
    ['an alert that is over', (body) => Object.assign(body.alerts[0]!, { status: 'resolved' })],
    [
      'an alert that fires anew',
      (body) => Object.assign(body.alerts[0]!, { startsAt: '2026-11-21T00:00:00Z' }),
    ],
    ['another group', (body) => Object.assign(body, { groupKey: '{}:{alertname="Other"}' })],
    ['more that was left out', (body) => Object.assign(body, { truncatedAlerts: 3 })],
  ])('is another with %s', (_, change) => {
    expect(key(changed(change))).not.toBe(key(SAME));
  });

  it('tells in the title of the first that fires how many were left out', () => {
    const titles = (body: string): string[] => alertmanager.decode(body).map(({ title }) => title);
    expect(titles(JSON.stringify(fixture('partly-resolved')))).toEqual([
      '/var/lib/docker on host-17 is 97 % full',
      '/ on host-18 is 98 % full (+2 more: see Alertmanager)',
    ]);
    const over = changed((body) => {
      for (const alert of body.alerts) alert.status = 'resolved';
    });
    expect(titles(over)[0]).toMatch(/\(\+2 more: see Alertmanager\)$/);
    expect(titles(changed((body) => Object.assign(body, { truncatedAlerts: 0 })))).not.toContain(
      'more',
    );
  });

  it('tells it also after a title that is too long for a heading', () => {
    const body = changed((one) => {
      for (const alert of one.alerts) alert.annotations = { summary: '🔥'.repeat(300) };
    });
    const title = alertmanager.decode(body)[0]?.title ?? '';
    expect(title).toMatch(/🔥… \(\+2 more: see Alertmanager\)$/u);
    expect(Array.from(title).length).toBeLessThan(150);
  });

  it('says so as well when it holds more alerts than Housecall takes at once', () => {
    const many = changed((body) => {
      const [first] = body.alerts;
      body.truncatedAlerts = 5;
      body.alerts = Array.from({ length: 2_010 }, (_, n) => ({
        ...first!,
        fingerprint: `f${n}`,
      }));
    });
    const alerts = alertmanager.decode(many);
    expect(alerts).toHaveLength(2_000);
    expect(alerts[0]?.title).toMatch(/\(\+15 more: see Alertmanager\)$/);
  });

  it('of one alert fires when one entry of two says so', () => {
    const twice = changed((body) => {
      const [first] = body.alerts;
      body.alerts = [{ ...first!, status: 'resolved' }, first!, { ...first!, status: 'resolved' }];
    });
    expect(alertmanager.decode(twice).map(({ action }) => action)).toEqual(['firing']);
  });

  it('without a fingerprint is told apart by its labels, in any order of theirs', () => {
    const withLabels = (labels: Record<string, string>): string | undefined =>
      alertmanager.decode(
        changed((body) => {
          body.alerts = [{ ...body.alerts[0]!, labels, fingerprint: '' }];
        }),
      )[0]?.fingerprint;
    expect(withLabels({ a: '1', b: '2' })).toBe(withLabels({ b: '2', a: '1' }));
    expect(withLabels({ a: '1', b: '2' })).not.toBe(withLabels({ a: '1', b: '3' }));
  });

  it('with a status that is not known opens nothing and is still read', () => {
    const odd = changed((body) => Object.assign(body.alerts[0]!, { status: 'suppressed' }));
    expect(alertmanager.decode(odd)[0]).toMatchObject({
      action: 'note',
      description: expect.stringContaining('"suppressed"') as string,
    });
  });

  it('links only what is an address, and never half of one', () => {
    const url = (generatorURL: string): string | undefined =>
      alertmanager.decode(changed((body) => Object.assign(body.alerts[0]!, { generatorURL })))[0]
        ?.url;
    const home = 'http://alertmanager.example.org:9093';
    expect(url('javascript:alert(1)')).toBe(home);
    expect(url('http://x/a b')).toBe(home);
    expect(url('http://x/|<!channel>')).toBe(home);
    expect(url(`http://x/${'a'.repeat(5_000)}`)).toBe(home);
    expect(url('https://prometheus.example.org/graph?g0.expr=up')).toContain('prometheus');
  });

  it('has titles of one line', () => {
    const body = changed((one) => {
      one.alerts[0]!.annotations = { summary: 'disk\n  is \t full\r\n' };
      one.truncatedAlerts = 0;
    });
    expect(alertmanager.decode(body)[0]?.title).toBe('disk is full');
  });

  it.each([
    ['1', /"1" is what Grafana sends: its address is \/alerts\/grafana/],
    ['5', /version: must be "4"/],
    [undefined, /version: must be "4".*custom "payload"/],
  ])('of version %j is refused and says what is allowed', (version, reason) => {
    const body = changed((one) => Object.assign(one, { version }));
    expect(() => alertmanager.decode(body)).toThrow(reason);
  });

  it('without an alert is refused', () => {
    expect(() => alertmanager.decode(changed((body) => body.alerts.splice(0)))).toThrow(
      /alerts: must hold an alert/,
    );
  });
});
