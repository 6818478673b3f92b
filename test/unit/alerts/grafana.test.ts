import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { grafana } from '../../../src/alerts/grafana/index.ts';

const BODY = readFileSync(
  path.join(import.meta.dirname, '../../../src/alerts/grafana/fixtures/firing/body.json'),
  'utf8',
);

/** Signatures made with another program: secret `s3cr3t`. */
const RAW = '{"receiver":"r","status":"firing"}';
const BODY_ONLY = 'd62add0f3f1c349a6b7d1069439da2743c306af19796b8e3b42b48b0bbf69159';
const WITH_TIME = '3d42297dc0893daf8e4291535faa25313f1e87d6d598381089e5dde2de847a26';
const VECTOR_TIME = 1_700_000_000;

function signatureOf(text: string, secret = 's3cr3t'): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function authentic(
  signature: string | undefined,
  timestamp: string | undefined,
  given: { rawBody?: string; secrets?: string[]; at?: number } = {},
): boolean {
  const { rawBody = RAW, secrets = ['s3cr3t'], at = VECTOR_TIME } = given;
  const headers = {
    'x-grafana-alerting-signature': signature,
    'x-grafana-alerting-timestamp': timestamp,
  };
  return grafana.authentic({ headers, rawBody, now: new Date(at * 1000) }, secrets);
}

describe('the signature of Grafana', () => {
  it('is over the time and the body, or over the body alone where no time is sent', () => {
    expect(authentic(BODY_ONLY, undefined)).toBe(true);
    expect(authentic(BODY_ONLY, undefined, { at: 0 })).toBe(true);
    const time = String(VECTOR_TIME);
    expect(authentic(WITH_TIME, time)).toBe(true);
    expect(authentic(` ${WITH_TIME} `, time)).toBe(true);
  });

  it('does not fit the other way', () => {
    expect(authentic(WITH_TIME, undefined)).toBe(false);
    expect(authentic(BODY_ONLY, String(VECTOR_TIME))).toBe(false);
    expect(authentic(BODY_ONLY, '')).toBe(false);
  });

  it.each([-301, -300, 300, 301])('is good for 300 seconds either way: %i', (skew) => {
    const good = Math.abs(skew) <= 300;
    expect(authentic(WITH_TIME, String(VECTOR_TIME), { at: VECTOR_TIME + skew })).toBe(good);
  });

  it.each(['1.7e9', ' ', 'abc', '-1700000000', '17000000000000000'])(
    'is refused with the time %j, however well it is signed',
    (time) => {
      const signed = signatureOf(`${time.trim()}:${RAW}`);
      expect(authentic(signed, time)).toBe(false);
    },
  );

  it.each([
    undefined,
    '',
    'sha256=',
    BODY_ONLY.slice(1),
    `sha256=${BODY_ONLY}`,
    BODY_ONLY.toUpperCase(),
  ])('is refused as %j', (signature) => {
    expect(authentic(signature, undefined)).toBe(false);
  });

  it('may be made with the older of two secrets, and never with an empty one', () => {
    expect(authentic(BODY_ONLY, undefined, { secrets: ['new', 's3cr3t'] })).toBe(true);
    expect(authentic(BODY_ONLY, undefined, { secrets: ['new'] })).toBe(false);
    expect(authentic(signatureOf(RAW, ''), undefined, { secrets: [''] })).toBe(false);
  });
});

describe('what Grafana sends', () => {
  it('keeps its values digit by digit', () => {
    expect(grafana.decode(BODY)[0]?.annotations['values']).toBe(
      'A=4.300000000000001, B=0.04300000000000001, C=1',
    );
  });

  it('names the rule whose data is missing', () => {
    const body = BODY.replaceAll('"Disk nearly full"', '"DatasourceNoData"')
      .replace('"grafana_folder"', '"rulename": "Disk nearly full", "grafana_folder"')
      .replace('"summary"', '"other"');
    expect(grafana.decode(body)[0]?.title).toBe('DatasourceNoData: Disk nearly full');
  });

  it('of version "4" is sent to the address of Alertmanager', () => {
    expect(() => grafana.decode(BODY.replace('"version": "1"', '"version": "4"'))).toThrow(
      /its address is \/alerts\/alertmanager/,
    );
    expect(() => grafana.decode('{"alerts":[]}')).toThrow(/version: must be "1".*template/);
  });
});
