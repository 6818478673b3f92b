import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalSshd, startLocalSshd } from './sshd.ts';

/** A configuration file with hosts behind a real sshd, and some that fail in known ways. */
export interface CliSite {
  readonly directory: string;
  readonly configFile: string;
  readonly sshd: LocalSshd;
  stop(): Promise<void>;
}

/**
 * `box-1`, `box-2` answer; `gone` refuses; `stranger` has never shown its key; `imposter` shows another key
 * than the one known.
 */
export async function startCliSite(): Promise<CliSite> {
  const directory = mkdtempSync(path.join(tmpdir(), 'housecall-cli-'));
  const [sshd, other] = await Promise.all([startLocalSshd(), startLocalSshd()]);
  const configFile = path.join(directory, 'housecall.yaml');
  const knownHosts = path.join(directory, 'known_hosts');
  const wrongHosts = path.join(directory, 'wrong_hosts');
  writeFileSync(knownHosts, readFileSync(sshd.knownHostsFile));
  const otherKeys = readFileSync(other.knownHostsFile, 'utf8');
  writeFileSync(wrongHosts, otherKeys.replaceAll(String(other.port), String(sshd.port)));
  await other.stop();
  writeFileSync(
    configFile,
    `ssh: { user: ${sshd.user}, identityFile: ${sshd.identityFile}, knownHostsFile: ${knownHosts} }
hosts:
  box-[1-2]: { address: 127.0.0.1, port: ${sshd.port}, groups: [local] }
  gone: { address: 127.0.0.1, port: 1 }
  stranger: { address: localhost, port: ${sshd.port}, knownHostsFile: ${directory}/nobody }
  imposter: { address: 127.0.0.1, port: ${sshd.port}, knownHostsFile: ${wrongHosts} }
archive: { directory: ${directory}/archive }
`,
  );
  return {
    directory,
    configFile,
    sshd,
    async stop() {
      await sshd.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface SilentServer {
  readonly port: number;
  /** Connections that wait for a word. */
  waiting(): number;
  stop(): void;
}

/** Takes every connection and says nothing, as the sshd of a host that is stuck. */
export async function startSilentServer(): Promise<SilentServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('error', () => {}));
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    waiting: () => open.size,
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
