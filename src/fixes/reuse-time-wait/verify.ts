import type { Verdict } from '../contract.ts';
import type { State } from './state.ts';

/** Is it 1 in the same network namespace? */
export function verify(before: State, after: State): Verdict {
  if (before.bootId !== after.bootId) return unknown('the host was started again meanwhile');
  if (typeof before.target === 'string') return unknown('it was not seen before');
  if (typeof after.target === 'string') return unknown(after.target);
  const { settings, namespace, recycled } = after.target;
  if (settings === null) return unknown('its network namespace could not be entered any more');
  if (namespace !== before.target.namespace) {
    return unknown(
      `it is in another network namespace by now (restarted?), where tcp_tw_reuse is ${settings.reuse ?? 'not there'}`,
    );
  }
  if (settings.reuse !== '1') {
    return { outcome: 'ineffective', reason: `tcp_tw_reuse is ${settings.reuse ?? 'not there'}` };
  }
  const was = before.target.settings?.reuse ?? 'not known';
  const again = (recycled ?? 0) - (before.target.recycled ?? 0);
  const used =
    again > 0 ? `; ${again.toLocaleString('en-US')} ports in TIME_WAIT were used again since` : '';
  return { outcome: 'verified', reason: `tcp_tw_reuse is 1, it was ${was}${used}` };
}

function unknown(reason: string): Verdict {
  return { outcome: 'unknown', reason };
}

/** Whether a later look shows the value still set; null: it cannot be told. */
export function holds({ target }: State): boolean | null {
  if (typeof target === 'string' || target.settings === null) return null;
  return target.settings.reuse === '1';
}
