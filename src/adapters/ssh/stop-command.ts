import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { type Mode, requestText, stopRequest } from './request.ts';
import type { Runner } from './runner.ts';

const READY_MS = 2000;
const STOP_MS = 6000;

/**
 * Kills what a reader has started, with its children: through another channel, because closing one
 * kills nothing on the host. Never throws; bounded in time.
 */
export async function stopCommand(
  connection: Connection,
  runner: Runner,
  mode: Mode,
): Promise<void> {
  const ready = await within(READY_MS, runner.ready);
  if (ready === null || ready === undefined || runner.closed()) return;
  const sessions = connection.sessions();
  const other = await within(STOP_MS, sessions.takeForStop());
  if (other === null || other === undefined) {
    // The server allows no second channel. Without its connection the reader kills a probe by itself;
    // a change is left to its time limit.
    if (mode === 'read' && sessions.running() <= 1) connection.drop('dropped to stop a command');
    return;
  }
  const request = stopRequest(ready, runner.nonce, mode);
  const closed = new Promise<void>((resolve) => {
    if (other.closed()) resolve();
    else other.channel.once('close', () => resolve());
  });
  other.channel.write(
    requestText(other.nonce, { mode: 'read', argv: request.argv, limitSeconds: 10 }),
  );
  other.channel.end(request.stdin);
  await within(STOP_MS, closed);
}

/** The value, or undefined when it takes too long or fails. */
async function within<T>(ms: number, value: Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const late = sleep(ms, undefined, { signal: controller.signal }).catch(() => undefined);
  try {
    return await Promise.race([value.catch(() => undefined), late]);
  } finally {
    controller.abort();
  }
}
