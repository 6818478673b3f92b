import { alertmanager } from './alertmanager/index.ts';
import type { AlertSource } from './contract.ts';
import { generic } from './generic/index.ts';
import { grafana } from './grafana/index.ts';
import { opsgenie } from './opsgenie/index.ts';
import { pagerduty } from './pagerduty/index.ts';

/** Every alert source, by path segment. */
export const alertSources: readonly AlertSource[] = [
  alertmanager,
  generic,
  grafana,
  opsgenie,
  pagerduty,
];
