import type { Config } from '../../config/load-config.ts';
import type { AlertApi } from '../../ports/alert-api.ts';
import { type CheckLine, errorLine } from './check-lines.ts';

/** A line for every alert source with a key: whether it takes it, and what it is good for. */
export async function checkSources(
  { alerts: { sources } }: Config,
  apis: readonly AlertApi[],
): Promise<readonly CheckLine[]> {
  const lines = await Promise.all(apis.map(checkSource));
  const { pagerduty } = sources;
  const nameless = pagerduty?.apiKey !== undefined && pagerduty.from === undefined;
  const text =
    'pagerduty: no `from` is set: incidents are looked up, but not acknowledged or closed there\nSet alerts.sources.pagerduty.from to the e-mail address of a user there.';
  return nameless ? [...lines, { area: 'alerts', verdict: 'warning', text }] : lines;
}

async function checkSource(api: AlertApi): Promise<CheckLine> {
  try {
    await api.check();
  } catch (error) {
    return errorLine('alerts', error);
  }
  const uses = [
    ...(api.open === undefined ? [] : ['asked for open alerts']),
    ...(api.tell === undefined ? [] : ['told of acknowledgements and closes']),
  ];
  return {
    area: 'alerts',
    verdict: 'good',
    text: `${api.source}: takes the key; ${uses.join(', ')}`,
  };
}
