import type { Damage } from './damage.ts';
import type { State, Store } from './state.ts';

function count(number: number, what: string): readonly string[] {
  return number === 0 ? [] : [`${number} ${what}${number === 1 ? '' : 's'}`];
}

/** `2 layers and 1 image`. */
export function things({ layers, images }: Damage): string {
  return [...count(layers.length, 'layer'), ...count(images.length, 'image')].join(' and ');
}

const COMES_BACK = new Set(['always', 'unless-stopped']);

/** Which containers stop with docker, and which come back. */
export function stoppedWords({ daemon }: State, store: Store): readonly string[] {
  if (daemon === null) return ['Docker is down now; it is started'];
  const running = store.containers.filter((one) => one.running);
  if (running.length === 0) return ['No container runs'];
  if (daemon.liveRestore) return [`${names(running)} stay running: live-restore is on`];
  const back = running.filter(({ policy }) => COMES_BACK.has(policy));
  const gone = running.filter(({ policy }) => !COMES_BACK.has(policy));
  return [
    ...(back.length === 0
      ? []
      : [`Stopped with docker, and started again by restart policy: ${names(back)}`]),
    ...(gone.length === 0
      ? []
      : [`Stopped with docker, and NOT started again (no restart policy for it): ${names(gone)}`]),
  ];
}

function names(list: readonly { readonly name: string }[]): string {
  const sorted = list.map(({ name }) => name).toSorted();
  return sorted.length > 20
    ? `${sorted.slice(0, 20).join(', ')} and ${sorted.length - 20} more`
    : sorted.join(', ');
}
