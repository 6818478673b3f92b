import type { Finding } from '../../../core/finding.ts';
import { formatBytes, formatPercent } from '../../../core/format.ts';
import type { ContainerLog, Reading } from '../reading.ts';
import type { FileSystem } from './file-system.ts';
import { bigLogs, holderText, logSteps, topFiles, topHolders, walkEvidence } from './holders.ts';
import { logFixes } from './log-fixes.ts';
import { count, dfEvidence, quote } from './words.ts';

export function filesystemFull(system: FileSystem, reading: Reading): Finding[] {
  if (system.bytesLevel === 'ok') return [];
  const { mount, facts, walk, usedBytes, usedPercent } = system;
  const { fixes, lacks } = logFixes(walk === null ? [] : bigLogs(walk, facts.sizeBytes), reading);
  return [
    {
      code: 'disk.filesystem-full',
      status: system.bytesLevel,
      subject: mount.mountpoint,
      title: `${quote(mount.mountpoint)} is ${formatPercent(usedPercent)} full${answer(system, reading.containers[0]?.logs ?? [])}`,
      detail: [
        space(system),
        reconciliation(system),
        ...(walk === null ? [] : holders(system)),
        ...circumstances(system),
        ...lacks,
      ].join('\n'),
      data: {
        mount: mount.mountpoint,
        device: mount.source,
        sizeBytes: facts.sizeBytes,
        usedBytes,
        availableBytes: facts.availableBytes,
        usedPercent: Math.round(usedPercent * 10) / 10,
        deletedOpenBytes: system.deletedBytes,
        reservedBytes: system.reservedBytes,
        fileSystemType: mount.type,
        ...(walk === null
          ? {}
          : {
              visibleBytes: walk.visibleBytes,
              mappedDeletedBytes: system.mappedBytes,
              unexplainedBytes: system.unexplainedBytes,
              walkFinished: walk.finished,
              holders: [...topHolders(walk, usedBytes), ...topFiles(walk, usedBytes)],
            }),
      },
      evidence: [
        dfEvidence(system),
        ...(walk === null ? [] : [walkEvidence(walk, mount.mountpoint)]),
      ],
      fixes,
      next: walk === null ? [] : logSteps(walk, facts.sizeBytes),
    },
  ];
}

/** The rest of the title: the one thing that explains most of it. */
function answer(system: FileSystem, logs: readonly ContainerLog[]): string {
  const { usedBytes, deletedBytes, deletedCount, walk, mount } = system;
  const share = (bytes: number): boolean => bytes >= usedBytes * 0.1;
  if (share(deletedBytes)) {
    const who = deletedCount === 1 ? 'a deleted file' : count(deletedCount, 'deleted file');
    const verb = deletedCount === 1 ? 'is' : 'are';
    return `; ${formatBytes(deletedBytes)} of it is held by ${who} that ${verb} still open`;
  }
  if (share(system.mappedBytes)) {
    return `; ${formatBytes(system.mappedBytes)} of it is held by deleted files that are still mapped`;
  }
  const [loop] = system.loops;
  if (loop !== undefined && share(system.unexplainedBytes ?? 0)) {
    return `; up to ${formatBytes(loop.atMostBytes)} of it is held by the deleted image below ${quote(loop.name)}`;
  }
  if (walk === null) return '';
  if (share(system.unexplainedBytes ?? 0)) {
    return `; ${formatBytes(system.unexplainedBytes ?? 0)} of it is in no file that could be seen`;
  }
  const [file] = topFiles(walk, usedBytes);
  const [directory] = topHolders(walk, usedBytes);
  if (file !== undefined && file.bytes >= usedBytes * 0.3) {
    return `; ${formatBytes(file.bytes)} of it is ${fileWords(file.path, logs)}`;
  }
  if (directory === undefined || directory.path === mount.mountpoint) return '';
  return `; the largest part, ${formatBytes(directory.bytes)}, is in ${quote(directory.path)}`;
}

/** The path of a container's log says its id twice and its name never; it stands in the detail. */
function fileWords(path: string, logs: readonly ContainerLog[]): string {
  const log = logs.find((one) => one.path === path);
  return log === undefined
    ? quote(path)
    : `the log of container ${log.name ?? log.id.slice(0, 12)}`;
}

function space(system: FileSystem): string {
  const { facts, usedBytes, reservedBytes, inMemory } = system;
  const reserved =
    reservedBytes === 0
      ? ''
      : `; another ${formatBytes(reservedBytes)} (${formatPercent((reservedBytes * 100) / facts.sizeBytes)} of the size) is free but reserved for root`;
  const room = `${formatBytes(usedBytes)} of ${formatBytes(facts.sizeBytes)} are used, ${formatBytes(facts.availableBytes)} are available${reserved}.`;
  return inMemory
    ? `${room} This file system lives in memory: what is in it takes RAM or swap, and its limit is the mount option size=.`
    : room;
}

function reconciliation(system: FileSystem): string {
  const { walk, usedBytes, facts, unexplainedBytes } = system;
  if (walk === null || unexplainedBytes === null) {
    return `Of what is used, ${deletedWords(system)}; the other holders were not looked at.`;
  }
  const share = formatPercent((Math.abs(unexplainedBytes) * 100) / facts.sizeBytes);
  const parts = [
    `${formatBytes(walk.visibleBytes)} in visible files and directories (${count(walk.inodes, 'inode')})`,
    deletedWords(system),
    ...(system.mapped.length === 0
      ? []
      : [
          `${formatBytes(system.mappedBytes)} in ${count(system.mapped.length, 'deleted but mapped file')}`,
        ]),
    unexplainedBytes < 0
      ? `and ${formatBytes(-unexplainedBytes)} (${share} of the size) more than df counts: files changed meanwhile, or share blocks`
      : `${formatBytes(unexplainedBytes)} (${share} of the size) ${remainder(system)}`,
  ];
  return `The ${formatBytes(usedBytes)} used are: ${parts.join(', ')}. Reserved blocks are free, so they are no part of it.`;
}

function deletedWords({ deletedBytes, deletedCount, sawEveryProcess }: FileSystem): string {
  if (deletedCount > 0) {
    const more = sawEveryProcess ? '' : ' that could be seen';
    return `${formatBytes(deletedBytes)} in ${count(deletedCount, 'deleted but open file')}${more}`;
  }
  return sawEveryProcess
    ? 'nothing in deleted but open files'
    : 'an unknown part in deleted but open files';
}

function remainder({ walk, mount, unexplainedBytes, facts }: FileSystem): string {
  if (walk !== null && (!walk.finished || walk.deniedDirectories > 0)) return 'not seen';
  if ((unexplainedBytes ?? 0) < facts.sizeBytes * 0.02)
    return 'other, such as file-system metadata';
  if (mount.type === 'btrfs' || mount.type === 'zfs')
    return 'in snapshots, metadata or compression';
  return 'unexplained';
}

function holders({ walk, usedBytes, unexplainedBytes }: FileSystem): string[] {
  if (walk === null) return [];
  const directories = topHolders(walk, usedBytes);
  const files = topFiles(walk, usedBytes);
  const lines: string[] = [];
  if (directories.length > 0) lines.push(`Largest directories: ${holderText(directories)}.`);
  if (files.length > 0) lines.push(`Largest files: ${holderText(files)}.`);
  if (!walk.finished) {
    const after = Math.max(1, Math.round(walk.elapsedSeconds));
    lines.push(`The walk stopped after ${after} s; sizes are lower bounds.`);
  }
  if (walk.deniedDirectories > 0) {
    lines.push(
      `${count(walk.deniedDirectories, 'directory', 'directories')} could not be read; sizes are lower bounds${(unexplainedBytes ?? 0) > 0 ? ', and what is missing may be there' : ''}.`,
    );
  }
  return lines;
}

function circumstances(system: FileSystem): string[] {
  const { mount, loops, unexplainedBytes, facts, walk } = system;
  const lines = loops.map(
    (loop) =>
      `The image ${quote(loop.path)} below ${quote(loop.name)} is deleted but still attached: it holds up to ${formatBytes(loop.atMostBytes)} here until ${quote(`losetup -d /dev/${loop.name}`)}.`,
  );
  if (
    walk !== null &&
    mount.under.length > 0 &&
    (unexplainedBytes ?? 0) >= facts.sizeBytes * 0.02
  ) {
    lines.push(
      `Files could be hidden below ${mount.under.map(quote).join(', ')}: what was written there before the mount cannot be seen without unmounting.`,
    );
  }
  if (mount.root !== '/' && mount.kind === 'local') {
    lines.push(
      `Only ${quote(mount.root)} of this file system is mounted here; the rest cannot be seen.`,
    );
  }
  if (mount.also.length > 0) {
    lines.push(`The same file system is also at ${mount.also.map(quote).join(', ')}.`);
  }
  return lines;
}
