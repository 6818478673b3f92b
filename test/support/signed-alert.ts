import { createHmac } from 'node:crypto';

/** Headers with which each vendor proves a body with one of its secrets; `at` is Unix seconds. */
export function signedHeaders(
  source: string,
  body: string,
  by: { readonly secret: string; readonly at: number },
): Record<string, string> {
  const hex = (text: string): string =>
    createHmac('sha256', by.secret).update(text, 'utf8').digest('hex');
  const proof: Record<string, Record<string, string>> = {
    pagerduty: { 'x-pagerduty-signature': `v1=${hex(body)}` },
    grafana: {
      'x-grafana-alerting-signature': hex(`${by.at}:${body}`),
      'x-grafana-alerting-timestamp': String(by.at),
    },
  };
  return {
    'content-type': 'application/json',
    ...(proof[source] ?? { authorization: `Bearer ${by.secret}` }),
  };
}
