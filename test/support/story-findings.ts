import type { Finding, Status } from '../../src/core/finding.ts';

/** What a stranger may write anywhere: markup, a script, text that turns its direction. */
export const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(2)> "' \u202egnp.exe & | * _x_ [a](https://evil.example)`;

export function storyFinding(code: string, status: Status, more: Partial<Finding> = {}): Finding {
  return {
    code,
    status,
    subject: '/var/lib/docker',
    title: `${code} of /var/lib/docker`,
    detail: '',
    data: {},
    evidence: [],
    fixes: [],
    next: [],
    ...more,
  };
}

/** A look at a disk of 100 GB. */
export function diskFindings(usedGb: number, growing = false): Finding[] {
  const mount = '/var/lib/docker';
  return [
    storyFinding('disk.filesystem-full', 'critical', {
      title: `\`/var/lib/docker\` is ${usedGb} % full`,
      detail: `${usedGb} GB of 100 GB are used.\n102.4 GB of it is held by a deleted file.`,
      data: {
        mount,
        sizeBytes: 105e9,
        usedBytes: usedGb * 1e9,
        availableBytes: (100 - usedGb) * 1e9,
        usedPercent: usedGb,
      },
      evidence: [
        {
          argv: ['df', '-k', mount],
          exitCode: 0,
          output: `Filesystem 1K-blocks ${HOSTILE}`,
          truncated: false,
        },
      ],
      fixes: [{ fix: 'truncate-deleted-file', params: { pid: 991 } }],
      next: [{ diagnostic: 'docker', params: {} }],
    }),
    ...(growing
      ? [
          storyFinding('disk.filling', 'warning', {
            title: `\`${mount}\` grows by 2.1 MB/s and is full in 1 h 5 min`,
            data: { mount, bytesPerSecond: 2.1e6, secondsToFull: 3900 },
          }),
        ]
      : []),
    storyFinding('disk.coverage', 'unknown', {
      subject: 'processes',
      title: '3 of 98 processes readable: deleted files of the others could not be seen',
    }),
  ];
}

export function portFindings(used: number): Finding[] {
  return [
    storyFinding('ports.ephemeral-exhausted', 'critical', {
      title: 'billing-api runs out of local ports to 10.0.0.5:6379',
      data: {
        namespace: 'c0ffee',
        containerName: 'billing-api',
        destination: '10.0.0.5:6379',
        used,
        range: 28_232,
        usedPercent: 98,
        timeWait: used - 300,
        established: 250,
        closeWait: 50,
        synSent: 0,
      },
    }),
  ];
}

export function logFindings(): Finding[] {
  return [
    storyFinding('logs.dominant-template', 'warning', {
      subject: '/var/log/docker.log',
      title: '`/var/log/docker.log` has 102.4 GB; 98 % of its bytes are one message',
      data: {
        path: '/var/log/docker.log',
        template: '<time> ERROR Cannot assign requested address </script> <ip>:<n>',
        bytesShare: 0.98,
        linesShare: 0.5,
        averageLineBytes: 900,
        sizeBytes: 102.4e9,
      },
    }),
  ];
}
