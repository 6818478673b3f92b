import type { Finding, Status } from '../../../core/finding.ts';
import { formatBytes, formatDuration } from '../../../core/format.ts';
import { RECENT } from '../params.ts';
import type { Reading } from '../reading.ts';
import { ends } from './level.ts';
import { type Kill, killsOf } from './oom-lines.ts';
import { groupWords, logsOf, ownerOf } from './owner.ts';
import { ago, count, evidence, finding, quote } from './words.ts';

export function oomFindings(reading: Reading): readonly Finding[] {
  const kills = killsOf(reading.kernel);
  return [...fromLog(kills), ...frozen(reading), ...counted(reading, kills)];
}

/** Within the hour it may be the cause of what is going on; within the day it is worth knowing. */
function byAge(seconds: number | null): Status | null {
  if (seconds === null) return 'warning';
  if (seconds <= RECENT.hourSeconds) return 'critical';
  return seconds <= RECENT.daySeconds ? 'warning' : null;
}

/** One finding per control group, and one for the host. */
function fromLog(kills: readonly Kill[]): readonly Finding[] {
  const places = new Map<string | null, Kill[]>();
  for (const kill of kills) {
    places.set(kill.group, [...(places.get(kill.group) ?? []), kill]);
  }
  return [...places].flatMap(([group, all]) => {
    const last = all.at(-1);
    const status = byAge(last?.ageSeconds ?? null);
    if (last === undefined || status === null) return [];
    const owner = ownerOf(group ?? undefined);
    const place =
      group === null
        ? 'the host ran out of memory'
        : `${groupWords(group)} reached its own memory limit`;
    const size = last.rssBytes === null ? '' : `, ${formatBytes(last.rssBytes)}`;
    const more = all.length > 1 ? `; ${count(all.length, 'kill')} in all` : '';
    const from = ownerOf(last.taskGroup ?? undefined);
    return [
      finding({
        code: 'vitals.oom',
        status,
        subject: group ?? 'host',
        title:
          `${place}: ${quote(last.process)} (pid ${last.pid}${size}) was killed ${ago(last.ageSeconds)}${more}`.replace(
            /^./,
            (first) => first.toUpperCase(),
          ),
        detail: [
          group === null
            ? 'The kernel chose the process that frees most; the one at fault may be another. Whatever it served is gone or was restarted.'
            : 'The host itself need not be short of memory: the limit of the group was reached. It will be again while the process grows.',
          ...all
            .slice(-5)
            .map((kill) => `${ago(kill.ageSeconds)}: ${quote(kill.process)} (pid ${kill.pid})`),
        ],
        data: {
          scope: group === null ? 'host' : 'group',
          ...(group === null ? {} : { group }),
          ...owner,
          kills: all.length,
          process: last.process,
          pid: last.pid,
          ...(last.rssBytes === null ? {} : { rssBytes: last.rssBytes }),
          ...(last.ageSeconds === null ? {} : { secondsAgo: Math.round(last.ageSeconds) }),
        },
        evidence: [
          evidence(
            ['dmesg'],
            all
              .slice(-5)
              .map(({ line }) => line)
              .join('\n'),
          ),
        ],
        next: logsOf(owner.container === undefined && owner.unit === undefined ? from : owner),
      }),
    ];
  });
}

/** oom_kill_disable: nothing is killed, everything in the group that wants memory stands still. */
function frozen({ groups }: Reading): readonly Finding[] {
  return (groups?.list ?? [])
    .filter(({ underOom }) => underOom)
    .map((group) => {
      const owner = ownerOf(group.path);
      return finding({
        code: 'vitals.oom',
        status: 'critical',
        subject: group.path,
        title: `${groupWords(group.path)} is out of memory and its processes stand still: its OOM killer is turned off`,
        detail: [
          'memory.oom_control says under_oom: a process that asks for memory there waits until somebody raises the limit or ends another one.',
        ],
        data: { scope: 'group', group: group.path, ...owner, kills: group.oomKills },
        next: logsOf(owner),
      });
    });
}

/** Counters know no time: they speak where the log does not reach. */
function counted(reading: Reading, kills: readonly Kill[]): readonly Finding[] {
  const pair = ends(reading.samples);
  const before = pair?.[0].counters.get('oom_kill') ?? 0;
  const total = pair?.[1].counters.get('oom_kill') ?? before;
  const now = Math.max(0, total - before);
  const { uptimeSeconds } = reading.host;
  const why = logGap(reading);
  const groups = (reading.groups?.list ?? []).filter(
    ({ oomKills, path }) =>
      oomKills > 0 &&
      !kills.some(({ group, taskGroup }) => samePlace(path, group) || samePlace(path, taskGroup)),
  );
  const unseen = kills.some(({ ageSeconds }) => byAge(ageSeconds) !== null) ? [] : groups;
  const found =
    why === null
      ? []
      : unseen.map((group) => {
          const owner = ownerOf(group.path);
          return finding({
            code: 'vitals.oom',
            status: byUptime(uptimeSeconds),
            subject: group.path,
            title: `${groupWords(group.path)} lost ${count(group.oomKills, 'process', 'processes')} to the OOM killer since it began`,
            detail: [`When, and which, is not known: ${why}.`],
            data: { scope: 'group', group: group.path, ...owner, kills: group.oomKills },
            next: logsOf(owner),
          });
        });
  const told = kills.length > 0 || found.length > 0;
  if (now === 0 && (told || why === null || total === 0)) return found;
  if (now > 0 && kills.some(({ ageSeconds }) => ageSeconds !== null && ageSeconds < 60))
    return found;
  return [
    ...found,
    finding({
      code: 'vitals.oom',
      status: now > 0 ? 'critical' : byUptime(uptimeSeconds),
      subject: 'host',
      title:
        now > 0
          ? `${count(now, 'process', 'processes')} killed for lack of memory while we looked`
          : `${count(total, 'process', 'processes')} killed for lack of memory since the host started ${formatDuration(uptimeSeconds)} ago`,
      detail: [why === null ? '' : `When, and which, is not known: ${why}.`],
      data: { scope: 'host', kills: now > 0 ? now : total },
      evidence: [evidence(['grep', 'oom_kill', '/proc/vmstat'], `oom_kill ${total}`)],
    }),
  ];
}

function byUptime(seconds: number): Status {
  return seconds <= RECENT.hourSeconds ? 'critical' : 'warning';
}

/** A mount point lies before the path of a control group, the kernel's own words name it without. */
function samePlace(path: string, group: string | null): boolean {
  return group !== null && (path === group || path.endsWith(group));
}

/** Why the kernel log cannot say when; null: it reaches back a day, or to the start. */
function logGap({ kernel, host }: Reading): string | null {
  if (kernel === null || kernel.source === null) return 'the kernel log could not be read';
  if (kernel.oldestSeconds === null) return 'the kernel log carries no times';
  const reach = host.uptimeSeconds - kernel.oldestSeconds;
  if (kernel.oldestSeconds < 60 || reach >= RECENT.daySeconds) return null;
  return `the kernel log reaches back ${formatDuration(reach)} only`;
}
