import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { docker } from '../../src/diagnostics/docker/index.ts';
import { type Box, boxProblem, createBox } from '../support/box.ts';
import { FIXTURE_NONCE } from '../support/diagnostic-fixture.ts';

const problem = boxProblem();
if (problem !== null) console.warn(`what looks like a docker daemon: skipped, ${problem}`);

/** What answers on a socket as dockerd does, and what it serves. */
const IMPOSTOR = `
import socket, sys
open("/proc/self/comm", "w").write("dockerd")
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print("ready", flush=True)
while True:
    one, _ = server.accept()
    one.recv(4096)
    one.sendall(b"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n[]")
    one.close()
`;

describe.skipIf(problem !== null)('what looks like a docker daemon and is not', () => {
  let box: Box;
  let program: string;
  beforeEach(async () => {
    box = await createBox();
    program = `${box.directory}/fake/dockerd`;
    box.run(`mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /var/lib; mount -t tmpfs tmpfs /var/log
      mkdir -p /var/lib/docker/image/overlay2/layerdb/sha256 /var/lib/docker/image/overlay2/imagedb/content/sha256 /var/lib/docker/containers
      mkdir -m 755 ${box.directory}/fake; mkdir -m 1777 /run/user
      printf '%s\\n' '#!/bin/sh' 'echo ready; sleep 600; :' >${program}; chmod 755 ${program}`);
  });
  afterEach(() => box.close());

  function look(user: 'root' | 'plain') {
    const bound = docker.bind({}, FIXTURE_NONCE);
    const result = box.probe(bound.probe, { user });
    expect(result.stderr).toBe('');
    return bound.judge(result).findings.map(({ code, status }) => `${code} ${status}`);
  }

  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;

  it.each(['root', 'plain'] as const)(
    'is a process of that name that is not root’s, as %s',
    async (user) => {
      await box.start(...nobody, program, '--host=unix:///run/user/d.sock', '--data-root=/nowhere');
      expect(look(user)).toEqual(['docker.daemon-down critical']);
    },
  );

  it('is one that even answers', async () => {
    const args = ['/run/user/d.sock', '--host=unix:///run/user/d.sock'];
    await box.start(...nobody, '/usr/bin/python3', '-c', IMPOSTOR, ...args);
    expect(box.run('cat /proc/[0-9]*/comm')).toContain('dockerd\n');
    expect(look('root')).toEqual(['docker.daemon-down critical']);
  });

  it('is somebody who asks the program for its version, as this very look does', async () => {
    await box.start(program, '--version');
    expect(look('root')).toEqual(['docker.daemon-down critical']);
  });

  it('but one of root’s counts', async () => {
    await box.start(program);
    expect(look('root')).toEqual(['docker.daemon-slow warning']);
  });
});
