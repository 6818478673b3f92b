import type { Finding } from '../../../core/finding.ts';
import { formatPercent } from '../../../core/format.ts';
import { CPU, LOAD } from '../params.ts';
import type { Reading } from '../reading.ts';
import { cpuShares, ends, level } from './level.ts';
import { count, evidence, finding, quote, rounded } from './words.ts';

export function loadFindings(reading: Reading): readonly Finding[] {
  return [...overloaded(reading), ...steal(reading), ...oneProcessor(reading)];
}

function processors({ samples }: Reading): number {
  return [...(samples[0]?.cpus.keys() ?? [])].filter((name) => name !== 'cpu').length;
}

function overloaded(reading: Reading): readonly Finding[] {
  const last = reading.samples.at(-1);
  const cpus = processors(reading);
  if (last === undefined || cpus === 0) return [];
  const [one, five, fifteen] = last.load;
  // Both: neither a spike that began just now nor one that is over.
  const status = level(Math.min(one, five) / cpus, [LOAD.warnPerCpu, LOAD.criticalPerCpu]);
  if (status === null) return [];
  const shares = cpuShares(reading.samples, 'cpu');
  const blocked = reading.samples[0]?.blocked ?? 0;
  const waiting = blocked >= one / 2 || (shares !== null && shares.busy < 50 && blocked > 0);
  const load = `Load is ${rounded(one)} on ${count(cpus, 'CPU')}`;
  const busy = shares === null ? '' : ` (${formatPercent(shares.busy)} busy)`;
  return [
    finding({
      code: 'vitals.load',
      status,
      subject: 'load',
      title: waiting
        ? `${load}${busy}, and it is waiting: ${count(blocked, 'task')} stand in uninterruptible sleep, for a disk or a file server`
        : `${load}${busy}: ${count(last.running, 'task')} want to run${busiest(reading)}`,
      detail: [
        waiting
          ? 'More processor power would not help: the tasks wait for I/O. See the blocked tasks, the kernel log and the pressure of I/O.'
          : 'There is more work than processors: everything on the host waits for its turn.',
        `Load average ${last.load.join(', ')} of 1, 5 and 15 minutes.`,
        shares === null
          ? ''
          : `Between two samples: ${formatPercent(shares.busy)} busy, ${formatPercent(shares.iowait)} waiting for I/O, ${formatPercent(shares.steal)} stolen by the hypervisor.`,
        reading.host.container === null
          ? ''
          : 'This host is a container: the load is that of its machine.',
      ],
      data: {
        what: 'load',
        load1: one,
        load5: five,
        load15: fifteen,
        cpus,
        running: last.running,
        blocked,
        ...(shares === null
          ? {}
          : { busyPercent: rounded(shares.busy), iowaitPercent: rounded(shares.iowait) }),
        processes: reading.top.cpu.map(({ pid, name }) => ({ pid, name })),
      },
      evidence: [evidence(['cat', '/proc/loadavg'], last.load.join(' '))],
      next: waiting ? [{ diagnostic: 'disk', params: {} }] : [],
    }),
  ];
}

/** `; \`java\` (pid 7) uses 3.1 of them`. */
function busiest(reading: Reading): string {
  const pair = ends(reading.samples);
  const [first] = reading.top.cpu;
  if (pair === null || first === undefined) return '';
  const seconds = pair[1].atSeconds - pair[0].atSeconds;
  const used = first.ticks / reading.host.tick / seconds;
  return used < 0.1 ? '' : `; ${quote(first.name)} (pid ${first.pid}) uses ${rounded(used)} CPUs`;
}

function steal(reading: Reading): readonly Finding[] {
  const shares = cpuShares(reading.samples, 'cpu');
  const status = level(shares?.steal ?? 0, [CPU.stealWarn, CPU.stealCritical]);
  if (shares === null || status === null) return [];
  return [
    finding({
      code: 'vitals.load',
      status,
      subject: 'steal',
      title: `The hypervisor takes ${formatPercent(shares.steal)} of the processor time from this machine (steal)`,
      detail: [
        'Its neighbours or its own quota leave it too little: nothing on this host is at fault. Move it, or ask who runs the hypervisor.',
      ],
      data: { what: 'steal', stealPercent: rounded(shares.steal), cpus: processors(reading) },
    }),
  ];
}

/** All interrupts on one processor: the others idle while packets are dropped. */
function oneProcessor(reading: Reading): readonly Finding[] {
  const names = [...(reading.samples[0]?.cpus.keys() ?? [])].filter((name) => name !== 'cpu');
  if (names.length < 2) return [];
  const all = cpuShares(reading.samples, 'cpu');
  return names.flatMap((name) => {
    const shares = cpuShares(reading.samples, name);
    if (shares === null || shares.softirq < CPU.softirqOfOne || (all?.busy ?? 0) >= CPU.busyOfAll)
      return [];
    return [
      finding({
        code: 'vitals.load',
        status: 'warning',
        subject: name,
        title: `${name} spends ${formatPercent(shares.softirq)} of its time in soft interrupts while the other CPUs have room`,
        detail: [
          'Usually all packets of a network card arrive on one processor: spread its queues (RSS, RPS, irqbalance).',
        ],
        data: {
          what: 'softirq',
          cpu: name,
          softirqPercent: rounded(shares.softirq),
          cpus: names.length,
        },
      }),
    ];
  });
}
