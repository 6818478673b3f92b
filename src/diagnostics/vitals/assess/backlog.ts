import type { Finding } from '../../../core/finding.ts';
import type { Queue, Reading, Sample } from '../reading.ts';
import { ends } from './level.ts';
import { logsOf, ofOwner, ownerOf } from './owner.ts';
import { count, evidence, finding, quote, rounded } from './words.ts';

/** Connections that nobody accepts: of one socket in both samples, or overflows counted in between. */
export function backlogFindings(reading: Reading): readonly Finding[] {
  const pair = ends(reading.samples);
  if (pair === null) return [];
  const [first, last] = pair;
  const seconds = last.atSeconds - first.atSeconds;
  const full = last.queues.filter(
    (now) =>
      isFull(now, reading) &&
      first.queues.some((then) => then.inode === now.inode && isFull(then, reading)),
  );
  const told = full.map((queue) =>
    ofQueue(queue, { reading, lost: gained(pair, queue.pid), seconds }),
  );
  const spaces = [...last.spaces.keys()].filter(
    (pid) => gained(pair, pid) > 0 && !full.some((queue) => queue.pid === pid),
  );
  return [...told, ...spaces.map((pid) => ofSpace(pid, gained(pair, pid) / seconds))];
}

function gained([first, last]: readonly [Sample, Sample], pid: number): number {
  const before = first.spaces.get(pid);
  const after = last.spaces.get(pid);
  if (before === undefined || after === undefined) return 0;
  return Math.max(0, after.overflows - before.overflows);
}

/** The kernel lets in one more than the backlog. Without \`ss\` the backlog is not known: then only overflows count. */
function isFull({ inode, waiting }: Queue, { queues }: Reading): boolean {
  const limit = queues.limits.get(inode);
  return limit !== undefined && waiting >= Math.max(1, limit);
}

interface Seen {
  readonly reading: Reading;
  readonly lost: number;
  readonly seconds: number;
}

function ofQueue(queue: Queue, { reading, lost, seconds }: Seen): Finding {
  const { owners, limits, states } = reading.queues;
  const process = owners.get(queue.inode);
  const owner = ownerOf(reading.owners.get(process?.pid ?? 0));
  const who =
    process === undefined
      ? 'its process'
      : `${quote(process.name)} (pid ${process.pid})${ofOwner(owner)}`;
  const stopped =
    process === undefined ? null : stoppedWords(states.get(process.pid) ?? '', process.pid);
  const limit = limits.get(queue.inode) ?? queue.waiting;
  return finding({
    code: 'vitals.backlog',
    status: lost > 0 || stopped !== null ? 'critical' : 'warning',
    subject: queue.address,
    title: `Nobody accepts connections on ${queue.address}: ${count(queue.waiting, 'connection')} wait for ${who}${stopped === null ? '' : `, which ${stopped.how}`}, and no more fit`,
    detail: [
      `Clients connect, or time out, and get no answer: from outside it looks like a network fault. ${stopped?.help ?? 'The process is stuck, overloaded, or out of descriptors.'}`,
      `The queue holds ${limit} (listen backlog, at most net.core.somaxconn). ${lost > 0 ? `${count(lost, 'connection')} were dropped in ${rounded(seconds)} s.` : 'None was dropped while we looked.'}`,
      'A longer queue only helps against short peaks.',
    ],
    data: {
      address: queue.address,
      ...(process === undefined ? {} : { pid: process.pid, process: process.name }),
      ...owner,
      waiting: queue.waiting,
      limit,
      droppedPerSecond: rounded(lost / seconds),
    },
    evidence: [evidence(['ss', '-ltn'], `LISTEN ${queue.waiting} ${limit} ${queue.address}`)],
    next: [...logsOf(owner), { diagnostic: 'ports', params: {} }],
  });
}

/** From the states of all that share the socket (proc(5): T stopped, t held by a tracer); null: not all stand still. */
function stoppedWords(
  letters: string,
  pid: number,
): { readonly how: string; readonly help: string } | null {
  if (!/^[Tt]+$/.test(letters)) return null;
  return letters.includes('t')
    ? {
        how: 'a debugger holds (ptrace)',
        help: `End the debugger or strace: TracerPid in /proc/${pid}/status names it.`,
      }
    : {
        how: 'is stopped (SIGSTOP)',
        help: `Somebody stopped the process: kill -CONT ${pid} lets it go on.`,
      };
}

function ofSpace(pid: number, perSecond: number): Finding {
  return finding({
    code: 'vitals.backlog',
    status: 'warning',
    subject: `network namespace of pid ${pid}`,
    title: `${rounded(perSecond)} connections per second are dropped because a listening process does not accept them fast enough`,
    detail: [
      'ListenOverflows of TCP rises: the accept queue of some port is full again and again. Which one was not caught in the act.',
    ],
    data: { address: null, droppedPerSecond: rounded(perSecond), namespacePid: pid },
    evidence: [
      evidence(
        ['grep', 'TcpExt', `/proc/${pid}/net/netstat`],
        `ListenOverflows +${rounded(perSecond)}/s`,
      ),
    ],
    next: [{ diagnostic: 'ports', params: {} }],
  });
}
