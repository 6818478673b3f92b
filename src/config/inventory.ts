import { HousecallError } from '../core/errors.ts';
import { foldNames } from '../core/fleet/fold-names.ts';
import type { Host, Inventory } from '../core/fleet/host.ts';
import { expandNodeSet, MAX_NAMES } from '../core/fleet/node-set.ts';
import { ALL } from '../core/fleet/targets.ts';
import { didYouMean } from '../core/nearest.ts';
import type { ExactSettings } from './config.ts';
import type { HostEntry } from './host-schema.ts';
import { keyText } from './keys.ts';

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;
const ADDRESS = /^(?!-)[A-Za-z0-9._:%-]{1,253}$/;

type HostSettings = Pick<ExactSettings, 'ssh' | 'hosts'>;

/** Every host by name, node sets expanded, `ssh` settings merged. */
export function inventoryOf(settings: HostSettings): Inventory {
  const inventory = new Map<string, Host>();
  for (const [key, entry] of Object.entries(settings.hosts)) {
    for (const name of expandNodeSet(key)) {
      inventory.set(name, hostOf(name, entry, settings.ssh));
    }
  }
  return inventory;
}

function hostOf(
  name: string,
  entry: HostSettings['hosts'][string],
  ssh: HostSettings['ssh'],
): Host {
  const identityFile = entry.identityFile ?? ssh.identityFile;
  const passphrase = entry.passphrase ?? ssh.passphrase;
  const agent = entry.agent ?? ssh.agent;
  return Object.freeze({
    name,
    address: entry.address.replaceAll('{name}', name),
    port: entry.port,
    user: entry.user ?? ssh.user ?? '',
    groups: entry.groups,
    aliases: entry.aliases.map((alias) => alias.replaceAll('{name}', name)),
    sudo: entry.sudo,
    knownHostsFile: entry.knownHostsFile ?? ssh.knownHostsFile,
    connectTimeoutSeconds: entry.connectTimeoutSeconds ?? ssh.connectTimeoutSeconds,
    ...(entry.via === undefined ? {} : { via: entry.via }),
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(agent === undefined ? {} : { agent }),
  });
}

/** What is wrong with the hosts together: names, aliases, bastions. */
export function inventoryProblems(hosts: Readonly<Record<string, HostEntry>>): readonly string[] {
  const problems: string[] = [];
  const names = new Map<string, string>();
  const entries: { name: string; entry: HostEntry; key: string }[] = [];
  if (Object.keys(hosts).length === 0) problems.push('hosts: empty; at least one host is needed');
  for (const [hostKey, entry] of Object.entries(hosts)) {
    const key = keyText(['hosts', hostKey]);
    const expanded = namesOf(hostKey);
    if (typeof expanded === 'string') {
      problems.push(`${key}: ${expanded}`);
      continue;
    }
    if (entry.groups.includes(ALL)) {
      problems.push(`${key}.groups: "${ALL}" is taken: every host is in it`);
    }
    const twice = expanded.filter((name) => names.has(name.toLowerCase()));
    if (twice.length > 0) {
      const other = names.get(twice[0]?.toLowerCase() ?? '');
      problems.push(`${key}: ${foldNames(twice)} is already defined by ${other}`);
    }
    for (const name of expanded) names.set(name.toLowerCase(), key);
    entries.push(...expanded.map((name) => ({ name, entry, key })));
    if (entries.length > MAX_NAMES) return [...problems, `hosts: more than ${MAX_NAMES} hosts`];
  }
  return [
    ...problems,
    ...addressProblems(entries),
    ...aliasProblems(entries, names),
    ...viaProblems(entries),
  ];
}

function namesOf(key: string): readonly string[] | string {
  try {
    const names = expandNodeSet(key);
    const bad = names.find((name) => !NAME.test(name));
    if (bad === undefined) return names;
    return `"${bad}" is not a host name; allowed: letters, digits, ".", "_", "-", or a node set such as web-[1-40]`;
  } catch (error) {
    if (error instanceof HousecallError) return error.message;
    throw error;
  }
}

type Named = readonly { readonly name: string; readonly entry: HostEntry; readonly key: string }[];

function addressProblems(entries: Named): readonly string[] {
  const bad = entries.filter(
    ({ name, entry }) => !ADDRESS.test(entry.address.replaceAll('{name}', name)),
  );
  const keys = new Map(bad.map(({ key, entry }) => [key, entry.address]));
  return [...keys].map(
    ([key, address]) =>
      `${key}.address: "${address}" is not allowed; allowed: a host name or IP address; {name} stands for the name`,
  );
}

function aliasProblems(entries: Named, names: ReadonlyMap<string, string>): readonly string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const { name, entry, key } of entries) {
    for (const written of entry.aliases) {
      const alias = written.replaceAll('{name}', name);
      const folded = alias.toLowerCase();
      const owner = owners.get(folded) ?? (names.has(folded) ? alias : undefined);
      if (owner !== undefined && folded !== name.toLowerCase()) {
        problems.push(`${key}.aliases: "${alias}" of ${name} already means ${owner}`);
      }
      owners.set(folded, name);
    }
  }
  return problems.slice(0, 10);
}

function viaProblems(entries: Named): readonly string[] {
  const via = new Map(entries.map(({ name, entry }) => [name, entry.via]));
  const problems = new Set<string>();
  for (const { name, entry, key } of entries) {
    if (entry.via === undefined) continue;
    if (!via.has(entry.via)) {
      problems.add(
        `${key}.via: "${entry.via}" is not allowed; allowed: the name of another host${didYouMean(entry.via, via.keys())}`,
      );
      continue;
    }
    const seen = [name];
    let next: string | undefined = entry.via;
    while (next !== undefined && !seen.includes(next)) {
      seen.push(next);
      next = via.get(next);
    }
    if (next === name) problems.add(`${key}.via: goes in a circle: ${[...seen, name].join(' → ')}`);
  }
  return [...problems].slice(0, 10);
}
