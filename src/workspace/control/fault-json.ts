import type { Fault, FaultRule } from '../faults.ts';
import type { Json } from '../json.ts';
import { WorkspaceError } from './control.ts';

/** A fault rule that came as JSON; `method` is a regular expression over the whole name. */
export function faultFrom(body: Json): FaultRule {
  const { method, count, skip } = body;
  if (typeof method !== 'string' || method === '') throw wrong('method');
  return {
    ...faultKind(body),
    method: new RegExp(`^(?:${method})$`),
    ...(typeof count === 'number' ? { count } : {}),
    ...(typeof skip === 'number' ? { skip } : {}),
  };
}

function faultKind(body: Json): Fault {
  const number = (key: string): number => {
    const value = body[key];
    if (typeof value !== 'number') throw wrong(key);
    return value;
  };
  switch (body['kind']) {
    case 'rate-limit':
      return { kind: 'rate-limit', retryAfterSeconds: number('retryAfterSeconds') };
    case 'status':
      return { kind: 'status', status: number('status') };
    case 'reset-before':
      return { kind: 'reset-before' };
    case 'reset-after':
      return { kind: 'reset-after' };
    case 'slow':
      return { kind: 'slow', ms: number('ms') };
    case 'late-history':
      return { kind: 'late-history', ms: number('ms') };
    case 'error':
      if (typeof body['error'] !== 'string') throw wrong('error');
      return { kind: 'error', error: body['error'] };
    default:
      throw wrong('kind');
  }
}

function wrong(key: string): WorkspaceError {
  return new WorkspaceError('invalid_arguments', `fault: ${key}`);
}
