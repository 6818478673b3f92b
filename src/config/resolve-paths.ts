import { homedir } from 'node:os';
import path from 'node:path';
import type { HostEntry } from './host-schema.ts';
import type { Environment } from './interpolate.ts';
import type { Settings } from './schema.ts';

interface Base {
  /** Folder of the configuration file. */
  readonly directory: string;
  readonly env: Environment;
}

/** OpenSSH's most common key, used when neither a key nor an agent is configured. */
const DEFAULT_IDENTITY = '~/.ssh/id_ed25519';

/** Makes every path of this machine absolute. */
export function resolvePaths(settings: Settings, base: Base): Settings {
  const { ssh, hosts, security, archive } = settings;
  const identityFile = ssh.identityFile ?? (ssh.agent === undefined ? DEFAULT_IDENTITY : undefined);
  return {
    ...settings,
    ssh: { ...ssh, ...loginPaths({ ...ssh, identityFile }, base) },
    hosts: Object.fromEntries(
      Object.entries(hosts).map(([name, entry]): [string, HostEntry] => [
        name,
        { ...entry, ...loginPaths(entry, base) },
      ]),
    ),
    security: { approvalKeyFile: absolute(security.approvalKeyFile, base) },
    archive: { ...archive, directory: absolute(archive.directory, base) },
  };
}

interface LoginPaths<KnownHosts> {
  identityFile?: string | undefined;
  agent?: string | undefined;
  knownHostsFile: KnownHosts;
}

function loginPaths<KnownHosts extends string | undefined>(
  { identityFile, agent, knownHostsFile }: Partial<LoginPaths<KnownHosts>>,
  base: Base,
): Partial<LoginPaths<string>> {
  return {
    ...(identityFile === undefined ? {} : { identityFile: absolute(identityFile, base) }),
    ...(agent === undefined ? {} : { agent: absolute(agent, base) }),
    ...(knownHostsFile === undefined ? {} : { knownHostsFile: absolute(knownHostsFile, base) }),
  };
}

function absolute(text: string, { directory, env }: Base): string {
  const home = env['HOME'] || homedir();
  return path.resolve(directory, text.replace(/^~(?=\/|$)/, home));
}
