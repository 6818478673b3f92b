import { formatPercent } from '../../../core/format.ts';
import { NOTHING_LEFT_PERCENT } from '../params.ts';
import type { Pressure } from './pressure.ts';
import { atStart, count, digits, fullNameOf } from './words.ts';

/** As the kernel calls it, and as programs print it. */
export const ERROR = 'EADDRNOTAVAIL ("Cannot assign requested address")';

/** `php-app (container 3f2a91bc04de) has 28,232 of 28,232 local ports towards 10.0.0.5:6379 in TIME_WAIT`. */
export function title(pressure: Pressure): string {
  return `${shortage(pressure)}: ${consequence(pressure)}`;
}

function shortage(pressure: Pressure): string {
  const { namespace, destination, held, available, range, cause, source } = pressure;
  const who = atStart(fullNameOf(namespace));
  const towards = `local ports towards ${destination.name}`;
  const size = range.last - range.first + 1;
  if (cause === 'reserved') {
    return `${who} has ${digits(held)} of only ${digits(Math.max(0, available))} ${towards} in use, because ${digits(range.reserved)} of the ${digits(size)} ports of its range are reserved`;
  }
  const state = stateWords(pressure);
  if (source === 'gapless') {
    const gap = destination.used < size ? 'nearly without a gap' : 'without a gap';
    return `${who} has ${digits(held)} of the ${count(size, 'port')} from ${range.first} to ${range.last}, ${gap}, towards ${destination.name} ${state}`;
  }
  const least = source === 'host' ? 'at least ' : '';
  const assumed = source === 'host' ? ' (range assumed from the host)' : '';
  return `${who} has ${least}${digits(held)} of ${digits(available)}${assumed} ${towards} ${state}`;
}

/** `in TIME_WAIT`, or `in use, 180 of them in TIME_WAIT`. */
function stateWords({ cause, destination, held, reuse }: Pressure): string {
  const { timeWait, young, established, closeWait, synSent, closing } = destination;
  const [owner] = destination.owners;
  const by = owner === undefined ? '' : ` by ${owner.process} (pid ${owner.pid})`;
  const [number, words] = {
    'time-wait': [reuse === 'yes' ? young : timeWait, 'in TIME_WAIT'] as const,
    leak: [established + closeWait, `held open${by}`] as const,
    unanswered: [synSent, 'waiting for an answer (SYN_SENT)'] as const,
    closing: [closing, 'half closed'] as const,
    reserved: [held, 'in use'] as const,
  }[cause];
  return number >= held ? words : `in use, ${digits(number)} of them ${words}`;
}

function consequence({ percent, sure }: Pressure): string {
  if (!sure) return `new connections may fail with ${ERROR}`;
  if (percent >= NOTHING_LEFT_PERCENT) return `new connections fail with ${ERROR}`;
  return `${formatPercent(percent)} are taken, new ones become slow and then fail with ${ERROR}`;
}
