import type { CodeDoc } from '../contract.ts';

/** The pages of the finding codes. */
export const codes: Readonly<Record<string, CodeDoc>> = {
  'logs.dominant-template': {
    says: 'Which message makes most bytes of a log: its share, rate, line length, an example and who writes it.',
    means:
      'A log fills a disk by bytes, not by lines: one message that repeats, or few that are long. The message that dominates is usually the fault itself, or a program that logs what it should not.',
    known:
      'From a bounded part of the log, spread over all of it (at most `maxReadMiB` of all logs together; a smaller log is read whole). What changes from line to line (times, numbers, addresses, ids, quoted values, a word of many values) is folded, and bytes are counted per pattern. On a log of 2 GB the share is good to a point or two. Growth is the size looked at twice, or the times in the last lines; the finding says which. The writer comes from `/proc/<pid>/fd`. A log that nobody asked for is told when it has 1 GB, a tenth of its file system, a part of one that is 75 % full, or grows so that it matters. Compressed rotations are named and not read.',
    act: 'Follow the error when it is a known one. Stop or slow the source first: an emptied log fills again. `truncate-log` empties it and keeps head, tail, samples and this count, so that the evidence survives. Then bound it: rotation, `max-size` for containers, a lower log level.',
    fixes: ['truncate-log'],
    data: {
      path: 'the log, or `unit <name>`',
      template: 'the message with what changes folded: `<time>`, `<n>`, `<ip>`, `<text>`, `<*>` …',
      bytesShare: 'its share of the bytes, 0 to 1',
      linesShare: 'its share of the lines, 0 to 1',
      averageLineBytes: 'mean length of such a line in the file, bytes',
      'bytesPerSecond?': 'growth of the log, bytes per second',
      'pid?': 'process that writes the log',
      'process?': 'name of that process',
      'container?': 'name of the container, or its short id',
      sizeBytes: 'size on disk, bytes; of a journal, what was read',
      readBytes: 'bytes that were read of it',
      example: 'one such line, at most 300 characters',
      templates: 'the largest messages, largest first, at most 5: template, bytesShare',
    },
  },
  'logs.known-error': {
    says: 'A known error was recognised in a log, what it means, and which diagnostic looks further.',
    means:
      'The text of the error is the same whatever program writes it, and so is what it means: the finding says it in words.',
    known:
      'From the lines that were read, compared with the messages of the C library, Java, Go, the kernel, docker and HDFS. Errors of daily life (refused, timed out, reset) are told only when they make 5 % of the lines or bytes. Grave ones are critical from 10 % on. In a large log a rare line may be missed: only part of it is read.',
    act: 'Run the diagnostic that it names, on this host and then on those with the same role. Do not treat the log: it is the messenger.',
    data: {
      path: 'the log, or `unit <name>`',
      error: 'short name: `EADDRNOTAVAIL`, `ENOSPC`, `OOM` …',
      next: 'the diagnostic to run next; null: none fits',
    },
  },
  'logs.rotated-without-reopen': {
    says: 'A process still writes to a log that was renamed or deleted, and the logrotate stanza at fault.',
    means:
      'logrotate renamed the log and nobody told the writer, which goes on in the old file. Its lines are missed where people look, and once the old file is compressed and removed they are lost while the space stays used: a disk fills with a file that no `du` shows.',
    known:
      'From the descriptors of every readable process: open for writing, named like a log, with a name that a rotation gives, or none at all. The stanza is looked for in `/etc/logrotate.conf` and what it includes. It is at fault when it has neither `copytruncate` nor a script that makes the writer open its log again. A program that gives its logs dates itself is left alone unless a stanza fits. Needs root or sudo.',
    act: 'Free the space with `truncate-deleted-file` when the file is deleted. Then end the cause with `logrotate-copytruncate`, or with a postrotate that the program understands. Reloading the writer once makes it open the new file, where it supports that. dockerd does not on SIGHUP.',
    fixes: ['truncate-deleted-file', 'logrotate-copytruncate'],
    data: {
      path: 'the name that the file has, or had',
      pid: 'process that writes it',
      process: 'name of that process',
      fd: 'descriptor of that process',
      deleted: 'whether the file has no name any more',
      append: 'whether it was opened with O_APPEND; null: not known',
      sizeBytes: 'size on disk, bytes',
      'container?': 'short id of its container',
      'config?': 'file of the logrotate configuration at fault',
      'stanza?': 'the patterns of the stanza at fault, as they stand before `{`',
    },
  },
  'logs.coverage': {
    says: 'What could not be seen, where that matters.',
    means:
      'The log that was asked for could not be read, or others than those seen may be the ones that matter.',
    known:
      'Counted while looking: processes whose descriptors were closed to us, logs and directories that could not be read. Directories, pipes, devices and network file systems are not read at all.',
    act: 'Give the account sudo for `/bin/sh` (see the security guide), put it into the groups `adm` and `systemd-journal`, or name another log.',
    data: {
      privilege: '`root`, `sudo` or `none`',
      seen: 'how many of it were seen',
      total: 'how many there are',
      what: 'what was counted, in words',
    },
  },
};
