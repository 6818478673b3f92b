import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAlertApis } from '../../src/adapters/alert-apis/create-alert-apis.ts';
import { checkText } from '../../src/app/cli/check-lines.ts';
import { checkSources } from '../../src/app/cli/check-sources.ts';
import { allSecrets, describeConfig } from '../../src/config/secrets.ts';
import { MINIMAL, parse, problemOf } from '../support/config.ts';
import {
  type FakeAlertApis,
  GRAFANA_KEY,
  OPSGENIE_KEY,
  PAGERDUTY_KEY,
  startFakeAlertApis,
} from '../support/fake-alert-apis.ts';

let apis: FakeAlertApis;
beforeEach(async () => {
  apis = await startFakeAlertApis();
});
afterEach(() => apis.close());

async function check(sources: string): Promise<string> {
  const config = parse(`${MINIMAL}alerts: { sources: ${sources} }\n`);
  return checkText(await checkSources(config, createAlertApis(config.alerts.sources)), false);
}

it('housecall check says of each source with a key whether it takes it, and for what', async () => {
  const text = await check(`{
    opsgenie: { apiKey: ${OPSGENIE_KEY}, apiUrl: "${apis.url.opsgenie}" },
    pagerduty: { apiKey: ${PAGERDUTY_KEY}, apiUrl: "${apis.url.pagerduty}", from: a@example.org },
    grafana: { apiKey: ${GRAFANA_KEY}, apiUrl: "${apis.url.grafana}" } }`);
  expect(text.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'good alerts opsgenie: takes the key; asked for open alerts, told of acknowledgements and closes',
    'good alerts pagerduty: takes the key; asked for open alerts, told of acknowledgements and closes',
    'good alerts grafana: takes the key; asked for open alerts',
    '',
  ]);
});

it('housecall check says which key is refused and what to do, without the key', async () => {
  const text = await check(`{
    opsgenie: { apiKey: wrong-key-4712, apiUrl: "${apis.url.opsgenie}" },
    pagerduty: { apiKey: ${PAGERDUTY_KEY}, apiUrl: "${apis.url.pagerduty}" } }`);
  expect(text).toMatch(/^bad +alerts +opsgenie: count the open alerts: HTTP 401, Could not auth/);
  expect(text).toContain('alerts.sources');
  expect(text).not.toContain('wrong-key-4712');
  expect(text).toMatch(/warning +alerts +pagerduty: no `from` is set/);
});

it('a source without a key is not mentioned', async () => {
  expect(await check('{ opsgenie: { token: token-token } }')).toBe('');
});

it('keys are secrets: redacted everywhere, masked in the printed configuration', () => {
  const config = parse(
    `${MINIMAL}alerts: { sources: { opsgenie: { apiKey: ${OPSGENIE_KEY} }, pagerduty: { apiKey: ${PAGERDUTY_KEY} } } }\n`,
  );
  expect(allSecrets(config)).toEqual(expect.arrayContaining([OPSGENIE_KEY, PAGERDUTY_KEY]));
  expect(describeConfig(config)).not.toMatch(/4711/);
});

it('Grafana has no usual address: a key without one is a mistake', () => {
  const problem = problemOf(
    `${MINIMAL}alerts: { sources: { grafana: { apiKey: ${GRAFANA_KEY} } } }\n`,
  );
  expect(problem).toContain('alerts.sources.grafana.apiUrl');
  expect(problem).not.toContain(GRAFANA_KEY);
});
