import type { Evidence } from '../../../core/finding.ts';
import type { Container, Namespace } from '../reading.ts';

/** `1 port`, `28,232 ports`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${digits(number)} ${number === 1 ? one : many}`;
}

export function digits(number: number): string {
  return number.toLocaleString('en-US');
}

export function evidence(argv: readonly string[], output: string): Evidence {
  return { argv, exitCode: 0, output, truncated: false };
}

/** The container that gives a namespace its name; none for the host's, where containers are guests. */
export function containerOf(namespace: Namespace): Container | null {
  if (namespace.own) return null;
  const { containers } = namespace;
  return containers.find(({ name }) => name !== null) ?? containers[0] ?? null;
}

/** `php-app`, `container 3f2a91bc04de`, `nginx (pid 4711)`, `the host`. */
export function nameOf(namespace: Namespace): string {
  if (namespace.own) return 'the host';
  const container = containerOf(namespace);
  if (container === null) return `${namespace.process} (pid ${namespace.pid})`;
  return container.name ?? `container ${container.id.slice(0, 12)}`;
}

/** `php-app (container 3f2a91bc04de)`: the answer's first word. */
export function fullNameOf(namespace: Namespace): string {
  const container = containerOf(namespace);
  if (container === null) return nameOf(namespace);
  const short = `container ${container.id.slice(0, 12)}`;
  return container.name === null
    ? `${namespace.process} (${short})`
    : `${container.name} (${short})`;
}

/** The id of the container, else the process id: what `data.namespace` holds. */
export function idOf(namespace: Namespace): string {
  return containerOf(namespace)?.id ?? String(namespace.pid);
}

/** A name at the start of a sentence: those of processes and containers stay as they are. */
export function atStart(name: string): string {
  return name.replace(/^the /, 'The ');
}
