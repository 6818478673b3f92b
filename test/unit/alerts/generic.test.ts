import { describe, expect, it } from 'vitest';
import { generic } from '../../../src/alerts/generic/index.ts';

const AT = new Date('2026-11-20T12:00:00.000Z');
const HOUR_LATER = new Date('2026-11-20T13:00:00.000Z');
const FIRING = { id: 'backup/host-17', status: 'firing', title: 'Backup failed on host-17' };
const key = (alert: object, at = AT): string => generic.deliveryKey(JSON.stringify(alert), at);

describe('an alert in JSON of our own', () => {
  it('is one alert, a list, or a list by name', () => {
    const forms = [FIRING, [FIRING], { alerts: [FIRING] }].map((body) =>
      generic.decode(JSON.stringify(body), AT),
    );
    expect(forms[0]).toHaveLength(1);
    expect(forms[1]).toEqual(forms[0]);
    expect(forms[2]).toEqual(forms[0]);
  });

  it('without a time began when it came, and its end belongs to no beginning', () => {
    expect(generic.decode(JSON.stringify(FIRING), AT)[0]?.startsAt).toBe(AT.toISOString());
    const [end] = generic.decode(JSON.stringify({ ...FIRING, status: 'resolved' }), AT);
    expect(Date.parse(end?.startsAt ?? '')).toBe(0);
  });

  it('with a time is one delivery however often it comes, in whatever form', () => {
    const timed = { ...FIRING, startsAt: '2026-11-20T12:00:00Z' };
    expect(key(timed, HOUR_LATER)).toBe(key(timed));
    expect(key([timed], HOUR_LATER)).toBe(key(timed));
    expect(key({ ...timed, startsAt: '2026-11-20T13:00:00+01:00' })).toBe(key(timed));
    expect(key({ ...timed, startsAt: '2026-11-20T13:00:00Z' })).not.toBe(key(timed));
    expect(key({ ...timed, status: 'resolved' })).not.toBe(key(timed));
  });

  it('without a time is news when it comes an hour later, because it broke again', () => {
    expect(key(FIRING, HOUR_LATER)).not.toBe(key(FIRING));
  });

  it('takes its hosts from host, hosts and labels', () => {
    const body = { ...FIRING, host: 'a', hosts: ['b', 'a'], labels: { instance: 'c:9100' } };
    expect(generic.decode(JSON.stringify(body))[0]?.hostHints).toEqual(['a', 'b', 'c:9100']);
  });

  it('may say its own alertname', () => {
    const body = { ...FIRING, labels: { alertname: 'BackupFailed', try: 3, last: true } };
    expect(generic.decode(JSON.stringify(body))[0]?.labels).toEqual({
      alertname: 'BackupFailed',
      try: '3',
      last: 'true',
    });
  });

  it.each<[object, RegExp]>([
    [{ ...FIRING, hots: 'x' }, /alerts\.0: unknown key "hots"; allowed: id, status, title/],
    [{ ...FIRING, id: '' }, /alerts\.0\.id: must not be empty/],
    [{ ...FIRING, id: undefined }, /alerts\.0\.id: must be a text/],
    [{ ...FIRING, status: 'FIRING' }, /alerts\.0\.status: must be one of firing, resolved/],
    [{ id: 'a', status: 'firing' }, /alerts\.0\.title: must be given for a firing alert/],
    [{ ...FIRING, host: 'two hosts' }, /alerts\.0\.host: must be one host name, without spaces/],
    [{ ...FIRING, hosts: 'a' }, /alerts\.0\.hosts: must be a list of host names/],
    [{ ...FIRING, labels: { a: [] } }, /alerts\.0\.labels\.a: must be a text/],
    [{ ...FIRING, labels: [] }, /alerts\.0\.labels: must be a map of texts/],
    [{ ...FIRING, startsAt: 'yesterday' }, /alerts\.0\.startsAt: must be a time with its zone/],
    [{ ...FIRING, startsAt: '2026-11-20 12:00' }, /alerts\.0\.startsAt: must be a time/],
    [{ ...FIRING, url: 'javascript:alert(1)' }, /alerts\.0\.url: must be an http or https address/],
    [{ ...FIRING, title: 'x'.repeat(1001) }, /alerts\.0\.title: must have at most 1000/],
    [[FIRING, { ...FIRING, status: 'resolved' }], /alerts\.1\.id: is in this request twice/],
    [{ alerts: [FIRING], other: 1 }, /the body: must be an alert, a list of them/],
    [
      Array.from({ length: 501 }, (_, n) => ({ ...FIRING, id: `${n}` })),
      /alerts: must hold at most 500/,
    ],
  ])('that reads %j is refused with the key and what is allowed', (body, reason) => {
    expect(() => generic.decode(JSON.stringify(body))).toThrow(reason);
  });
});
