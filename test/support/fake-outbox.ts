import type { ChatOperation, ChatRow, Lane } from '../../src/core/chat-operation.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { LeasedRow, MessageRef, Outbox } from '../../src/ports/outbox.ts';

interface Waiting {
  readonly id: string;
  readonly stream: string;
  readonly since: string;
  readonly operation: ChatOperation;
}

interface LaneState {
  readonly rows: Waiting[];
  dueAt: number;
  owner: string | null;
  attempts: number;
  uncertain: boolean;
}

export interface FakeOutbox extends Outbox {
  /** What a commit does. */
  append(row: ChatRow, of: { id: string; stream: string }): void;
  /** Operations waiting in a lane, head first: for assertions. */
  waiting(lane: Lane): readonly ChatOperation[];
  /** Lanes that have rows waiting. */
  lanes(): readonly Lane[];
  readonly rejected: { readonly row: LeasedRow; readonly reason: string }[];
}

/** The outbox in memory. Time comes from the clock; `wait` returns at the next append or at once. */
export function createFakeOutbox(clock: Clock): FakeOutbox {
  const lanes = new Map<Lane, LaneState>();
  const refs = new Map<string, MessageRef>();
  const rejected: FakeOutbox['rejected'] = [];
  const waiters = new Set<() => void>();
  const now = (): number => clock.now().getTime();

  const held = (row: LeasedRow, owner: string): LaneState | null => {
    const lane = lanes.get(row.lane);
    return lane?.owner === owner &&
      lane.rows[0]?.id === row.id &&
      lane.attempts === row.attempts + 1
      ? lane
      : null;
  };
  const dropHead = (name: Lane, lane: LaneState): void => {
    lane.rows.shift();
    Object.assign(lane, { dueAt: now(), owner: null, attempts: 0, uncertain: false });
    if (lane.rows.length === 0) lanes.delete(name);
    wake();
  };
  const wake = (): void => {
    for (const resolve of waiters) resolve();
  };

  return {
    rejected,
    append: ({ lane: name, operation }, { id, stream }) => {
      const lane = lanes.get(name) ?? {
        rows: [],
        dueAt: now(),
        owner: null,
        attempts: 0,
        uncertain: false,
      };
      lanes.set(name, lane);
      lane.rows.push({ id, stream, since: clock.now().toISOString(), operation });
      wake();
    },
    waiting: (name) => (lanes.get(name)?.rows ?? []).map((row) => row.operation),
    lanes: () => [...lanes.keys()],
    lease: async (owner, leaseSeconds) => {
      const due = [...lanes]
        .filter(([, lane]) => lane.dueAt <= now())
        .toSorted(([, a], [, b]) => a.dueAt - b.dueAt)[0];
      if (due === undefined) return null;
      const [name, lane] = due;
      const [head, ...later] = lane.rows;
      if (head === undefined) return null;
      const uncertain = lane.uncertain || lane.owner !== null;
      const row: LeasedRow = {
        ...structuredClone(head),
        lane: name,
        uncertain,
        attempts: lane.attempts,
        superseded: later.some((next) => replaces(next.operation, head.operation)),
      };
      Object.assign(lane, {
        dueAt: now() + leaseSeconds * 1000,
        owner,
        uncertain,
        attempts: lane.attempts + 1,
      });
      return row;
    },
    renew: async (row, owner, leaseSeconds) => {
      const lane = held(row, owner);
      if (lane === null) return false;
      lane.dueAt = now() + leaseSeconds * 1000;
      return true;
    },
    done: async (row, owner, ref) => {
      const lane = held(row, owner);
      if (lane === null) return false;
      const key = refKey(row.operation);
      if (ref !== undefined && key !== null) refs.set(`${row.lane} ${key}`, ref);
      dropHead(row.lane, lane);
      return true;
    },
    retry: async (row, owner, { afterMs, uncertain }) => {
      const lane = held(row, owner);
      if (lane !== null) Object.assign(lane, { dueAt: now() + afterMs, owner: null, uncertain });
    },
    reject: async (row, owner, reason) => {
      const lane = held(row, owner);
      if (lane === null) return;
      rejected.push({ row, reason });
      dropHead(row.lane, lane);
    },
    ref: async (lane, key) => refs.get(`${lane} ${key}`) ?? null,
    wait: async (timeoutMs, signal) => {
      if (signal?.aborted === true || [...lanes.values()].some((lane) => lane.dueAt <= now()))
        return;
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          waiters.delete(finish);
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        // Fake time does not pass by itself: a short real pause stands for "after the time".
        const timer = setTimeout(finish, Math.min(timeoutMs, 10));
        waiters.add(finish);
        signal?.addEventListener('abort', finish);
      });
    },
    depth: async () => {
      const rows = [...lanes.values()].flatMap((lane) => lane.rows);
      const oldest = Math.min(...rows.map((row) => Date.parse(row.since)), now());
      return {
        rows: rows.length,
        oldestSeconds: (now() - oldest) / 1000,
        rejected: rejected.length,
      };
    },
  };
}

/** Under which key `Outbox.ref` finds what an operation made. */
function refKey(operation: ChatOperation): string | null {
  if (operation.op === 'room.open') return 'room';
  if (operation.op === 'room.canvas') return 'canvas';
  return operation.op === 'message.post' ? operation.key : null;
}

/** A later update of the same message, or a later content of the same dialog. */
function replaces(later: ChatOperation, earlier: ChatOperation): boolean {
  if (later.op === 'form.update' || later.op === 'room.canvas') return earlier.op === later.op;
  return (
    later.op === 'message.update' && earlier.op === 'message.update' && later.key === earlier.key
  );
}
