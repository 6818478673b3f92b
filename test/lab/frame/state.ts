import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachHost, type HostHandle, type LabHost } from '../host/host.ts';
import type { Lab } from '../host/lab.ts';

/** A lab that somebody started in the foreground, as other terminals find it. */
export interface LabState {
  readonly scenario: string;
  /** Who holds it; asked to end, it cleans up. */
  readonly pid: number;
  /** The workspace's page. */
  readonly page: string;
  readonly directory: string;
  readonly hosts: readonly HostHandle[];
}

const FILE = 'state.json';

/** It goes with the lab's folder. */
export function writeState(lab: Lab, about: { scenario: string; page: string }): void {
  const hosts = [...lab.hosts.values()].map(({ name, address, pid, enter }) => {
    return { name, address, pid, enter };
  });
  const state: LabState = { ...about, pid: process.pid, directory: lab.directory, hosts };
  writeFileSync(join(lab.directory, FILE), JSON.stringify(state), { mode: 0o600 });
}

/** Labs of this machine that are up, of one scenario or of all. */
export function runningLabs(scenario?: string): readonly LabState[] {
  return [tmpdir(), '/var/tmp']
    .flatMap((folder) => readdirSync(folder).map((entry) => join(folder, entry, FILE)))
    .filter((file) => file.includes('/housecall-lab-') && existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as LabState)
    .filter((state) => scenario === undefined || state.scenario === scenario);
}

/** The hosts of a lab that another process holds. */
export function attach(state: LabState): Pick<Lab, 'host' | 'hosts'> {
  const hosts = new Map<string, LabHost>(state.hosts.map((one) => [one.name, attachHost(one)]));
  return {
    hosts,
    host(name) {
      const found = hosts.get(name);
      if (found === undefined) throw new Error(`the lab has no host ${name}`);
      return found;
    },
  };
}
