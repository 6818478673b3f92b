export const OPSGENIE_TOKEN = 'test-opsgenie-token';

/** What Opsgenie's webhook posts, by default about a disk. The same `id` and `at` are the same delivery. */
export function opsgenieAlert(about: {
  readonly id: string;
  readonly host: string;
  /** Unix milliseconds. */
  readonly at?: number;
  readonly alertname?: string;
  readonly message?: string;
}): string {
  const { id, host, at = Date.now(), alertname = 'NodeLowRootDisk' } = about;
  return JSON.stringify({
    action: 'Create',
    alert: {
      alertId: id,
      message: about.message ?? `disk usage above 75 % on ${host}`,
      alias: `${alertname}/${id}`,
      tinyId: '8',
      entity: host,
      createdAt: at,
      updatedAt: at * 1_000_000,
      username: 'prometheus',
      details: { alertname, host },
      priority: 'P2',
      source: 'prometheus',
    },
    integrationName: 'Housecall',
    integrationType: 'Webhook',
  });
}

/** Status of the answer; 0: there was none. */
export async function postAlert(address: string, body: string): Promise<number> {
  try {
    const response = await fetch(`${address}/alerts/opsgenie`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${OPSGENIE_TOKEN}` },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
