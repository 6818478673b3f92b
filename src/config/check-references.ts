import { HousecallError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Config } from './config.ts';

/**
 * Names in the configuration that are defined in the code: diagnostics of routes, fixes of rules.
 * @throws HousecallError CONFIG_INVALID with the nearest names.
 */
export function checkReferences(
  config: Config,
  known: { diagnostics: readonly string[]; fixes: readonly string[] },
): void {
  const problems = [
    ...config.alerts.routes.flatMap((route, i) =>
      route.diagnose.flatMap((id, j) =>
        unknown(`alerts.routes[${i}].diagnose[${j}]`, id, known.diagnostics),
      ),
    ),
    ...config.approvals.rules.flatMap((rule, i) =>
      rule.fix === undefined ? [] : unknown(`approvals.rules[${i}].fix`, rule.fix, known.fixes),
    ),
  ];
  if (problems.length === 0) return;
  const { file } = config.origin;
  throw new HousecallError('CONFIG_INVALID', `${file}: ${problems.join(`\n${file}: `)}`, {
    context: { file, problems },
  });
}

function unknown(key: string, id: string, known: readonly string[]): readonly string[] {
  if (known.includes(id)) return [];
  return [`${key}: "${id}" is not known${didYouMean(id, known)} (allowed: ${known.join(', ')})`];
}
