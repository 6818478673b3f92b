import type { Finding } from '../../../core/finding.ts';
import { formatDuration } from '../../../core/format.ts';
import { SLOW_SECONDS, YOUNG_SECONDS } from '../params.ts';
import type { Answer, Daemon, Reading } from '../reading.ts';
import { evidence, quote } from './words.ts';

/** Of timeout(1) (also busybox) and curl: no answer in time. */
const LATE: readonly (number | null)[] = [28, 124, 137, 143];
const REFUSES = 22;

interface Verdict {
  readonly reason: string;
  readonly status: 'warning' | 'critical';
  readonly title: string;
  readonly detail: string;
}

export function daemonSlow(reading: Reading): Finding[] {
  const { daemon, socket, answers, unit } = reading;
  if (daemon === null) return [];
  const verdict = verdictOf(reading, daemon);
  if (verdict === null) return [];
  const live = answers.find(({ what }) => what === 'info')?.info['LiveRestoreEnabled'] === true;
  const stuck = ['hanging', 'blocked', 'locked', 'stopped', 'not-listening'].includes(
    verdict.reason,
  );
  const restart = live
    ? 'A restart leaves the containers running (live-restore).'
    : 'A restart of the daemon stops its containers, unless live-restore is set.';
  return [
    {
      code: 'docker.daemon-slow',
      status: verdict.status,
      subject: 'dockerd',
      title: verdict.title,
      detail: [verdict.detail, ...(stuck ? [restart] : [])].join('\n'),
      data: {
        reason: verdict.reason,
        pid: daemon.pid,
        seconds: Math.max(0, ...answers.map((answer) => answer.elapsedSeconds)),
      },
      evidence: [
        evidence(['cat', `/proc/${daemon.pid}/stat`], `state ${daemon.state}, ${threads(daemon)}`),
        ...answers.map((answer) => asked(answer, socket.path ?? '')),
      ],
      fixes:
        stuck && verdict.reason !== 'blocked' && unit.get('LoadState') === 'loaded'
          ? [{ fix: 'restart-unit', params: { unit: 'docker.service' } }]
          : [],
      next: stuck || verdict.reason === 'slow' ? [{ diagnostic: 'vitals', params: {} }] : [],
    },
  ];
}

function verdictOf(reading: Reading, daemon: Daemon): Verdict | null {
  const { answers } = reading;
  const who = `The docker daemon (process ${daemon.pid})`;
  if (daemon.state === 'T' || daemon.state === 't') {
    return {
      reason: 'stopped',
      status: 'critical',
      title: `${who} is stopped by a signal and answers nobody`,
      detail: `State ${daemon.state}: somebody sent SIGSTOP or traces it. \`kill -CONT ${daemon.pid}\` lets it go on.`,
    };
  }
  const late = answers.find(({ status }) => LATE.includes(status));
  if (late !== undefined) return lateVerdict(late, daemon, who);
  const failed = answers.find(({ status }) => status !== 0 && status !== null);
  if (failed?.status === REFUSES) {
    return {
      reason: 'error',
      status: 'critical',
      title: `${who} answers the question for ${failed.what} with an error`,
      detail: 'It runs and cannot do its work: its log says why.',
    };
  }
  if (failed !== undefined || (answers.length === 0 && reading.socket.listening === 0)) {
    return notListening(reading, daemon, who);
  }
  const slowest = answers.toSorted((a, b) => b.elapsedSeconds - a.elapsedSeconds)[0];
  if (slowest === undefined || slowest.elapsedSeconds < SLOW_SECONDS) return null;
  return {
    reason: 'slow',
    status: 'warning',
    title: `${who} took ${slowest.elapsedSeconds.toFixed(1)} s to answer the question for ${slowest.what}`,
    detail: 'A healthy one takes milliseconds. Usual causes: a slow disk, memory, many containers.',
  };
}

function lateVerdict(late: Answer, daemon: Daemon, who: string): Verdict {
  const waiting = daemon.threads.get('D') ?? 0;
  if (waiting > 0) {
    return {
      reason: 'blocked',
      status: 'critical',
      title: `${who} does not answer: ${waiting} of its threads wait for a disk (state D)`,
      detail:
        'Uninterruptible: no signal ends it, and a restart would hang as well. Look at the disk and the kernel log first.',
    };
  }
  const alive = late.what !== 'ping';
  return {
    reason: alive ? 'locked' : 'hanging',
    status: 'critical',
    title: alive
      ? `${who} answers a ping, but not the question for ${late.what} within ${late.limitSeconds} s`
      : `${who} does not answer within ${late.limitSeconds} s`,
    detail: alive
      ? 'Something inside holds a lock: often one container that cannot be stopped, or a storage driver that hangs. `kill -USR1` makes it write all its stacks to its log.'
      : 'It runs and accepts connections, and says nothing. `kill -USR1` makes it write all its stacks to its log: take them before a restart.',
  };
}

function notListening({ socket }: Reading, daemon: Daemon, who: string): Verdict {
  const age = formatDuration(daemon.ageSeconds);
  const where = socket.path === null ? 'its socket' : quote(socket.path);
  if (daemon.ageSeconds < YOUNG_SECONDS) {
    return {
      reason: 'starting',
      status: 'warning',
      title: `${who} was started ${age} ago and does not answer yet`,
      detail: 'It loads images and containers first. Look again in a minute.',
    };
  }
  return {
    reason: 'not-listening',
    status: 'critical',
    title: `${who} runs since ${age}, but nobody can reach it at ${where}`,
    detail:
      socket.file === 'missing'
        ? 'The socket file is gone: somebody removed it. Only a restart makes it anew.'
        : 'It does not accept connections there: still starting, or its socket is another one.',
  };
}

function threads(daemon: Daemon): string {
  return [...daemon.threads].map(([state, number]) => `${number} threads ${state}`).join(', ');
}

function asked(answer: Answer, socket: string) {
  const argv =
    answer.tool === 'curl'
      ? ['curl', '-m', `${answer.limitSeconds}`, '--unix-socket', socket, answer.what]
      : ['timeout', `${answer.limitSeconds}`, 'docker', '-H', `unix://${socket}`, answer.what];
  return evidence(argv, `${answer.elapsedSeconds.toFixed(2)} s`, answer.status ?? 0);
}
