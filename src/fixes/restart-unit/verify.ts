import type { Verdict } from '../contract.ts';
import type { State } from './state.ts';

/** Is it active, and started since? */
export function verify(before: State, after: State): Verdict {
  if (before.bootId !== after.bootId) return unknown('the host itself was started again meanwhile');
  if (typeof before.target === 'string') return unknown('it was not seen before');
  if (typeof after.target === 'string')
    return unknown(`it cannot be looked at any more: ${after.target}`);
  const { name, state, main, start } = after.target;
  if (after.target.id !== before.target.id) return unknown(`${name} is another one now`);
  if (state === 'activating' || state === 'restarting')
    return unknown(`${name} is still being started`);
  if (state !== 'active') return ineffective(`${name} is ${state} now: it did not start again`);
  if (
    main !== null &&
    before.target.main?.pid === main.pid &&
    before.target.main.startTime === main.startTime
  ) {
    return ineffective(`${name} is still process ${main.pid} of before`);
  }
  const anew = start !== '' && start !== before.target.start;
  if (main === null && !anew) {
    return start === ''
      ? unknown(`${name} says that it is active, but its main process cannot be seen`)
      : ineffective(`${name} was not started again`);
  }
  return {
    outcome: 'verified',
    reason:
      main === null
        ? `${name} was started again`
        : `${name} was started again as process ${main.pid}`,
  };
}

function unknown(reason: string): Verdict {
  return { outcome: 'unknown', reason };
}

function ineffective(reason: string): Verdict {
  return { outcome: 'ineffective', reason };
}
