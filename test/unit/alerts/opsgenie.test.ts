import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { opsgenie } from '../../../src/alerts/opsgenie/index.ts';

const fixture = (name: string): string =>
  readFileSync(
    path.join(import.meta.dirname, '../../../src/alerts/opsgenie/fixtures', name, 'body.json'),
    'utf8',
  );
const authentic = (authorization: string | undefined, secrets: string[]): boolean =>
  opsgenie.authentic({ headers: { authorization }, rawBody: '{}', now: new Date(0) }, secrets);

describe('an Opsgenie delivery', () => {
  it('is told from another by the last digit of a time beyond 2^53', () => {
    const body = fixture('add-note');
    const later = body.replace('1420452245710002349', '1420452245710002350');
    expect(Number('1420452245710002349')).toBe(Number('1420452245710002350'));
    expect(opsgenie.deliveryKey(later)).not.toBe(opsgenie.deliveryKey(body));
  });

  it('is not confused by a time inside a text or among the details', () => {
    const body = fixture('create');
    const decoy = body.replace(
      '"details":{',
      '"details":{"updatedAt":"1","x":"\\"updatedAt\\":2",',
    );
    expect(opsgenie.deliveryKey(decoy)).toBe(opsgenie.deliveryKey(body));
  });

  it('is the same when another integration sends it, with other white space', () => {
    const body = fixture('create');
    const other = body.replace('cab1f2d3', 'ffffffff').replaceAll(',', ', ');
    expect(opsgenie.deliveryKey(other)).toBe(opsgenie.deliveryKey(body));
  });

  it('differs by alert, by action and by note', () => {
    const body = fixture('add-note');
    const keys = [
      body,
      body.replace('looking at it', 'found it'),
      body.replace('AddNote', 'Close'),
      body.replace('052652ac', '152652ac'),
    ].map((text) => opsgenie.deliveryKey(text));
    expect(new Set(keys).size).toBe(4);
  });

  it('without a time is the same only when every byte is', () => {
    const body = fixture('escalate');
    expect(opsgenie.deliveryKey(body.replace('"repeatCount":0', '"repeatCount":1'))).not.toBe(
      opsgenie.deliveryKey(body),
    );
  });
});

describe('a hostile Opsgenie delivery', () => {
  it('with details nested thousands deep is read without them', () => {
    const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
    const body = `{"action":"Create","alert":{"alertId":"a","details":{"x":${deep},"y":"1"}}}`;
    const [alert] = opsgenie.decode(body);
    expect(alert?.labels).toEqual({ y: '1' });
  });

  it('of a megabyte of quotes that never close is refused, and stops nothing', () => {
    const body = `{"action":"${'\\"'.repeat(500_000)}`;
    expect(() => opsgenie.decode(body)).toThrow(/the body is not JSON/);
  });
});

describe('the token of Opsgenie', () => {
  it('may be any of several, in the Authorization header, scheme in any case', () => {
    expect(authentic('Bearer old-secret', ['new-secret', 'old-secret'])).toBe(true);
    expect(authentic('bearer new-secret', ['new-secret', 'old-secret'])).toBe(true);
  });

  it.each(['old-secret', 'Bearer old-secret x', 'Bearer old', 'Basic old-secret', 'Bearer  '])(
    'is refused as %j',
    (header) => {
      expect(authentic(header, ['old-secret'])).toBe(false);
    },
  );
});
