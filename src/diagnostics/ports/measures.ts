import type { Measure } from '../../core/finding.ts';
import { pressures } from './assess/pressure.ts';
import { idOf } from './assess/words.ts';
import type { Params } from './params.ts';
import type { Reading } from './reading.ts';

const CODE = 'ports.ephemeral-exhausted';

/**
 * The ports that destinations take which are not short of them. What takes few is in no table: of it
 * only the number of all sockets of its namespace is known, which it cannot exceed.
 */
export function measures(reading: Reading, params: Params): readonly Measure[] {
  return reading.namespaces.flatMap((namespace) => {
    const { timeWait, open } = namespace;
    const sockets: readonly Measure[] =
      timeWait === null || open === null
        ? []
        : [{ code: CODE, data: { namespace: idOf(namespace), sockets: timeWait + open } }];
    const listed = pressures(namespace, reading, { ...params, warnPercent: 0 });
    return [
      ...sockets,
      ...listed
        .filter(({ percent, available }) => percent < params.warnPercent && available > 0)
        .map(({ destination, held, available }) => ({
          code: CODE,
          data: {
            namespace: idOf(namespace),
            destination: destination.name,
            localAddress: destination.local,
            used: held,
            range: available,
            timeWait: destination.timeWait,
          },
        })),
    ];
  });
}
