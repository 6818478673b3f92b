import { UnrecoverableError } from 'bullmq';
import type { JobContext, JobHandlers } from '../../ports/job-queue.ts';
import { jobFields } from './job-fields.ts';
import type { HandlerName } from './jobs.ts';

/** Which ids a job of each kind carries. */
const FIELDS = {
  'route-alert': ['delivery'],
  'diagnose-host': ['stream', 'run', 'host'],
  'finish-run': ['stream', 'run'],
  'plan-fix': ['stream', 'fix'],
  'execute-fix': ['stream', 'fix'],
  'check-fix': ['stream', 'fix'],
  'watch-fix': ['stream', 'fix'],
  'close-incident': ['stream'],
} as const satisfies Record<HandlerName, readonly string[]>;

/** Checks what came out of the queue, and hands it to its handler. */
export async function callHandler(
  handlers: JobHandlers,
  job: { readonly name: string; readonly data: unknown },
  context: JobContext,
): Promise<void> {
  const { name, data } = job;
  if (!isHandlerName(name)) throw new UnrecoverableError(`unknown job "${name}"`);
  switch (name) {
    case 'route-alert':
      return await handlers[name](jobFields(data, FIELDS[name]), context);
    case 'diagnose-host':
      return await handlers[name](jobFields(data, FIELDS[name]), context);
    case 'finish-run':
      return await handlers[name](jobFields(data, FIELDS[name]), context);
    case 'plan-fix':
    case 'execute-fix':
    case 'check-fix':
    case 'watch-fix':
      return await handlers[name](jobFields(data, FIELDS[name]), context);
    case 'close-incident':
      return await handlers[name](jobFields(data, FIELDS[name]), context);
  }
}

export function isHandlerName(name: string): name is HandlerName {
  return Object.hasOwn(FIELDS, name);
}
