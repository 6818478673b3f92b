import type { CodeDoc } from '../contract.ts';

/** The pages of the finding codes. */
export const codes: Readonly<Record<string, CodeDoc>> = {
  'ports.ephemeral-exhausted': {
    says: 'A network namespace runs out of local ports towards one destination, and why.',
    means:
      'Every outgoing TCP connection needs a local port that no other connection of the same local address to the same remote address and port has. When all of the range are taken, connect() becomes slow and then fails with EADDRNOTAVAIL, "Cannot assign requested address". Other destinations still work, and so does everything on other network namespaces: the host can be fine while one container is not. `cause` says what takes the ports: `time-wait` (connections that ended within the last 60 s), `leak` (connections that are still open, ESTABLISHED or CLOSE_WAIT), `unanswered` (SYN_SENT: the destination does not answer), `closing` (the other end does not finish closing), `reserved` (ports that nobody may choose).',
    known:
      'From `/proc/<pid>/net/tcp` and `tcp6` of one process of every network namespace, which everybody may read: distinct local ports per local address, remote address and remote port. Against `ip_local_port_range` without `ip_local_reserved_ports` and without ports that somebody listens on, from `warnPercent` and `criticalPercent` on. Ports in TIME_WAIT do not count where they can be reused: `tcp_tw_reuse` 1, or 2 towards loopback, with timestamps, and older than `tcp_tw_reuse_delay`. The sysctls of another namespace need root and nsenter; without them ports that have no gap between them are taken for the whole range, else the range of the host is assumed and the finding is a warning at most. Sockets of the accepting side take no port of the range: many TIME_WAIT on a server are harmless, and so are many TIME_WAIT spread over many destinations.',
    act: '`time-wait`: the fix `reuse-time-wait` sets `tcp_tw_reuse` to 1 in that namespace, which lets outgoing connections use such ports again after a second; it is lost when the container restarts, so start it with `--sysctl net.ipv4.tcp_tw_reuse=1`, and keep connections open instead of one per request. `leak`: tcp_tw_reuse is useless; restart the program that is named and make it close or reuse its connections. `unanswered`, `closing`: look at the destination. `reserved`: take ports out of `ip_local_reserved_ports`. Never: `tcp_tw_recycle` (it broke connections from behind NAT and was removed in Linux 4.12); `tcp_fin_timeout` changes nothing (it is about FIN_WAIT_2, TIME_WAIT is a constant of 60 s). When nothing is exhausted, the same error has other causes: connecting to ::1 or another IPv6 address while IPv6 is disabled, or binding to an address that the host does not have.',
    fixes: ['reuse-time-wait'],
    data: {
      namespace: 'id of the container, else the process id that stands for the network namespace',
      pid: 'lowest process id in the namespace',
      process: 'name of that process',
      'container?': 'id of the container, 64 hex digits',
      'containerName?': 'its name, as docker has it',
      'image?': 'its image, as docker has it',
      destination:
        'remote address and port, `10.0.0.5:6379` or `[fd00::5]:6379`; `any` when all ports are reserved',
      'localAddress?': 'local address of these connections',
      used: 'local ports that a new connection to the destination cannot have',
      range: 'local ports that may be chosen: the range without reserved and listening ones',
      usedPercent: 'used / range, percent',
      timeWait: 'connections to the destination in TIME_WAIT',
      established: 'in ESTABLISHED',
      closeWait: 'in CLOSE_WAIT',
      synSent: 'in SYN_SENT',
      cause: '`time-wait`, `leak`, `unanswered`, `closing` or `reserved`',
      firstPort: 'first port of the range',
      lastPort: 'last port of the range',
      reserved: 'ports of the range that are reserved',
      rangeKnown: '`sysctl`: read; `gapless`: concluded from ports without a gap; `host`: assumed',
      'tcpTwReuse?': 'net.ipv4.tcp_tw_reuse of the namespace; absent when not readable',
      'holder?': 'name of the process that holds most open connections to the destination',
      'holderPid?': 'its process id',
      'more?':
        'destinations that this finding stands for, because there are more than six: the other keys are about the worst of them',
      'folded?': 'these, at most 20: status, namespace, destination, usedPercent, cause',
    },
  },
  'ports.sysctl-drift': {
    says: 'A sysctl about local ports differs between host and container, or from the other hosts.',
    means:
      'Network sysctls belong to a network namespace. What is tuned on the host does not reach its containers, which begin with the defaults of the kernel; so a host can be set right and its containers not. One host that differs from its peers fails alone under a load that they all get. `warning` when the value leaves fewer ports or keeps them longer than the expected one, else `ok`.',
    known:
      'net.ipv4.tcp_tw_reuse, tcp_timestamps, ip_local_port_range, ip_local_reserved_ports and tcp_tw_reuse_delay, read inside each namespace that has sockets (root and nsenter), compared with the host. When at least three hosts of a run have namespaces of the same image (else process), or are compared themselves, the value of more than half of them is what is expected, and the odd ones are named.',
    act: 'Decide which value is right and set it where the namespace is made: `docker run --sysctl`, `sysctls:` in a compose file, `securityContext.sysctls` of a pod, /etc/sysctl.d for the host. A running container can be changed with `nsenter -t <pid> -n sysctl -w`, until it restarts; the fix `reuse-time-wait` does that for `tcp_tw_reuse` where ports run out.',
    data: {
      namespace:
        'id of the container, else a process id in the network namespace; the first of `namespaces`',
      key: 'name of the sysctl, `net.ipv4.tcp_tw_reuse`',
      value: 'its value there',
      expected: 'its value on the host, or on most peers',
      against: '`host` or `peers`',
      namespaces: 'all namespaces with this value, at most 20',
      'containerName?': 'name of the container, as docker has it',
      'peers?': 'number of namespaces compared',
      'agreeing?': 'how many of them have the expected value',
      'role?': 'what makes them peers: `host`, `image …` or `process …`',
      'more?':
        'differences that this finding stands for, because there are more than five: the other keys are about the worst of them',
      'folded?': 'these, at most 20: namespace, key, value, expected',
    },
  },
  'ports.coverage': {
    says: 'What could not be seen: namespaces that are hidden, or whose port range could not be read.',
    means:
      'A shortage of ports could be where nobody could look. What was seen is in the other findings.',
    known:
      'Sockets of all namespaces are public unless /proc is mounted with hidepid; the sysctls of a namespace other than the own one need root and nsenter (or busybox with it). Namespaces without any socket are not counted: nothing can run out there.',
    act: 'Log in as root, or set `sudo: true` for the host and allow it there.',
    data: {
      privilege: '`root`, `sudo` or `none`',
      seen: 'network namespaces whose sockets and sysctls were seen',
      total: 'network namespaces that were found',
      what: 'what could not be seen',
    },
  },
};
