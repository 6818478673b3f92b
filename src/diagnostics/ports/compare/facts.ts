import { COMPARED, type ComparedKey, connects } from '../assess/drift.ts';
import { containerOf, idOf, nameOf } from '../assess/words.ts';
import type { Namespace, Reading } from '../reading.ts';

/** What other hosts are compared by: the sysctls of each namespace that has sockets. */
export type PortFacts = {
  readonly spaces: readonly SpaceFacts[];
};

export type SpaceFacts = {
  /** What makes namespaces of different hosts peers: `host`, `image web:1.4`, `process nginx`. */
  readonly role: string;
  readonly name: string;
  readonly namespace: string;
  readonly pid: number;
  readonly values: Readonly<Partial<Record<ComparedKey, string>>>;
};

const MOST_SPACES = 100;

export function portFacts({ namespaces }: Reading): PortFacts {
  return {
    spaces: namespaces
      .filter((one) => connects(one) && one.settings !== null)
      .slice(0, MOST_SPACES)
      .map(factsOf),
  };
}

function factsOf(namespace: Namespace): SpaceFacts {
  const values = namespace.settings?.values ?? {};
  return {
    role: roleOf(namespace),
    name: nameOf(namespace),
    namespace: idOf(namespace),
    pid: namespace.pid,
    values: Object.fromEntries(
      COMPARED.flatMap((key) => {
        const value = values[key];
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  };
}

function roleOf(namespace: Namespace): string {
  if (namespace.own) return 'host';
  const image = containerOf(namespace)?.image ?? null;
  return image === null ? `process ${namespace.process}` : `image ${image}`;
}
