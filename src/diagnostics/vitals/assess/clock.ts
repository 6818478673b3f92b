import type { Finding } from '../../../core/finding.ts';
import { CLOCK } from '../params.ts';
import type { Reading } from '../reading.ts';
import { level } from './level.ts';
import { evidence, finding, rounded } from './words.ts';

export function clockFindings({ clock }: Reading): readonly Finding[] {
  const { offset, sync } = clock;
  const apart = offset === null ? 0 : Math.max(0, offset.least, -offset.most);
  const far = level(apart, [CLOCK.warnSeconds, CLOCK.criticalSeconds]);
  const fromServers = level(sync?.offsetSeconds ?? 0, [CLOCK.warnSeconds, CLOCK.criticalSeconds]);
  const lost = sync?.daemon === true && !sync.synchronised;
  const known =
    offset === null
      ? {}
      : {
          offsetSeconds: rounded((offset.least + offset.most) / 2, 3),
          uncertaintySeconds: rounded((offset.most - offset.least) / 2, 3),
        };
  const data = {
    ...known,
    ...(sync === null ? {} : { source: sync.source, synchronised: sync.synchronised }),
  };
  const proof = sync === null ? [] : [evidence([commandOf(sync.source)], sync.said.join('\n'))];
  const why = lost
    ? `${sync.source} says that it is not synchronised.`
    : sync?.synchronised === false
      ? 'No time daemon keeps it right.'
      : '';
  if (far !== null && offset !== null) {
    const direction = offset.least > 0 ? 'ahead of' : 'behind';
    const seconds = Math.abs(offset.least + offset.most) / 2;
    return [
      finding({
        code: 'vitals.clock',
        status: far,
        subject: 'clock',
        title: `The clock is ${duration(seconds)} ${direction} Housecall's`,
        detail: [
          why,
          `Certain is a distance of at least ${duration(apart)}: the rest may be the time that the question took. If other hosts say the same, it is the clock of Housecall that is wrong.`,
          'Certificates and tokens are refused, logs do not fit together, and clusters may lose their leader.',
        ],
        data,
        evidence: proof,
      }),
    ];
  }
  if (!lost && fromServers === null) return [];
  return [
    finding({
      code: 'vitals.clock',
      status: fromServers ?? 'warning',
      subject: 'clock',
      title: lost
        ? `The clock is not synchronised, says ${sync.source}`
        : `The clock is ${duration(sync?.offsetSeconds ?? 0)} away from its time servers, says ${sync?.source ?? ''}`,
      detail: [
        offset === null
          ? 'It could not be compared with the clock of Housecall.'
          : 'It agrees with the clock of Housecall as far as that can be told; it will drift away.',
      ],
      data,
      evidence: proof,
    }),
  ];
}

function duration(seconds: number): string {
  return seconds < 120 ? `${rounded(seconds)} s` : `${rounded(seconds / 60)} min`;
}

function commandOf(source: string): string {
  return { chrony: 'chronyc', systemd: 'timedatectl', ntpd: 'ntpq' }[source] ?? 'adjtimex';
}
