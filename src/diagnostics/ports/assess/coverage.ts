import type { Coverage, Finding } from '../../../core/finding.ts';
import type { Namespace, Reading } from '../reading.ts';
import { connects } from './drift.ts';
import { count, digits, nameOf } from './words.ts';

/** What could not be seen of this host, for the run's report. */
export function coverage(reading: Reading): Coverage {
  return { privilege: reading.privilege, notes: [...notes(reading), ...blindSpots(reading)] };
}

function notes({ sudoRefused, host }: Reading): readonly string[] {
  return [
    ...(sudoRefused === null ? [] : [`sudo was refused: ${sudoRefused}`]),
    ...(host.dockerGroup
      ? [
          'this account is in the group docker, which is as good as root; that is used for the names of containers only',
        ]
      : []),
    ...(host.missingTools.length === 0 ? [] : [`the host lacks ${host.missingTools.join(', ')}`]),
  ];
}

/** Everything that could hide a shortage, in words. */
function blindSpots(reading: Reading): readonly string[] {
  const { host, processes, found, namespaces, unread, cutAt } = reading;
  const dark = namespaces.filter((one) => connects(one) && !isKnown(one));
  const torn = namespaces.filter(isTorn);
  const missed = unread + found - namespaces.length;
  return [
    ...(cutAt === null ? [] : [`The probe did not finish: ${cutAt}`]),
    ...(hidden(reading)
      ? [
          `${count(namespaces.length, 'network namespace')} could be seen; those of processes of other users are hidden (hidepid)`,
        ]
      : []),
    ...(processes.denied > 0 && host.pid1Visible
      ? [
          `${digits(processes.denied)} of ${digits(processes.total + processes.denied)} processes could not be looked at`,
        ]
      : []),
    ...(namespaces.some(({ own }) => own)
      ? []
      : ['The network namespace of the host was not found']),
    ...(dark.length === 0
      ? []
      : [
          `The port range and tcp_tw_reuse of ${nameList(dark)} could not be read: ${whyDark(reading)}`,
        ]),
    ...(torn.length === 0 ? [] : [`The sockets of ${nameList(torn)} could not be counted`]),
    ...(missed > 0 ? [`${count(missed, 'network namespace')} left out: too many, or no time`] : []),
  ];
}

/** proc(5): with hidepid=2 the processes of others are not even listed. */
function hidden({ host }: Reading): boolean {
  return host.uid !== 0 && !host.pid1Visible;
}

function isKnown({ settings }: Namespace): boolean {
  return settings?.range != null;
}

/** Its sockets are not known; but a single process that ended took its namespace with it. */
function isTorn({ table, timeWait, processes }: Namespace): boolean {
  if (table?.cut === true) return true;
  return processes > 1 && (timeWait === null || table?.readable === false);
}

function whyDark({ host, privilege }: Reading): string {
  if (privilege === 'none' || host.uid !== 0) return 'needs root or sudo';
  return host.enter === 'none'
    ? 'this host has neither nsenter nor a busybox with it'
    : 'entering them failed';
}

function nameList(spaces: readonly Namespace[]): string {
  const names = spaces.slice(0, 3).map(nameOf).join(', ');
  return spaces.length > 3 ? `${names} and ${digits(spaces.length - 3)} more` : names;
}

/** Could not look: then the answer is "unknown" and never "fine". */
export function coverageFindings(reading: Reading): readonly Finding[] {
  const [first, ...rest] = blindSpots(reading);
  if (first === undefined) return [];
  const { namespaces, found } = reading;
  const seen = namespaces.filter((one) => isKnown(one) && !isTorn(one)).length;
  return [
    {
      code: 'ports.coverage',
      status: 'unknown',
      subject: 'network namespaces',
      title: first,
      detail: [
        ...rest,
        ...notes(reading),
        ...(hidden(reading)
          ? [
              'As root or with sudo, and with nsenter, everything is seen. The group that the mount option gid= of /proc names sees the sockets too (hidepid), but not the sysctls.',
            ]
          : [
              'Sockets are public, the sysctls of another network namespace are not: as root or with sudo, and with nsenter, everything is seen.',
            ]),
      ].join('\n'),
      data: {
        privilege: reading.privilege,
        seen,
        total: Math.max(found, namespaces.length),
        what: 'network namespaces',
      },
      evidence: [],
      fixes: [],
      next: [],
    },
  ];
}
